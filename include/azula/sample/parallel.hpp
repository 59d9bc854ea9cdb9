#pragma once
/// \file
/// One batch on several threads, bit for bit as on one.
///
///     Eigen::ArrayXXf y = azula::parallel(sampler, x, random, 4);    // sampler(x, random), by 4 threads
///     Eigen::ArrayXXf z = azula::parallel(sampler, x);               // sampler(x), on all cores
///
/// The result has the same bits for any number of threads if what the denoiser makes of a sample has the same
/// bits whatever else is in its batch. All that this library does has. A matrix product need not: its last
/// columns may go other ways than the rest; where that matters, pad them (examples/common/digits_network.cpp).
///
/// Labels and other conditions of the samples: in place of the sampler stands a callable that makes one for a
/// share of the batch, samples share.first to share.first + share.count - 1. Each thread calls it once.
///
///     const auto labelled = [&](const azula::Share& share) {
///       return azula::Sampler(denoiser(labels.segment(share.first, share.count)), azula::xEAB<3>{}, times);
///     };
///     Eigen::ArrayXXf y = azula::parallel(labelled, x, 4);
///
/// All threads call the sampler's denoiser, at once: its const call must not write to what they share. It sees
/// batches of fewer samples and always plain states, an Eigen::ArrayXXf for a Map of one. The price is memory
/// for two more states. There is no progress bar and no observer. Some C libraries want programs with threads
/// linked with -pthread.

#include <optional>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/sample/crew.hpp"
#include "azula/sample/parallel_run.hpp"
#include "azula/sample/sampler.hpp"

namespace azula {

/// sampler(x, source) by several threads, which a request on `stop` ends.
///
/// \param sampler  a Sampler, or a callable that makes one for a Share
/// \param source   one whose values have addresses, such as NormalSource or BrownianSource; it ends where the
///                 call on one thread would leave it
/// \param threads  at most, the caller's included; 0: as many as the machine runs at once
/// \param stop     a std::stop_token, or anything that has its stop_requested()
/// \return the samples, or nothing if a stop was requested before all were done: every thread looks before
///         each evaluation of the denoiser
/// \throws std::invalid_argument if threads < 0; else what sampler(x, source) throws, and what the denoiser
///         does: the other threads end before their next evaluation. If several have thrown, it is the
///         exception of the first samples.
///
/// A Map or TensorMap is advanced in place, once all samples are done: after a stop or an exception its memory
/// is as it was. The source has then made some of its draws; rewind it.
template <class S, State X, class Source, StopToken Stop>
  requires std::is_class_v<std::remove_cvref_t<Source>>
std::optional<state_t<X>> parallel(const S& sampler, X&& x, Source&& source, int threads, Stop stop) {
  std::optional<state_t<X>> state(std::in_place, std::forward<X>(x));
  if (!ParallelRun(sampler, *state, threads, std::move(stop)).run(source)) state.reset();
  return state;
}

/// The same for a deterministic method: sampler(x).
template <class S, State X, StopToken Stop>
std::optional<state_t<X>> parallel(const S& sampler, X&& x, int threads, Stop stop) {
  std::optional<state_t<X>> state(std::in_place, std::forward<X>(x));
  if (!ParallelRun(sampler, *state, threads, std::move(stop)).run()) state.reset();
  return state;
}

/// sampler(x, source) by several threads, to the end; see above.
template <class S, State X, class Source>
  requires std::is_class_v<std::remove_cvref_t<Source>>
state_t<X> parallel(const S& sampler, X&& x, Source&& source, int threads = 0) {
  return *parallel(sampler, std::forward<X>(x), source, threads, NeverStopped());
}

/// sampler(x) by several threads, to the end; see above.
template <class S, State X>
state_t<X> parallel(const S& sampler, X&& x, int threads = 0) {
  return *parallel(sampler, std::forward<X>(x), threads, NeverStopped());
}

}  // namespace azula
