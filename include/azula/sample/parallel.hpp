#pragma once
/// \file
/// Drawing one batch on several threads, with the same bits as on one thread.
///
///     Eigen::ArrayXXf y = azula::parallel(sampler, x, random, 4);    // sampler(x, random) on 4 threads
///     Eigen::ArrayXXf z = azula::parallel(sampler, x);               // sampler(x) on all cores
///
/// Each thread draws a share of the samples. The result has the same bits for any number of threads, provided that the
/// denoiser's result for a sample does not depend on the other samples in the batch. All denoisers of this library
/// guarantee that. A matrix product may not: it may compute its last columns differently from the rest. If that
/// matters, pad the columns (examples/common/digits_network.cpp).
///
/// If the samples have labels or other conditions, pass a callable in place of the sampler. It makes a sampler for a
/// share of the batch, the samples share.first to share.first + share.count - 1. Each thread calls it once.
///
///     const auto labelled = [&](const azula::Share& share) {
///       return azula::Sampler(denoiser(labels.segment(share.first, share.count)), azula::xEAB<3>{}, times);
///     };
///     Eigen::ArrayXXf y = azula::parallel(labelled, x, 4);
///
/// All threads call the sampler's denoiser at the same time, so its const call must not write to shared data. The
/// denoiser gets smaller batches, and always states that own their values: an Eigen::ArrayXXf if x is a Map of one. The
/// extra memory is two more states. There is no progress bar and no observer. With some C libraries, programs with
/// threads must be linked with -pthread.

#include <optional>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/sample/crew.hpp"
#include "azula/sample/parallel_run.hpp"
#include "azula/sample/sampler.hpp"

namespace azula {

/// Draws a batch on several threads, like sampler(x, source), and can be cancelled.
///
///     std::stop_source stop;
///     std::optional<Eigen::ArrayXXf> y = azula::parallel(sampler, x, random, 4, stop.get_token());
///     if (!y) std::puts("cancelled");
///
/// \param sampler  a Sampler, or a callable that makes one for a Share
/// \param source   a source whose values can be computed in any order, such as NormalSource or BrownianSource; after
///                 the call it is where a call on one thread would leave it
/// \param threads  the largest number of threads, including the caller's; 0 means as many as the machine runs at once
/// \param stop     a std::stop_token, or any type that has stop_requested(); every thread looks at it before each
///                 evaluation of the denoiser
/// \return the samples, or nothing if a stop was requested before all were finished
/// \throws std::invalid_argument if threads < 0; otherwise what sampler(x, source) and the denoiser throw. After an
///         exception the other threads end before their next evaluation. If several threads throw, the exception of
///         the thread with the first samples is rethrown.
///
/// A Map or TensorMap is updated in place, after all samples are finished: after a stop or an exception its memory is
/// unchanged. The source has then made some of its draws; rewind it before you use it again.
template <class S, State X, class Source, StopToken Stop>
  requires std::is_class_v<std::remove_cvref_t<Source>>
std::optional<state_t<X>> parallel(const S& sampler, X&& x, Source&& source, int threads, Stop stop) {
  std::optional<state_t<X>> state(std::in_place, std::forward<X>(x));
  if (!ParallelRun(sampler, *state, threads, std::move(stop)).run(source)) state.reset();
  return state;
}

/// Draws a batch on several threads with a deterministic method, like sampler(x), and can be cancelled.
template <class S, State X, StopToken Stop>
std::optional<state_t<X>> parallel(const S& sampler, X&& x, int threads, Stop stop) {
  std::optional<state_t<X>> state(std::in_place, std::forward<X>(x));
  if (!ParallelRun(sampler, *state, threads, std::move(stop)).run()) state.reset();
  return state;
}

/// Draws a batch on several threads, like sampler(x, source). The parameters are explained above.
template <class S, State X, class Source>
  requires std::is_class_v<std::remove_cvref_t<Source>>
state_t<X> parallel(const S& sampler, X&& x, Source&& source, int threads = 0) {
  return *parallel(sampler, std::forward<X>(x), source, threads, NeverStopped());
}

/// Draws a batch on several threads with a deterministic method, like sampler(x). The parameters are explained above.
template <class S, State X>
state_t<X> parallel(const S& sampler, X&& x, int threads = 0) {
  return *parallel(sampler, std::forward<X>(x), threads, NeverStopped());
}

}  // namespace azula
