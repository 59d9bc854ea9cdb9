#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/fingerprint.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample/byte_reader.hpp"
#include "azula/sample/byte_writer.hpp"
#include "azula/sample/run.hpp"
#include "azula/sample/run_parts.hpp"
#include "azula/state.hpp"

namespace azula {

/// The name of a scalar type in saved bytes.
template <class T>
constexpr std::string_view scalar_name() {
  if constexpr (std::is_same_v<T, Eigen::half>) return "half";
  if constexpr (std::is_same_v<T, Eigen::bfloat16>) return "bfloat16";
  if constexpr (std::is_same_v<T, float>) return "float";
  if constexpr (std::is_same_v<T, double>) return "double";
  return "";
}

/// Reads and writes the format of a saved run.
///
/// It consists of integers of 64 bits ("number"), texts (their length, then their bytes), and values with all their
/// bits. Everything is stored least significant byte first.
///
///     azulaRun   eight bytes
///     number     1, the version of the format
///     number     the total number of bytes, first to last
///     text       the method, as messages name it
///     number     how many stages the sampler has
///     number     the Fingerprint of the stages
///     number     how many stages are done
///     text       the scalar of the state: half, bfloat16, float or double
///     text       the scalar of the predictions
///     number     how many samples
///     number     how many values per sample
///     number     how many remembered predictions
///     text       the source of noise in its own format (NormalSource::save()); empty without one
///     values     the state, sample by sample
///     values     the predictions, oldest first, each sample by sample
///     number     the Fingerprint of all bytes before it
///
/// Nothing that is read is trusted: each number is compared with what the program's own sampler and state require,
/// before any value is copied.
template <class R>
class SavedBytes {
  using Plain = std::remove_const_t<R>;
  using S = std::remove_cvref_t<decltype(std::declval<const Plain&>().state())>;
  using Mean = typename Plain::Mean;
  static_assert(HostState<S>,
                "azula::save: the values of this state are not in memory of the host; only a state whose StateTraits "
                "have data() can be saved");
  static constexpr std::string_view state_scalar = scalar_name<scalar_t<S>>();
  static constexpr std::string_view mean_scalar = scalar_name<scalar_t<Mean>>();
  static_assert(!state_scalar.empty() && !mean_scalar.empty(),
                "azula::save: states of half, bfloat16, float or double can be saved");
  static constexpr const char* where = "resume";
  static constexpr std::string_view magic = "azulaRun";
  static constexpr std::uint64_t version = 1;
  static constexpr std::size_t number_size = 8, size_at = magic.size() + number_size, header = size_at + number_size;

 public:
  explicit SavedBytes(R& run) : run_(run), stages_(RunParts::plan(run).stages) {}

  /// The bytes of the run.
  /// \param source  what the random source has written
  std::string written(std::string_view source) const {
    if (run_.failed()) {
      reject("save", "the run must not have been ended by an error", "one in step " + std::to_string(run_.step()));
    }
    const S& state = run_.state();
    const SampleShape shape = sample_shape(state);
    const std::size_t done = RunParts::stage(run_), held = remembered(done);
    ByteWriter out;
    out.raw(magic).number(version).number(0).text(RunParts::plan(run_).method).number(stages_.size());
    out.number(fingerprint(stages_)).number(done).text(state_scalar).text(mean_scalar);
    out.number(static_cast<std::uint64_t>(shape.samples)).number(static_cast<std::uint64_t>(shape.size));
    out.number(held).text(source).values(host_data(state), count());
    for (std::size_t j = held; j-- > 0;) out.values(host_data(RunParts::ring(run_).before(j)), count());
    out.replace(size_at, out.bytes().size() + number_size);
    out.number(Fingerprint().add(out.bytes()).value());
    return std::move(out).bytes();
  }

