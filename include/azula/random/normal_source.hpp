#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <utility>

#include "azula/error.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/random/normal_draw.hpp"
#include "azula/random/sample_seeds.hpp"

namespace azula {

/// Standard normal noise with the same bits on every machine, for any batch and any number of threads.
///
/// Value e of sample i in draw k is a pure function of (seed, i, k, e). It does not depend on the batch, on the number
/// of threads or machines, on the order in which values are requested, on the compiler and its flags, or on the
/// instruction set. A float is the double value, rounded.
///
///     NormalSource random(42);                  // samples 0, 1, 2, … of seed 42
///     NormalSource shard(42, 1000);             // the same from sample 1000 on: a part of a larger batch
///     NormalSource each(std::vector{7, 9, 4});  // one seed per sample: sample 1 is sample 0 of seed 9
///
/// The only thing that changes is the number of the next draw, so copying, skipping and rewinding are cheap. Each call
/// of next() or fill() is one draw. A sampler makes one draw per stage that needs noise, and one for the initial state.
///
/// The values are the random words of Philox 4x32-10 at the counter that NoiseAddress describes, turned into normal
/// values by NormalTransform. docs/random.md defines them for other implementations.
class NormalSource {
 public:
  /// Uses one seed for all samples, which are numbered from `first` on.
  /// \param seed   any value; consecutive seeds are as independent as any others
  /// \param first  number of the first sample: the position of this batch in a larger one
  /// \throws std::invalid_argument if first is negative or at least 2^48.
  explicit NormalSource(std::uint64_t seed, std::int64_t first = 0) : seeds_("NormalSource", seed, first) {}

  /// Uses one seed per sample, from any range of integers. A sample then depends on its seed alone. For a part of a
  /// larger batch, pass the corresponding part of the list.
  template <SeedRange Seeds>
  explicit NormalSource(const Seeds& seeds) : seeds_("NormalSource", seeds) {}

  /// Returns the next draw. Its fill(out, offset) writes any part of the values.
  /// \throws std::invalid_argument if there is a seed per sample and the batch has another length, or if
  /// the batch exceeds the limits of NoiseAddress.
  NormalDraw next(const Draw& draw) {
    seeds_.check(draw.shape);
    const std::uint64_t number = draw_;
    skip(1);
    return NormalDraw(draw.shape, seeds_, number);
  }

  /// Writes one whole draw, as a single sample.
  template <class Out>
  void fill(Out&& out) {
    next(Draw{{1, out.size()}}).fill(out, 0);
  }

  std::uint64_t draw() const { return draw_; }           ///< number of the next draw, from 0
  std::int64_t first() const { return seeds_.first(); }  ///< number of the first sample

  /// Makes `draw` the next one.
  /// \throws std::invalid_argument if it is not below 2^46.
  void rewind(std::uint64_t draw = 0) {
    require(draw < NoiseAddress::max_draws, "NormalSource", "draws must be numbered below 2^46",
            static_cast<double>(draw));
    draw_ = draw;
  }

  /// Skips the next n draws. \throws std::invalid_argument as rewind() does.
  void skip(std::uint64_t n) { rewind(n < NoiseAddress::max_draws ? draw_ + n : n); }

  /// Writes the seeds and the number of the next draw to a ByteWriter, see save() of saved_run.hpp.
  template <class Bytes>
  void save(Bytes& out) const {
    out.text("NormalSource");
    seeds_.save(out);
    out.number(draw_);
  }

  /// Restores the seeds and the number of the next draw from a ByteReader.
  /// \throws std::invalid_argument if the bytes belong to another kind of source; this one is unchanged then.
  template <class Bytes>
  void restore(Bytes& in) {
    in.expect("NormalSource", "the source of noise must be of the kind that was saved");
    SampleSeeds seeds = seeds_.restored(in);
    const std::uint64_t draw = in.number("the number of the next draw");
    in.end("the source of noise");
    rewind(draw);
    seeds_ = std::move(seeds);
  }

 private:
  SampleSeeds seeds_;
  std::uint64_t draw_ = 0;
};

}  // namespace azula
