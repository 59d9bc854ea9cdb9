#pragma once
/// \file

namespace azula {

/// What a run needs to know of a tensor: specialise this for a type of your own, and samplers, runs, observers and
/// every method take it as a state. Eigen's types are specialised in eigen_state.hpp.
///
///     using Scalar = float;                                    what noise is drawn in, and coefficients must fit
///     using Plain = Tensor;                                    which type owns predictions: itself, unless it is a view
///     static SampleShape shape(const Tensor& x);               samples, and values per sample
///     static void resize_like(Plain& out, const Tensor& x);    memory of the same shape, with any values
///
/// and then, where the values are floats or doubles in memory of the host, one after another and sample by sample,
///
///     static auto* data(auto& x);                              where they begin; const if x is
///
/// which is all: the update, noise and everything that calculates with samples(x) are the library's. Anywhere else (on
/// a device, say) two functions take its place:
///
///     static bool update(const Stage& stage, Tensor& x, Plain& mean, std::span<const Plain* const> before);
///
/// is a stage without its noise: p = u x + v m in the place of the mean, x <- a x + b m + Σ h_j p_j, with p_j in
/// *before[j], of which there are stage.older; see Stage. If the stage does not evaluate, the mean is not to be looked
/// at. It returns false once it is known that this or an earlier mean was not finite: at once, every few calls, or never.
/// Guidance and the denoisers around networks, which combine states, use it, too.
///
///     static void write(Plain& x, const Scalar* values);       copies all values from memory of the host
///
/// More are used where they are there:
///
///     static void add_noise(Tensor& x, double c, const NormalDraw& draw);
///
/// is x <- x + c ε with values that a device makes from the addresses of a draw, see NormalDraw; likewise for a
/// BrownianDraw or a part of a draw. For kinds that are left out, noise is made on the host and written.
///
///     using Memory = Resources;
///     static bool finite(Memory& memory);
///
/// The first is what a run keeps besides, made from a state: a flag on the device, a stream. A reference to it is then
/// the last argument of update and add_noise. The second says whether all means were finite. It is asked once, after
/// the last stage, and may wait for the device, so that update need not.
///
///     static void add_whole(Tensor& x, double c, Source& source, Memory& memory);
///
/// is x <- x + c ε with the next values of a source that fills whole draws, for the kinds of source that it takes.
///
/// With a Memory there may be a second update, which adds the noise in the same pass. It is used in place of both for
/// draws that it takes:
///
///     static bool update(const Stage& stage, Tensor& x, Plain& mean, std::span<const Plain* const> before,
///                        const NormalDraw& draw, Memory& memory);
///
/// Where the type of the values is known when the program runs only, Scalar is the widest, write takes pointers to each,
/// and
///
///     static auto with_scalar(const Tensor& x, const F& f);
///
/// calls f with a value of the type that x has. A random source must then do for each.
///
/// A copy of a state must be one of its values: a run that is copied goes its own way. A run copies the state that it
/// is given, or moves it in, and copies nothing after that; predictions are made by resize_like. A view of foreign
/// memory, advanced in place, says `static constexpr bool view = true`.
///
/// A whole example, whose type is accepted everywhere (examples/own_state.cpp):
///
///     struct Images {
///       std::size_t count, pixels;
///       std::vector<float> values;
///     };
///
///     template <>
///     struct azula::StateTraits<Images> {
///       using Scalar = float;
///       using Plain = Images;
///       static SampleShape shape(const Images& x) { return {std::ptrdiff_t(x.count), std::ptrdiff_t(x.pixels)}; }
///       static void resize_like(Images& out, const Images& x) {
///         out.count = x.count, out.pixels = x.pixels;
///         out.values.resize(x.values.size());
///       }
///       static auto* data(auto& x) { return x.values.data(); }
///     };
///
/// and what the last line is where the host cannot read the values (here they are, so that it can be tried):
///
///       static bool update(const Stage& s, Images& x, Images& m, std::span<const Images* const> before) {
///         for (std::size_t i = 0; i < x.values.size(); ++i) {
///           const float at = x.values[i], mean = s.evaluates ? m.values[i] : 0;
///           float next = float(s.a) * at + float(s.b) * mean;
///           for (std::size_t j = 0; j < before.size(); ++j) next += float(s.h[j]) * before[j]->values[i];
///           x.values[i] = next;
///           m.values[i] = float(s.u) * at + float(s.v) * mean;
///         }
///         return true;
///       }
///       static void write(Images& x, const float* values) { std::copy_n(values, x.values.size(), x.values.data()); }
template <class X>
struct StateTraits;

}  // namespace azula
