#pragma once
/// \file
/// A run as bytes, and back: for long runs that may be interrupted, and for those that move to another process or
/// machine.

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

/// A source of noise that can be saved with a run: save() puts a text that names its kind, its seeds and its place into
/// a ByteWriter, and restore() takes them from a ByteReader, or throws and changes nothing.
template <class R>
concept SavedSource = requires(const R& source, R& again, ByteWriter& out, ByteReader& in) {
  source.save(out);
  again.restore(in);
};

/// A run as bytes, from which resume() makes a run that goes on with the same bits.
///
///     std::string bytes = azula::save(run, random);    // between two calls of advance()
///
///     // later, in another process, after the sampler has been built as before:
///     Eigen::ArrayXXf x(784, 64);
///     azula::NormalSource random(0);                   // of any seed
///     auto run = azula::resume(sampler, x, bytes, random);
///
/// They hold the state, the remembered predictions, where the run is, and the seeds and the place of the source of
/// noise, which is left out for a method that draws none. Not the mean, which is asked for anew, and not the
/// coefficients: these are the sampler's, of which they hold a fingerprint. SavedBytes describes the format. The source
/// is a NormalSource, a BrownianSource or one of your own with save() and restore(); of a ShardSource save the source
/// that it shares.
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

/// The run that save() has made bytes of, ready for the next advance(). The program builds the sampler as it did before.
/// Nothing of a plan is stored but its fingerprint, so that no run is continued with other coefficients and no bytes can
/// bring some of their own. Where another machine's mathematical functions round otherwise, a sampler there may differ in
/// its last bits and be refused: a table of `sampler.stages()`, run by Tabulated, is the same everywhere.
/// \param x  what start() would be given: a state of the saved shape, whose values do not count; a Map is resumed in the
/// memory that it shows
/// \param random  becomes what it was, its seed too; only a BrownianSource's clock and options must be the saved ones
/// \throws std::invalid_argument that names what is wrong: bytes that are cut short, altered or none of save()'s, or a
/// sampler, a scalar, a shape or a kind of source that is not the saved one. The source and the memory of a Map are then
/// what they were.
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
