#pragma once
/// \file
/// The concepts that schedules, denoisers, random sources, methods, executors and observers must satisfy, in reading
/// order. The concept `State`, for tensors, is in state.hpp.

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/plan/stage.hpp"
#include "azula/plan/step_info.hpp"
#include "azula/plan/time_grid.hpp"
#include "azula/random/draw.hpp"
#include "azula/state.hpp"

namespace azula {

/// A noise schedule: a callable that maps a time t to the signal scale α_t and the noise scale σ_t.
///
///     struct MySchedule {
///       azula::Scales operator()(double t) const { return {std::cos(1.5 * t), std::sin(1.5 * t)}; }
///     };
///
/// The call takes a double and returns anything with members `alpha` and `sigma` that convert to double, such as
/// azula::Scales. A sampler checks the values at its times, see TimeGrid. An optional member time_interval() says at
/// which times the schedule is defined, see TimeInterval.
template <class S>
concept Schedule = requires(const S& schedule, double t) {
  { schedule(t).alpha } -> std::convertible_to<double>;
  { schedule(t).sigma } -> std::convertible_to<double>;
};

/// The type of the denoiser behind D: D itself, or a reference to the denoiser if D is a std::reference_wrapper.
template <class D>
using denoiser_t = std::unwrap_reference_t<std::decay_t<D>>;

/// The part of the denoiser contract that does not depend on the state: schedule() returns the noise schedule.
///
/// A Sampler checks it when it is built, before it knows the type of the state. schedule() must return a reference to
/// an object that lives as long as the denoiser, because denoisers that wrap it return that reference in turn.
template <class D>
concept HasSchedule = requires(const denoiser_t<D>& denoiser) {
  { denoiser.schedule() } -> Schedule;
  requires std::is_lvalue_reference_v<decltype(denoiser.schedule())>;
};

/// Whether D has a schedule() of any kind. A network has none; this tells the two apart.
template <class D>
concept NamesSchedule = requires(const denoiser_t<D>& denoiser) { denoiser.schedule(); };

/// Refuses to compile a denoiser around something that is not a denoiser. It is called in a static_assert, so that the
/// compiler reports the line that makes the object.
template <class D>
consteval bool wraps_denoiser() {
  static_assert(NamesSchedule<D>,
                "azula: a denoiser is needed here, and this has no schedule() const; a network becomes a denoiser in a "
                "NetworkDenoiser, a plain function in a FunctionDenoiser");
  return true;
}

/// One time per sample of a batch, in the order of the samples. A denoiser or a network gets it in place of the single
/// time when the samples are at different points of their runs, as in a Pool or a FrameRun.
using SampleTimes = Eigen::ArrayXd;

/// A denoiser whose call writes E[X | x_t] into its third argument. This way needs no copy and no allocation.
///
///     void operator()(const Eigen::ArrayXXf& x_t, double t, Eigen::ArrayXXf& mean) const;
///
/// Here and below, Time is one of three types: double is one time for all samples; SampleTimes is one time per sample;
/// Stage is for a denoiser that needs to know more about the step, such as where it leads (`next`) and its weights.
template <class D, class X, class Time = double>
concept WritesMean = requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean) {
  denoiser(x_t, t, mean);
};

/// A denoiser whose call writes E[X | x_t] into its third argument and gets scratch memory of the state's size as its
/// fourth.
///
/// A sampler allocates the scratch memory once per run. The denoiser can therefore be const and thread-safe without
/// allocating anything itself.
template <class D, class X, class Time = double>
concept WritesMeanWithScratch =
    requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean, plain_t<X>& scratch) {
      denoiser(x_t, t, mean, scratch);
    };

/// The workspace type of a denoiser, D::Workspace<X>; also works for a reference to a denoiser.
template <class D, class X>
using workspace_t = typename std::remove_cvref_t<D>::template Workspace<X>;

/// A denoiser whose call gets a workspace of its own type as its fourth argument: D::Workspace<X>, constructed from a
/// state.
///
/// A sampler makes one workspace per run. Denoisers that wrap networks or other denoisers are of this kind.
template <class D, class X, class Time = double>
concept WritesMeanWithWorkspace =
    requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean, workspace_t<D, X>& work) {
      denoiser(x_t, t, mean, work);
    } && std::constructible_from<workspace_t<D, X>, const X&>;

/// A value that can be assigned to a mean. Eigen does not convert numbers: an array of double is no mean of floats.
template <class V, class Mean>
concept AssignsMean = requires(V&& value, Mean& mean) { mean = static_cast<V&&>(value); } &&
                      (!DenseExpression<V> || !DenseExpression<Mean> || std::same_as<scalar_t<V>, scalar_t<Mean>>);

/// A denoiser whose call returns E[X | x_t], or a posterior with a member `mean` that is E[X | x_t].
template <class D, class X, class Time = double>
concept ReturnsMean = requires(const D& denoiser, const X& x_t, const Time& t) {
  requires AssignsMean<decltype(denoiser(x_t, t)), plain_t<X>> ||
               requires { requires AssignsMean<decltype((denoiser(x_t, t).mean)), plain_t<X>>; };
};

/// A denoiser that has at least one of the four kinds of call above.
template <class D, class X, class Time = double>
concept GivesMean = WritesMean<D, X, Time> || WritesMeanWithScratch<D, X, Time> ||
                    WritesMeanWithWorkspace<D, X, Time> || ReturnsMean<D, X, Time>;