  /// Turns a run that has just been started into the saved one.
  /// \param restore  called with the bytes of the random source; may throw
  template <class Restore>
  void read(std::string_view bytes, const Restore& restore) const {
    ByteReader in = opened(bytes);
    const std::size_t done = checked(in), held = remembered(done);
    const std::string_view source = in.text("the source of noise");
    const std::string_view state = in.raw(count() * sizeof(scalar_t<S>), "the state");
    ByteReader means(in.raw(held * mean_size(), "the predictions"), where);
    in.end("the predictions");
    restore(source);
    ByteReader(state, where).values(host_data(RunParts::state(run_)), count(), "the state");
    auto& ring = RunParts::ring(run_);
    for (std::size_t j = 0; j < held; ++j) {
      means.values(host_data(ring.mean()), count(), "a prediction");
      ring.advance(0);
    }
    for (std::size_t k = 0; k < done; ++k) RunParts::evaluations(run_) += stages_[k].evaluates;
    RunParts::stage(run_) = done;
  }

 private:
  std::size_t count() const { return static_cast<std::size_t>(value_count(run_.state())); }
  std::size_t mean_size() const { return count() * sizeof(scalar_t<Mean>); }

  /// How many predictions that can still be used a run holds after `done` stages.
  std::size_t remembered(std::size_t done) const {
    const std::ptrdiff_t most = static_cast<std::ptrdiff_t>(RunParts::plan(run_).ring) - 1;
    std::ptrdiff_t held = 0;
    for (std::size_t k = 0; k < done; ++k) {
      if (stages_[k].evaluates) held = std::clamp<std::ptrdiff_t>(held + 1 - stages_[k].drop, 0, most);
    }
    return static_cast<std::size_t>(held);
  }

  /// Checks that the bytes are complete, unaltered and of this version; returns a reader of what follows the header.
  static ByteReader opened(std::string_view bytes) {
    if (!bytes.starts_with(magic)) {
      reject(where, join({"the bytes must be those of a saved run, which begin with ", magic}),
             bytes.empty() ? "none" : "others");
    }
    ByteReader in(bytes, where);
    in.raw(magic.size(), "their beginning");
    in.expect(version, "the version of the bytes must be the one that this azula reads");
    const std::uint64_t size = in.number("their size");
    if (size != bytes.size() || size < header + number_size) {
      reject(where, join({"there must be as many bytes as they say, ", std::to_string(size)}),
             std::to_string(bytes.size()));
    }
    const std::string_view all = bytes.substr(0, bytes.size() - number_size);
    if (ByteReader(bytes.substr(all.size()), where).number("the checksum") != Fingerprint().add(all).value()) {
      reject(where, "the bytes must have the checksum that they were saved with", "another: they have been altered");
    }
    ByteReader rest(all, where);
    rest.raw(header, "the header");
    return rest;
  }

  /// Compares everything up to the random source with the program's run; returns how many stages are done.
  std::size_t checked(ByteReader& in) const {
    const SampleShape shape = sample_shape(run_.state());
    in.expect(RunParts::plan(run_).method, "the method of the sampler must be the saved one");
    in.expect(std::uint64_t{stages_.size()}, "the sampler must have as many stages as the saved one");
    in.expect(fingerprint(stages_),
              "the times and coefficients of the sampler must be the saved ones, with the fingerprint");
    const std::uint64_t done = in.number("the number of stages that are done");
    if (done > stages_.size()) {
      reject(where, join({"at most ", std::to_string(stages_.size()), " stages can be done"}), std::to_string(done));
    }
    in.expect(state_scalar, "the scalar of the state must be the saved one");
    in.expect(mean_scalar, "the scalar of the predictions must be the saved one");
    in.expect(static_cast<std::uint64_t>(shape.samples), "there must be as many samples as in the saved state");
    in.expect(static_cast<std::uint64_t>(shape.size), "a sample must have as many values as in the saved state");
    const std::size_t held = remembered(static_cast<std::size_t>(done));
    in.expect(std::uint64_t{held}, "as many predictions must be remembered as were saved");
    return static_cast<std::size_t>(done);
  }

  R& run_;
  const std::vector<Stage>& stages_;
};

}  // namespace azula
