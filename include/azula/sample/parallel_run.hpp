#pragma once
/// \file

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <deque>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/random/own_copy.hpp"
#include "azula/random/shard_source.hpp"
#include "azula/sample/crew.hpp"
#include "azula/sample/not_finite.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/shares.hpp"

namespace azula {

/// The sampler for a share of the batch: the given one, which all shares have in common.
template <class D, class M, class E>
const Sampler<D, M, E>& sampler_of(const Sampler<D, M, E>& sampler, const Share&) {
  return sampler;
}

/// The sampler for a share of the batch: made by a callable.
template <class F>
  requires std::invocable<const F&, const Share&>
decltype(auto) sampler_of(const F& make, const Share& share) {
  return make(share);
}

/// The implementation of azula::parallel, with one object per call.
///
/// Each thread copies its share of the samples and draws them as a batch of its own, with the noise that these samples
/// have in the whole batch. At the end, the shares are copied back into one state.
template <class S, State X, StopToken Stop>
class ParallelRun {
  static_assert(requires(const S& sampler, const Share& share) { sampler_of(sampler, share).denoiser(); },
                "azula::parallel: the first argument must be a sampler, or a callable that makes one for a Share");
  static_assert(!OwnState<X>, "azula::parallel: only Eigen's arrays, matrices and tensors can be cut into samples");
  static_assert(OwnState<X> || is_one_sample<X> || has_dynamic_batch<X>,
                "azula::parallel: the number of samples is part of this state's type, so it cannot be cut; use "
                "one that is dynamic in its outermost extent");

 public:
  /// Divides the samples of `state` among the threads.
  /// \throws std::invalid_argument if threads < 0.
  ParallelRun(const S& sampler, X& state, int threads, Stop stop)
      : sampler_(sampler),
        state_(state),
        shares_(sample_shape(state).samples, count(state, threads)),
        parts_(static_cast<std::size_t>(shares_.size())),
        crew_(std::move(stop)) {}

  /// Draws all shares with a deterministic method.
  /// \return whether it finished; the state changes only then
  bool run() {
    crew_.run(parts_.size(), [&](std::size_t i) { draw(i, [](auto& run) { run.advance(); }); });
    return collect();
  }

  /// Draws all shares with a random source. The caller's thread uses the source itself, which therefore advances as on
  /// one thread; the other threads use copies.
  template <class Source>
  bool run(Source& source) {
    static_assert(AddressedSource<Source, noise_t<X>> && std::copy_constructible<Source>,
                  "azula::parallel: the values of this random source depend on the order in which they are "
                  "drawn; threads need one whose values have addresses: NormalSource or BrownianSource");
    std::deque<OwnCopy<Source>> copies;
    while (copies.size() + 1 < parts_.size()) copies.emplace_back(source);
    crew_.run(parts_.size(), [&](std::size_t i) {
      ShardSource shard(i == 0 ? source : copies[i - 1].source(), sample_shape(state_), share(i).first);
      draw(i, [&](auto& run) { run.advance(shard); });
    });
    return collect();
  }

 private:
  static std::ptrdiff_t count(const X& state, int threads) {
    require(threads >= 0, "parallel", "threads must be at least 0", threads);
    const auto cores = static_cast<std::ptrdiff_t>(std::thread::hardware_concurrency());  // 0 if unknown
    const std::ptrdiff_t wanted = threads > 0 ? threads : cores;
    return (std::max)(std::ptrdiff_t{1}, (std::min)(wanted, sample_shape(state).samples));
  }

  Share share(std::size_t i) const { return shares_[static_cast<std::ptrdiff_t>(i)]; }

  /// Draws share number i from the first time to the last, unless the crew is stopped.
  template <class Advance>
  void draw(std::size_t i, const Advance& advance) {
    const auto& sampler = sampler_of(sampler_, share(i));
    auto run = sampler.start(copy_share(state_, share(i)));
    Evaluation<std::remove_cvref_t<decltype(sampler.denoiser())>, plain_t<X>> evaluation(run.state());
    try {
      while (!run.done()) {
        if (!crew_.goes_on()) return;
        if (run.evaluates()) evaluation(sampler.denoiser(), run.state(), run.stage(), run.mean());
        advance(run);
      }
    } catch (const NotFinite& error) {
      throw error.started(state_, share(i).first);
    }
    parts_[i].emplace(std::move(run).state());
  }

  bool collect() {
    for (const auto& part : parts_) {
      if (!part) return false;
    }
    auto all = samples(state_);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      all.middleCols(share(i).first, share(i).count) = samples(*parts_[i]);
    }
    return true;
  }

  const S& sampler_;
  X& state_;
  Shares shares_;
  std::vector<std::optional<plain_t<X>>> parts_;
  Crew<Stop> crew_;
};

}  // namespace azula
