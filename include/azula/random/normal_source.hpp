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

/// Standard normal noise that never changes: value e of sample i in draw k is a pure function of
/// (seed, i, k, e). It does not depend on the batch, on the number of threads or machines, on the order
/// in which values are asked for, nor on the compiler, its flags and the instruction set, to the last bit;
/// a float is the rounded double.
///
///     NormalSource random(42);                  // samples 0, 1, 2, … of seed 42
///     NormalSource shard(42, 1000);             // the same from sample 1000 on: a part of a larger batch
///     NormalSource each(std::vector{7, 9, 4});  // one seed per sample: sample 1 is sample 0 of seed 9
///
/// It holds the number of the next draw and nothing else that changes: copying, skipping and rewinding are
/// free. Each call of next() or fill() is one draw; the samplers make one per stage that needs noise, and
/// one for the initial state.
///
/// Philox 4x32-10 with the counter of NoiseAddress, then NormalTransform.
class NormalSource {
 public:
  /// \param seed   any value; neighbours are as good as any others
  /// \param first  number of the first sample: where this batch lies in a larger one
  /// \throws std::invalid_argument if first is negative or at least 2^48.
  explicit NormalSource(std::uint64_t seed, std::int64_t first = 0) : seeds_("NormalSource", seed, first) {}

  /// One seed per sample, from any range of integers. A sample then depends on its seed alone; a shard of a
  /// larger batch is given its part of the list.
  template <SeedRange Seeds>
  explicit NormalSource(const Seeds& seeds) : seeds_("NormalSource", seeds) {}

  /// Opens the next draw, whose fill(out, offset) writes any part of it.
  /// \throws std::invalid_argument if there is a seed per sample and the batch has another length, or if
  /// the batch is beyond what an address can tell apart.
  NormalDraw next(const Draw& draw) {
    seeds_.check(draw.shape);
    const std::uint64_t number = draw_;
    skip(1);
    return NormalDraw(draw.shape, seeds_, number);
  }

  /// One whole draw, as a single sample.
  template <class Out>
  void fill(Out&& out) {
    next(Draw{{1, out.size()}}).fill(out, 0);
  }

  std::uint64_t draw() const { return draw_; }           ///< number of the next draw, from 0
  std::int64_t first() const { return seeds_.first(); }  ///< number of the first sample

  /// Makes `draw` the next one.
  void rewind(std::uint64_t draw = 0) {
    require(draw < NoiseAddress::max_draws, "NormalSource", "draws must be numbered below 2^46",
            static_cast<double>(draw));
    draw_ = draw;
  }

  /// Leaves out the next n draws.
  void skip(std::uint64_t n) { rewind(n < NoiseAddress::max_draws ? draw_ + n : n); }

  /// Puts its seeds and its place into a ByteWriter, and takes them from a ByteReader: see save() of saved_run.hpp.
  template <class Bytes>
  void save(Bytes& out) const {
    out.text("NormalSource");
    seeds_.save(out);
    out.number(draw_);
  }

  /// Becomes what was saved. \throws std::invalid_argument if the bytes are of another source; nothing has changed then.
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
