#pragma once
/// \file
/// The contracts, whole and in reading order: what a schedule, a denoiser, a random source, a method and
/// an observer must offer. `State` itself, with what the library knows of a tensor, is in state.hpp.

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

/// A noise schedule: t -> (α_t, σ_t). Any type whose call takes a double and gives something with members
/// `alpha` and `sigma`; `azula::Scales` is one.
template <class S>
concept Schedule = requires(const S& schedule, double t) {
  { schedule(t).alpha } -> std::convertible_to<double>;
  { schedule(t).sigma } -> std::convertible_to<double>;
};

/// The denoiser itself, whether it is held by value or through std::ref.
template <class D>
using denoiser_t = std::unwrap_reference_t<std::decay_t<D>>;

/// What a sampler asks of a denoiser before it knows the type of the state. schedule() returns a reference to what
/// lives as long as the denoiser: whoever wraps denoisers may pass it on.
template <class D>
concept HasSchedule = requires(const denoiser_t<D>& denoiser) {
  { denoiser.schedule() } -> Schedule;
  requires std::is_lvalue_reference_v<decltype(denoiser.schedule())>;
};

/// A time for each sample of a batch, in order: what a denoiser or a network is given in the place of one time, where
/// samples are at different places of their runs.
using SampleTimes = Eigen::ArrayXd;

/// A call that writes E[X | x_t] into its third argument: no copy, no allocation. Here and below Time is double, one time
/// for all samples; SampleTimes; or Stage, for a denoiser that asks where the step leads: from `time` to `next`, and by
/// which weights.
template <class D, class X, class Time = double>
concept WritesMean = requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean) {
  denoiser(x_t, t, mean);
};

/// A call that writes it and needs memory of the state's size meanwhile: the sampler keeps that for a whole
/// run, so that the denoiser can be const and re-entrant and still allocate nothing.
template <class D, class X, class Time = double>
concept WritesMeanWithScratch =
    requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean, plain_t<X>& scratch) {
      denoiser(x_t, t, mean, scratch);
    };

/// D::Workspace<X>, also of a denoiser that is held through std::ref.
template <class D, class X>
using workspace_t = typename std::remove_cvref_t<D>::template Workspace<X>;

/// A call that needs other memory meanwhile, of a type of its own: D::Workspace<X>, made from a state. What
/// wraps networks or other denoisers is of this kind; a sampler keeps one for a whole run.
template <class D, class X, class Time = double>
concept WritesMeanWithWorkspace =
    requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean, workspace_t<D, X>& work) {
      denoiser(x_t, t, mean, work);
    } && std::constructible_from<workspace_t<D, X>, const X&>;

/// A call that returns E[X | x_t], or a posterior whose `mean` it is.
template <class D, class X, class Time = double>
concept ReturnsMean = requires(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean) {
  requires requires { mean = denoiser(x_t, t); } || requires { mean = denoiser(x_t, t).mean; };
};

/// One of these calls.
template <class D, class X, class Time = double>
concept GivesMean = WritesMean<D, X, Time> || WritesMeanWithScratch<D, X, Time> ||
                    WritesMeanWithWorkspace<D, X, Time> || ReturnsMean<D, X, Time>;

/// A denoiser for states of type X: a schedule and one of these calls. Where it has several, one that
/// writes is used, with memory of its own if it takes that. The concept is in two parts because a sampler
/// exists before any state does.
template <class D, class X>
concept Denoiser =
    HasSchedule<D> && State<X> && (GivesMean<denoiser_t<D>, X> || GivesMean<denoiser_t<D>, X, Stage>);

/// One that can be given a time for each sample. With equal times the means have the bits of the call with one.
template <class D, class X>
concept DenoiserAtTimes = HasSchedule<D> && State<X> && GivesMean<denoiser_t<D>, X, SampleTimes>;

/// A random source that fills one whole draw per call, with independent standard normal values.
template <class R, class T>
concept WholeDrawSource = requires(R& source, Eigen::Map<Eigen::ArrayX<T>> out) { source.fill(out); };

/// A random source whose values have addresses: `next` opens a draw, whose `fill` writes the values from
/// a flat index on, in any order of blocks. Noise is then generated inside the update. For several threads a copy
/// must be a source of its own; one that refers to another source says how it is copied, see OwnCopy.
template <class R, class T>
concept AddressedSource = requires(R& source, const Draw& draw, Eigen::Map<Eigen::ArrayX<T>> out,
                                   std::ptrdiff_t offset) { source.next(draw).fill(out, offset); };

/// Where noise may come from: one of the two above, or any standard engine such as std::mt19937_64.
template <class R, class T>
concept RandomSource =
    WholeDrawSource<R, T> || AddressedSource<R, T> || std::uniform_random_bit_generator<std::remove_cvref_t<R>>;

/// A solver: its options, and the stages of one step.
///
/// - `history`: how many predictions a run must hold, the current one included
/// - `name()`: as messages and tables show it
/// - `check()`: throws std::invalid_argument if an option is out of range
/// - `append(stages, grid, i)`: appends the stages of the step from node i to node i + 1
template <class M>
concept Method = std::copy_constructible<M> &&
                 requires(const M& method, std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) {
                   { M::history } -> std::convertible_to<int>;
                   { method.name() } -> std::convertible_to<std::string>;
                   method.check();
                   method.append(stages, grid, i);
                 };

/// Who carries out the parts of one update: run(count, task) calls task(0), …, task(count - 1), each once, in any order and
/// on any threads, and returns when all have ended. size() is how many it can do at once. Tasks do not throw. A Run keeps
/// a copy. `Serial` is one, `Threads` another; a pool of yours takes these two functions.
template <class E>
concept Executor = std::copy_constructible<E> && requires(const E& executor, void (&task)(std::size_t)) {
  { executor.size() } -> std::convertible_to<int>;
  executor.run(std::size_t{1}, task);
};

/// Who watches a run: called after each step with the new state; returns nothing, or false to stop.
template <class O, class X>
concept StateObserver = std::invocable<O&, const StepInfo&, const X&>;

/// One who also wants the mean E[X | x_t] that was seen last in the step, for previews: a copy, which costs only who asks.
template <class O, class X>
concept MeanObserver = !StateObserver<O, X> && std::invocable<O&, const StepInfo&, const X&, const plain_t<X>&>;

/// Either of them.
template <class O, class X>
concept Observer = StateObserver<O, X> || MeanObserver<O, X>;

}  // namespace azula
