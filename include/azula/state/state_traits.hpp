#pragma once
/// \file

namespace azula {

/// Describes a tensor type to the library; specialise it to use a type of your own as a state.
///
/// Samplers, runs, observers and all methods then accept the type. Eigen's types are specialised in eigen_state.hpp.
///
/// **Always needed:**
///
///     using Scalar = float;                                    the type of a value
///     using Plain = Tensor;                                    the type that owns predictions
///     static SampleShape shape(const Tensor& x);               number of samples, and values per sample
///     static void resize_like(Plain& out, const Tensor& x);    gives out the shape of x, with any values
///
/// Noise is drawn in Scalar, and the coefficients of the method must fit into it. Plain is the type itself unless that
/// is a view.
///
/// **Values in host memory:** if they are floats or doubles, one after another and sample by sample, one more function
/// is enough. The library then does the update, the noise and everything that calculates with samples(x).
///
///     static auto* data(auto& x);                              the first value; const if x is const
///
/// **Values elsewhere,** in the memory of a GPU for example: two functions take the place of data().
///
///     static bool update(const Stage& stage, Tensor& x, Plain& mean, std::span<const Plain* const> before);
///     static void write(Plain& x, const Scalar* values);       copies all values from host memory
///
/// update() carries out a stage without its noise c ε, with the symbols of Stage:
///
///     p <- u x + v m,    x <- a x + b m + Σ_j h_j p_j
///
/// The new x takes the place of x, and the prediction p, which is made of the old x, takes the place of the mean. p_j
/// is `*before[j]`; there are stage.older of them. If the stage does not evaluate, update() must not read the mean. It
/// returns false once it knows that this mean or an earlier one was not finite: at once, every few calls, or never.
/// Guidance and the denoisers around networks combine states by it, too.
///
/// **Optional,** used where they exist:
///
///     static void add_noise(Tensor& x, double c, const NormalDraw& draw);
///
/// add_noise() adds noise, x <- x + c ε, which the device generates from the addresses of a draw, see NormalDraw. There
/// may be overloads for a BrownianDraw and for a part of a draw. For kinds without an overload noise is made on the
/// host and copied by write().
///
///     using Memory = Resources;
///     static bool finite(Memory& memory);
///
/// Memory is what a run keeps besides its state, such as a flag on the device or a stream. It is constructed from a
/// state, and a reference to it becomes the last argument of update() and add_noise(). finite() says whether all means
/// were finite. It is called once, after the last stage, and may wait for the device, so that update() need not.
///
///     static void add_whole(Tensor& x, double c, Source& source, Memory& memory);
///
/// add_whole() adds the next values of a random source that fills whole draws, x <- x + c ε. It is used for the kinds
/// of source that it takes.
///
///     static bool update(const Stage& stage, Tensor& x, Plain& mean, std::span<const Plain* const> before,
///                        const NormalDraw& draw, Memory& memory);
///
/// This update() adds the noise in the same pass. For draws that it takes, it replaces the other update() and
/// add_noise(). It needs a Memory.
///
///     static auto with_scalar(const Tensor& x, const F& f);
///
/// with_scalar() calls f with a value of the type that the values of x have. It is for types that know this only at run
/// time: Scalar is then the widest type, write() takes pointers to each of them, and a random source must work for
/// each.
///
/// **Copies and views:** a copy of a state must copy its values, as a run that is copied goes its own way. A run copies
/// the state that it is given, or moves it in, and makes no copy after that; resize_like() makes the predictions. A
/// view of foreign memory that is to be advanced in place has `static constexpr bool view = true`.
///
/// A complete example; the type is accepted everywhere (examples/own_state.cpp):
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
/// If the host could not read the values, these functions would replace data() (here it can, so that you can try them):
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
