#pragma once
/// \file
/// Saving a run as bytes and resuming it: for long runs that may be interrupted, and for runs that move to another
/// process or machine.

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "azula/sample/byte_reader.hpp"
#include "azula/sample/byte_writer.hpp"
#include "azula/sample/saved_bytes.hpp"
#include "azula/state.hpp"

namespace azula {

/// A random source that can be saved together with a run, as NormalSource and BrownianSource can.
///
/// save() writes a text that names the kind of source, its seeds and its position into a ByteWriter. restore() reads
/// them from a ByteReader; if they do not fit, it throws and leaves the source unchanged.
template <class R>
concept SavedSource = requires(const R& source, R& again, ByteWriter& out, ByteReader& in) {
  source.save(out);
  again.restore(in);
};

/// Saves a run, and the source of its noise, as bytes from which resume() continues with the same bits.
///
///     std::string bytes = azula::save(run, random);    // between two calls of advance(); save(run) without noise
///
///     // later, in another process, after the sampler has been built as before:
///     Eigen::ArrayXXf x(784, 64);
///     azula::NormalSource random(0);                   // any seed; resume() overwrites it
///     auto run = azula::resume(sampler, x, bytes, random);
///
/// The bytes contain the state, the remembered predictions, the position in the run, and the seeds and the position of
/// the random source. They do not contain the mean, which is evaluated again, nor the coefficients, which belong to the
/// sampler; of those they hold a fingerprint. SavedBytes describes the format.
///
/// \param random  a NormalSource, a BrownianSource, or a source of your own with save() and restore(); of a ShardSource
/// save the source that it refers to. Omit it for a method that draws no noise.
/// \throws std::invalid_argument if an error has ended the run.
template <class R, class... Source>
std::string save(const R& run, const Source&... random) {
  static_assert(sizeof...(Source) <= 1, "azula::save: takes a run and at most one source of noise");
  static_assert((SavedSource<Source> && ...),
                "azula::save: this source of noise cannot be saved; NormalSource and BrownianSource can, a standard "
                "engine cannot, see SavedSource in sample/saved_run.hpp");
  ByteWriter source;
  (random.save(source), ...);
  return SavedBytes<const R>(run).written(source.bytes());
}

/// Continues a run from the bytes that save() has made, ready for the next advance(). See save() for an example.
///
/// The program builds the sampler exactly as it did before. The bytes contain only a fingerprint of the coefficients.
/// So a run is never continued with different coefficients, and manipulated bytes cannot bring coefficients of their
/// own. If the mathematical functions of another machine round differently, its sampler may differ in the last bits and
/// be refused. To avoid this, store `sampler.stages()` as a table and run it by Tabulated, which is the same
/// everywhere.
/// \param x  what start() would get: a state of the saved shape; its values are ignored. A Map is resumed in the memory
/// that it shows.
/// \param random  is set to its saved seeds and position; of a BrownianSource, the clock and the options must already
/// be the saved ones
/// \throws std::invalid_argument that names what is wrong: the bytes are truncated, altered or not made by save(), or
/// the sampler, the scalar, the shape or the kind of source differs from the saved one. The source and the memory of a
/// Map are then unchanged.
template <class Sampler, State X, class... Source>
auto resume(const Sampler& sampler, X&& x, std::string_view bytes, Source&... random) {
  static_assert(sizeof...(Source) <= 1, "azula::resume: takes at most one source of noise");
  static_assert((SavedSource<Source> && ...),
                "azula::resume: this source of noise cannot be restored; NormalSource and BrownianSource can, a standard "
                "engine cannot, see SavedSource in sample/saved_run.hpp");
  auto run = sampler.start(std::forward<X>(x));
  SavedBytes<decltype(run)>(run).read(bytes, [&](std::string_view saved) {
    if ((saved.size() > 0) != (sizeof...(Source) > 0)) {
      reject("resume", "a source of noise must be passed if, and only if, one was saved",
             saved.empty() ? "one where none was saved" : "none where one was saved");
    }
    ByteReader in(saved, "resume");
    (random.restore(in), ...);
  });
  return run;
}

}  // namespace azula
