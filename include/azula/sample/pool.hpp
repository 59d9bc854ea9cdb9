#pragma once
/// \file
/// Batching across requests: runs with different methods, steps and conditions share each evaluation of one network.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/error.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/pool/pool_batch.hpp"
#include "azula/sample/pool/pool_queue.hpp"
#include "azula/sample/pool/pool_request.hpp"
#include "azula/sample/pool/pool_run.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/shares.hpp"

namespace azula {

/// Options of Pool.
struct PoolOptions {
  std::ptrdiff_t capacity = 16;  ///< the largest number of samples in one batch, at least 1
};

/// Draws samples for many requests at once, which may arrive at any time and share the evaluations of one network.
///
/// This is continuous batching, for a server. Each tick gathers the states of all active requests into one batch,
/// evaluates the denoiser once, with one time per sample, and advances each request by one stage. Each request gets the
/// same bits as if it ran alone, provided that the denoiser's result for a sample does not depend on the other samples
/// in the batch.
///
///     azula::Pool<Eigen::ArrayXXf> pool(denoiser, {.capacity = 16});
///     std::thread worker([&] { pool.run(); });
///
///     const azula::Sampler sampler(denoiser, azula::xEAB<2>{}, {.steps = 10});    // from here on: in any thread
///     azula::NormalSource random(42);
///     Eigen::ArrayXXf x(784, 1);                                                  // one sample per column
///     sampler.init(x, random);
///     pool.submit(sampler, x, {.random = random, .end = [](azula::PoolEnd<Eigen::ArrayXXf> end) { use(end.state); }});
///
///     pool.close();     // accept no more requests
///     worker.join();    // wait until all requests have ended
///
/// The denoiser must accept SampleTimes (see DenoiserAtTimes). NetworkDenoiser, KarrasDenoiser and guidance do, if the
/// network takes a number c per sample. Each request brings its own sampler, with any method, on the same schedule.
///
/// If requests have conditions, such as labels, pass a callable in place of the denoiser. It gets the conditions of a
/// batch, one per sample and in the order of the samples, and makes a denoiser for them. The pool calls it whenever
/// requests have joined or left the batch.
///
///     struct Wish { int label; double guidance; };
///     azula::Pool<Eigen::ArrayXXf, Wish> pool([&](std::span<const Wish> wishes) {
///       Eigen::ArrayXi labels(wishes.size());
///       Eigen::ArrayXd weights(wishes.size());
///       … // from each wish
///       return azula::GuidedDenoiser(azula::KarrasDenoiser(network.conditioned(labels), schedule), without, weights);
///     });
///     pool.submit(sampler, x, {.condition = {.label = 3, .guidance = 2.5}, .end = …});
///
/// Requests are served in the order of their arrival. If a request does not fit into the batch, it waits, and all later
/// ones wait behind it. A stage that needs no evaluation is performed without one. A tick allocates memory only when
/// requests have joined or left.
///
/// If the denoiser or the callable throws, all requests in that batch end with the exception; waiting requests are not
/// affected. So check conditions before you submit them. A mean that is not finite ends only the requests whose samples
/// it belongs to.
///
/// submit(), cancel(), close() and size() may be called from any thread and from callbacks. tick() and run() may be
/// called by one thread at a time; this thread also calls all callbacks. The destructor drops all remaining requests
/// without calling their callbacks.
template <State X, class Condition = NoCondition, class Source = NormalSource>
class Pool {
  static_assert(std::is_same_v<X, plain_t<X>> && HostState<X>,
                "azula::Pool: a state must own its values, in memory of the host: an Eigen array, matrix or tensor");
  static_assert(!std::is_same_v<Condition, bool>,
                "azula::Pool: a std::vector<bool> has no std::span; make the condition a struct with the bool in it");
  static_assert(has_dynamic_batch<X>,
                "azula::Pool: the number of samples must not be part of the state's type: use Eigen::ArrayXXf, say");

 public:
  /// What submit() takes besides the sampler and the state.
  using Request = PoolRequest<X, Condition, Source>;

