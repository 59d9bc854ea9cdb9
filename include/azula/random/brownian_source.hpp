#pragma once
/// \file

#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/random/brownian_draw.hpp"
#include "azula/random/brownian_tree.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/random/sample_seeds.hpp"

namespace azula {

/// Options of a BrownianSource: the times that its path covers, and their resolution.
struct BrownianOptions {
  double start = 1.0;      ///< the path is defined for times between start and stop; finite
  double stop = 0.0;       ///< finite; may be less or greater than start
  int depth = 24;          ///< 1 to 40: the path has a resolution of 2^-depth of the clock's range
  std::int64_t first = 0;  ///< number of the first sample; used with a single seed only
};

/// Noise from a fixed Brownian path, for stochastic methods whose samples should converge as the number of steps grows.
///
/// With independent draws (NormalSource), another number of steps gives another sample, and only the distribution
/// converges. Here every element of each sample has one Brownian path W, and a draw is a normalised increment of it:
///
///     the draw from time t to s is (W(u_t) - W(u_s))/√|u_t - u_s|,    u = clock(time)
///
/// Each draw is standard normal. Draws of steps that do not overlap are independent. Before the normalisation, the
/// increments over the parts of a step add up to the increment over the whole step. The path is a pure function of
/// (seed, sample, element): a source gives the same path whatever the steps, their order and their number.
///
///     BrownianSource path(42, log_rho_clock(schedule), {.start = 0.99, .stop = 0.01});
///
/// A draw with from == to belongs to no step (the initial state, a corrector). It is independent of the path and of all
/// other such draws; these are numbered in the order of the calls, as in NormalSource.
///
/// Only the number of the next such draw is stored. An increment is computed from at most 2 depth + 1 normal values per
/// element, about 40 at the default depth, and costs that many times a NormalSource draw. Times are rounded to the
/// nearest point of the tree. The direction of time does not matter: a Brownian path read backwards is a Brownian path.
/// Bits are as portable as the bits of NormalSource, provided that the clock returns the same bits everywhere.
///
/// Li et al., Scalable Gradients for Stochastic Differential Equations, 2020
/// (https://arxiv.org/abs/2001.01328), section 4, as a sum over the tree instead of a descent through it.
template <class Clock>
class BrownianSource {
 public:
  /// Uses one seed for all samples, which are numbered from options.first on.
  /// \param clock  double -> double, monotone between start and stop: a lambda, or a clock of clock.hpp
  /// \throws std::invalid_argument if an option is out of range or the clock is not finite at both ends.
  BrownianSource(std::uint64_t seed, Clock clock, const BrownianOptions& options = {})
      : BrownianSource(SampleSeeds("BrownianSource", seed, options.first), std::move(clock), options) {}

  /// Uses one seed per sample, from any range of integers.
  template <SeedRange Seeds>
  BrownianSource(const Seeds& seeds, Clock clock, const BrownianOptions& options = {})
      : BrownianSource(SampleSeeds("BrownianSource", seeds), std::move(clock), options) {}

  /// Returns the draw for a step. Its fill(out, offset) writes any part of the values.
  /// \throws std::invalid_argument if a time is outside the path, if the step is too short for the depth, or if the
  /// batch does not fit the seeds.
  BrownianDraw next(const Draw& draw) {
    seeds_.check(draw.shape);
    if (draw.from == draw.to) {
      return BrownianDraw(draw.shape, seeds_, {.terms = {BrownianTree::Term{aside_++, 1.0}}, .count = 1, .scale = 1}, NoiseKind::aside);
    }
    const std::int64_t from = point(draw.from), to = point(draw.to);
    if (from == to) {
      reject("BrownianSource",
             "a step must be longer than 2^-" + std::to_string(options_.depth) + " of the clock's range",
             "from time " + show(draw.from) + " to " + show(draw.to));
    }
    return BrownianDraw(draw.shape, seeds_, tree_.increment(to, from), NoiseKind::path);
  }

  /// Restarts the numbering of the draws that belong to no step.
  void rewind() { aside_ = 0; }

  /// Writes the seeds, the position, the options and the range of the clock to a ByteWriter, see save() of
  /// saved_run.hpp. The clock itself is not saved: the program that restores has to construct the source with the same
  /// clock and options.
  template <class Bytes>
  void save(Bytes& out) const {
    out.text("BrownianSource").real(options_.start).real(options_.stop);
    out.number(static_cast<std::uint64_t>(options_.depth)).real(low_).real(high_);
    seeds_.save(out);
    out.number(aside_);
  }

  /// Restores the seeds and the position from a ByteReader. \throws std::invalid_argument if the bytes belong to
  /// another kind of source, or to other options or another clock; the source is unchanged then.
  template <class Bytes>
  void restore(Bytes& in) {
    in.expect("BrownianSource", "the source of noise must be of the kind that was saved");
    in.expect(options_.start, "the start of the path must be the one that was saved");
    in.expect(options_.stop, "the stop of the path must be the one that was saved");
    in.expect(static_cast<std::uint64_t>(options_.depth), "the depth of the path must be the one that was saved");
    in.expect(low_, "the path's clock must begin where the saved one does");
    in.expect(high_, "the path's clock must end where the saved one does");
    SampleSeeds seeds = seeds_.restored(in);
    const std::uint64_t aside = in.number("the number of draws");
    in.end("the source of noise");
    require(aside < NoiseAddress::max_draws, "BrownianSource", "draws must be numbered below 2^46",
            static_cast<double>(aside));
    seeds_ = std::move(seeds);
    aside_ = aside;
  }

 private:
  BrownianSource(SampleSeeds seeds, Clock clock, const BrownianOptions& options)
      : seeds_(std::move(seeds)), clock_(std::move(clock)), options_(checked(options)), tree_(options.depth) {
    low_ = end(options.start);
    high_ = end(options.stop);
    if (low_ > high_) std::swap(low_, high_);
    require(low_ < high_, "BrownianSource", "the clock must differ between start and stop", low_);
  }

  static const BrownianOptions& checked(const BrownianOptions& options) {
    require(options.depth >= 1 && options.depth <= BrownianTree::max_depth, "BrownianSource",
            "depth must be in [1, 40]", options.depth);
    return options;
  }

  double end(double time) const {
    const double u = clock_(time);
    if (!is_finite(u)) {
      reject("BrownianSource", "the clock must be finite", show(u) + " at time " + show(time));
    }
    return u;
  }

  std::int64_t point(double time) const {
    const double share = (clock_(time) - low_) / (high_ - low_);
    const double nearest = std::nearbyint(std::ldexp(share, options_.depth));
    if (!(nearest >= 0 && nearest <= static_cast<double>(tree_.size())) || is_nan(nearest)) {
      const std::string ends = show(options_.start) + " and " + show(options_.stop);
      reject("BrownianSource", "times must be between " + ends, show(time));
    }
    return static_cast<std::int64_t>(nearest);
  }

  SampleSeeds seeds_;
  Clock clock_;
  BrownianOptions options_;
  BrownianTree tree_;
  double low_ = 0, high_ = 1;
  std::uint64_t aside_ = 0;
};

}  // namespace azula