/// A denoiser for states of type X: it has a schedule and a call that gives the denoised mean E[X | x_t].
///
///     struct Coins {   // X is -1 or 1 with equal probability
///       azula::CosineSchedule cosine;
///       const auto& schedule() const { return cosine; }
///       void operator()(const Eigen::ArrayXXf& x_t, double t, Eigen::ArrayXXf& mean) const {
///         const auto [alpha, sigma] = cosine(t);
///         mean = (static_cast<float>(alpha / (sigma * sigma)) * x_t).tanh();
///       }
///     };
///
/// If a denoiser has several calls, the sampler prefers one that writes the mean over one that returns it, and among
/// those that write, one with a workspace or scratch memory. HasSchedule is a concept of its own because a sampler
/// exists before any state does. For a plain function there is FunctionDenoiser.
template <class D, class X>
concept Denoiser =
    HasSchedule<D> && State<X> && (GivesMean<denoiser_t<D>, X> || GivesMean<denoiser_t<D>, X, Stage>);

/// A denoiser that can be given one time per sample. If all these times are equal, the result must have the same bits
/// as the call with a single time.
template <class D, class X>
concept DenoiserAtTimes = HasSchedule<D> && State<X> && GivesMean<denoiser_t<D>, X, SampleTimes>;

/// A random source that fills a whole draw per call with independent standard normal values: source.fill(out).
template <class R, class T>
concept WholeDrawSource = requires(R& source, Eigen::Map<Eigen::ArrayX<T>> out) { source.fill(out); };

/// A random source that can compute any part of a draw independently of the rest, as NormalSource does.
///
/// source.next(draw) opens a draw. The fill(out, offset) of the result writes the values with flat indices offset,
/// offset + 1, … into `out`; blocks may be requested in any order and from several threads. The sampler can thus
/// generate noise block by block inside the update. In azula::parallel each thread uses a copy of the source, and the
/// copies must be independent; for a source that refers to another source, OwnCopy makes such a copy.
template <class R, class T>
concept AddressedSource = requires(R& source, const Draw& draw, Eigen::Map<Eigen::ArrayX<T>> out,
                                   std::ptrdiff_t offset) { source.next(draw).fill(out, offset); };

/// Anything a sampler accepts as its source of noise: a WholeDrawSource, an AddressedSource, or a standard engine such
/// as std::mt19937_64.
template <class R, class T>
concept RandomSource =
    WholeDrawSource<R, T> || AddressedSource<R, T> || std::uniform_random_bit_generator<std::remove_reference_t<R>>;

/// A sampling method (solver): its options, and a function that computes the stages of each step.
///
/// - `history`: how many predictions a run must hold, including the current one
/// - `name()`: the name that messages and tables show
/// - `check()`: throws std::invalid_argument if an option is out of range
/// - `append(stages, grid, i)`: appends the stages of the step from node i to node i + 1
///
/// The deterministic DDIM step, x_s = α_s m + σ_s z with z = (x_t - α_t m)/σ_t, as a method:
///
///     struct MyDDIM {
///       static constexpr int history = 1;
///       std::string name() const { return "MyDDIM"; }
///       void check() const {}
///       void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
///         const azula::Node &t = grid[i], &s = grid[i + 1];
///         const double a = s.sigma / t.sigma;
///         stages.push_back({.time = t.t, .next = s.t, .a = a, .b = s.alpha - a * t.alpha});
///       }
///     };
template <class M>
concept Method = std::copy_constructible<M> &&
                 requires(const M& method, std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) {
                   { M::history } -> std::convertible_to<int>;
                   { method.name() } -> std::convertible_to<std::string>;
                   method.check();
                   method.append(stages, grid, i);
                 };

/// An executor: it runs the parts of one large update, possibly on several threads.
///
/// run(count, task) calls task(0), …, task(count - 1), each exactly once, in any order and on any threads, and returns
/// when all calls have returned. Tasks do not throw. size() is how many tasks can run at once. A Run keeps a copy of
/// the executor. `Serial` and `Threads` are executors; an existing thread pool becomes one with a small wrapper:
///
///     struct MyExecutor {
///       MyThreadPool* pool;
///       int size() const { return pool->thread_count(); }
///       template <class Task>
///       void run(std::size_t count, const Task& task) const { pool->parallel_for(count, task); }
///     };
template <class E>
concept Executor = std::copy_constructible<E> && requires(const E& executor, void (&task)(std::size_t)) {
  { executor.size() } -> std::convertible_to<int>;
  executor.run(std::size_t{1}, task);
};

/// An observer: a callback that a sampler calls after each step with the new state. It returns nothing, or whether to
/// continue: false ends the run.
///
///     const auto watch = [](const azula::StepInfo& step, const Eigen::ArrayXXf& x_s) { return step.index < 12; };
///     Eigen::ArrayXXf x0 = sampler(x, watch);
template <class O, class X>
concept StateObserver = std::invocable<O&, const StepInfo&, const X&>;

/// An observer that also gets the last mean E[X | x_t] evaluated in the step, for previews. The sampler copies the mean
/// for it; with other observers it makes no copy.
template <class O, class X>
concept MeanObserver = !StateObserver<O, X> && std::invocable<O&, const StepInfo&, const X&, const plain_t<X>&>;

/// Any observer: a StateObserver or a MeanObserver.
template <class O, class X>
concept Observer = StateObserver<O, X> || MeanObserver<O, X>;

}  // namespace azula