  /// Makes an empty pool.
  /// \param denoiser  a denoiser, or a callable that makes one for a std::span<const Condition>
  /// \throws std::invalid_argument if capacity < 1.
  template <class D>
  explicit Pool(D denoiser, const PoolOptions& options = {})
      : capacity_(options.capacity), batch_(PoolDenoiser<X, Condition>(std::move(denoiser))) {
    require_count(options.capacity, 1, "Pool", "capacity");
  }

  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Adds a request to draw what sampler(x, random) would return. The sampler's own denoiser is not used.
  /// \return the number of the request, counted from 1; its callbacks may already have been called when submit()
  /// returns
  /// \throws std::invalid_argument if x has no samples, more samples than the capacity, or samples of a different shape
  /// than earlier requests, or if the method draws noise and the request has no random source;
  /// \throws std::logic_error after close().
  template <class D, class M, class E>
  std::uint64_t submit(const Sampler<D, M, E>& sampler, X x, Request request = {}) {
    static_assert(M::history <= Run::history,
                  "azula::Pool: the method remembers more predictions than a stage can use");
    check(*sampler.plan(), x, request);
    const X sample = batch_like(x, 1);
    const std::uint64_t id = ++last_id_;
    std::list<Run> one;
    one.emplace_back(id, sampler.plan(), std::move(x), std::move(request));
    queue_.push(one, sample);
    return id;
  }

  /// Ends a request at the next tick, unless it has ended before.
  void cancel(std::uint64_t id) { queue_.cancel(id); }

  /// Stops accepting requests. run() returns when all remaining requests have ended.
  void close() { queue_.close(); }

  /// The number of requests that are waiting or active.
  std::size_t size() const { return queue_.size(); }

  /// Evaluates the denoiser once and advances all active requests by one stage.
  /// \return whether there are requests left
  bool tick() {
    queue_.take_cancels(active_);
    finish_ended();
    admit();
    finish_ended();
    if (!active_.empty()) advance();
    finish_ended();
    return size() > 0;
  }

  /// Calls tick() until the pool is closed and empty. It sleeps while there is nothing to do.
  void run() {
    while (queue_.wait()) tick();
  }

 private:
  using Run = PoolRun<X, Condition, Source>;

  void check(const Plan& plan, const X& x, const Request& request) const {
    const std::ptrdiff_t count = sample_shape(x).samples;
    require(count >= 1, "Pool", "a state must have at least 1 sample", static_cast<double>(count));
    if (count > capacity_) {
      reject("Pool", join({"a state must have at most ", std::to_string(capacity_), " samples, the capacity"}),
             std::to_string(count));
    }
    const auto draws = [](const Stage& stage) { return stage.c != 0; };
    if (!request.random && std::any_of(plan.stages.begin(), plan.stages.end(), draws)) {
      reject("Pool", join({plan.method, " draws noise, and its request must have a random source"}), "none");
    }
  }

  void admit() {
    std::ptrdiff_t room = capacity_;
    for (const Run& run : active_) room -= run.samples();
    std::list<Run> arriving = queue_.take(room);
    if (arriving.empty()) return;
    for (Run& run : arriving) run.start();
    active_.splice(active_.end(), arriving);
    changed_ = true;
  }

  void advance() {
    try {
      if (changed_) batch_.arrange(active_);
      changed_ = false;
      batch_.evaluate(active_);
    } catch (...) {
      for (Run& run : active_) run.fail(std::current_exception());
      return;
    }
    batch_.advance(active_);
  }

  /// Removes the requests that have ended and calls their end callbacks. A request leaves even if its callback throws.
  void finish_ended() {
    for (auto next = active_.begin(); next != active_.end();) {
      const auto run = next++;
      if (!run->ended()) continue;
      changed_ = true;
      std::list<Run> leaving;
      leaving.splice(leaving.end(), active_, run);
      const CountOut count{queue_};
      leaving.front().finish();
    }
  }

  struct CountOut {
    ~CountOut() { queue.count_out(); }
    PoolQueue<X, Run>& queue;
  };

  const std::ptrdiff_t capacity_;
  std::atomic<std::uint64_t> last_id_ = 0;
  PoolQueue<X, Run> queue_;
  std::list<Run> active_;  // from here on, members belong to the thread that calls tick()
  PoolBatch<X, Condition> batch_;
  bool changed_ = false;  // whether requests have joined or left since batch_ was arranged
};

}  // namespace azula
