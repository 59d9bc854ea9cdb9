#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/plan/make_plan.hpp"
#include "azula/plan/plan.hpp"
#include "azula/sample/argument_check.hpp"
#include "azula/sample/initial_noise.hpp"
#include "azula/sample/mean_copy.hpp"
#include "azula/sample/not_finite.hpp"
#include "azula/sample/progress_bar.hpp"
#include "azula/sample/run.hpp"
#include "azula/sample/run_result.hpp"
#include "azula/sample/sampler_options.hpp"
#include "azula/sample/serial.hpp"
#include "azula/time/linear_times.hpp"

namespace azula {

/// Draws samples from a diffusion model: it combines a denoiser, a method and a list of times.
///
/// A run starts from noise x_T at the first time and ends with a sample x at the last time. Each step evaluates the
/// denoiser once or several times, depending on the method.
///
///     #include <azula/azula.hpp>
///
///     int main() {
///       azula::VPSchedule schedule;
///       azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
///       azula::Sampler sampler(denoiser, azula::zAB<3>{}, {.steps = 32});
///       Eigen::ArrayXXf x(784, 64);   // one sample per column
///       azula::NormalSource random(42);
///       sampler.init(x, random);
///       Eigen::ArrayXXf x0 = sampler(x);
///     }
///
/// With rising times, a deterministic method runs in the opposite direction, from data to the noise that leads to it
/// (inversion):
///
///     azula::Sampler up(denoiser, azula::DDIM{}, {.start = 0.01, .stop = 1, .steps = 100});
///     Eigen::ArrayXXf noise = up(data);
///
/// A sampler is immutable. It computes all coefficients in double precision when it is built, and every call is const
/// and re-entrant. Several threads may share a sampler if they may share its denoiser. The sampler owns the denoiser; pass
/// std::ref for a denoiser that must not be copied. E is the executor that runs the parts of an update, see on().
template <class D, class M, Executor E = Serial>
class Sampler {
  static constexpr bool swapped = Method<D> && HasSchedule<M>;
  static_assert(!swapped, "azula::Sampler: the denoiser comes before the method: Sampler(denoiser, method)");
  static_assert(HasSchedule<D> || swapped,
                "azula::Sampler: the first argument is not a denoiser; it needs schedule() const that returns a "
                "reference, and a call operator()(x_t, t) const, see Denoiser in concepts.hpp; a network and its "
                "schedule become one in NetworkDenoiser, a plain function in FunctionDenoiser");
  static_assert(Method<M> || swapped,
                "azula::Sampler: the second argument is not a method, such as azula::DDIM{}, see Method in "
                "concepts.hpp; a method by its name is azula::AnyMethod(\"DDIM\")");

 public:
  /// Makes a sampler with evenly spaced times.
  /// \throws std::invalid_argument that names the option, the rule and the value.
  Sampler(D denoiser, M method, SamplerOptions options = {})
      : Sampler(std::move(denoiser), std::move(method),
                even_times(options),
                RunOptions{options.silent, options.check_finite}) {}

  /// Makes a sampler with evenly spaced times and the default options of the method. Use it when the type is spelled
  /// out: azula::zABSampler<D, 3>(denoiser, {.steps = 32}).
  // It is a template so that {} as the second argument means a default method, not default options.
  template <std::same_as<SamplerOptions> Options = SamplerOptions>
    requires std::default_initializable<M>
  explicit Sampler(D denoiser, Options options = {}) : Sampler(std::move(denoiser), M{}, options) {}

  /// Makes a sampler with given times and the default options of the method.
  /// \param times  a range of times in [0, 1], noisy first; clean first to run from data to noise. sigma_times() converts
  /// noise levels, and training_times() training steps.
  /// \throws std::invalid_argument if there are fewer than two times, they neither fall nor rise throughout, the
  /// schedule is not defined at one of them or breaks a rule of TimeGrid there, or they rise and the method draws noise.
  template <TimeRange Times>
    requires std::default_initializable<M>
  Sampler(D denoiser, const Times& times, RunOptions options = {})
      : Sampler(std::move(denoiser), M{}, times, options) {}

  /// Makes a sampler with given times and a method with its options.
  ///
  ///     const auto times = azula::karras_times(schedule, {.start = 1, .stop = 0.001, .steps = 20});
  ///     azula::Sampler sampler(denoiser, azula::xEAB<2>{}, times, {.silent = true});
  template <TimeRange Times>
  Sampler(D denoiser, M method, const Times& times, RunOptions options = {})
      : denoiser_(std::move(denoiser)), method_(std::move(method)) {
    method_.check();
    std::vector<double> nodes;
    for (auto t = std::begin(times); t != std::end(times); ++t) nodes.push_back(static_cast<double>(*t));
    plan_ = std::make_shared<const Plan>(
        make_plan(method_, target().schedule(), nodes, options.silent, options.check_finite));
  }

  /// Refuses at compile time what is neither options nor times.
  template <class Other, class... More>
    requires(!TimeRange<Other> && !std::convertible_to<const Other&, SamplerOptions>)
  Sampler(D denoiser, M method, const Other&, const More&...) : Sampler(std::move(denoiser), std::move(method)) {
    static_assert(sizeof(Other) == 0,
                  "azula::Sampler: after the method come options, such as {.steps = 32}, or a range of times, such as "
                  "a std::vector<double>");
  }

  /// Writes the noise from which a run starts into x: x_T ~ N(α_T mean, α_T² variance + σ_T²) at the first time T.
  ///
  /// The mean and the variance of the data are numbers or tensors. A tensor has the shape of x, or the shape of one
  /// sample and is then used for all samples. x may be a block or a row of a larger matrix. The mean may lie in the
  /// memory of x, as in init(plan, random, plan, 0.0).
  ///
  /// It allocates nothing if x is contiguous and has a fixed size or 32 or 64 bits per value, and mean and variance are
  /// numbers, tensors, Eigen objects that lie in memory, or expressions of a fixed size.
  /// \throws std::invalid_argument if a shape does not fit, a mean is not finite, or a variance is negative or not
  /// finite.
  template <FloatState X, class Source, class Mean = double, class Variance = double>
  void init(X&& x, Source&& random, const Mean& mean = 0.0, const Variance& variance = 1.0) const {
    static_assert(is_writable<X>,
                  "azula::Sampler: init() writes the noise into its first argument, and this one is const or an "
                  "expression");
    using S = std::remove_cvref_t<X>;
    if constexpr (!is_writable<X> || !is_source<std::remove_reference_t<Source>, S>()) {
      return;
    } else if constexpr (!HostState<X>) {
      with_scalar(x, [&](auto scalar) {
        const SampleShape shape = sample_shape(x);
        Eigen::ArrayXX<decltype(scalar)> values(shape.size, shape.samples);
        draw_first(values, random, mean, variance, plan_->grid[0], executor_);
        StateTraits<S>::write(x, values.data());
      });
    } else if constexpr (is_contiguous<X>) {
      draw_first(x, random, mean, variance, plan_->grid[0], executor_);
    } else {
      plain_t<X> values;
      resize_like(values, x);
      draw_first(values, random, mean, variance, plan_->grid[0], executor_);
      x = values;
    }
  }

  /// Refuses at compile time what is not a state.
  template <class X, class Source, class... More>
    requires(!FloatState<X>)
  void init(X&&, Source&&, const More&...) const {
    refuse_state<X>();
  }

  /// A copy of this sampler that splits the update and the noise of one large state among the threads of an executor.
  /// The result has the same bits as on one thread.
  ///
  ///     const auto sampler = azula::Sampler(denoiser, azula::DDPM{}, {.steps = 50}).on(azula::Threads(4));
  ///
  /// Threads is in azula/sample/threads.hpp. To use a thread pool of your own, see Executor in concepts.hpp. Updates of
  /// fewer than 65,536 values are not split. The random source must allow several threads to fill parts of the same
  /// draw.
  template <Executor F>
  Sampler<D, M, F> on(F executor) const& {
    return {denoiser_, method_, plan_, std::move(executor)};
  }
  /// Moves this temporary sampler into one that uses an executor, without copying the denoiser.
  template <Executor F>
  Sampler<D, M, F> on(F executor) && {
    return {std::move(denoiser_), std::move(method_), plan_, std::move(executor)};
  }

  /// Starts a run that the caller advances stage by stage, see Run for an example.
  ///
  /// The run holds a copy of x, or x itself if it is moved in. A Map or TensorMap is advanced in place.
  template <FloatState X>
  auto start(X&& x) const {
    return Run<std::remove_cvref_t<X>, M::history, E>(plan_, std::forward<X>(x), executor_);
  }
  /// Refuses at compile time what is not a state.
  template <class X>
    requires(!FloatState<X>)
  Refused start(X&&) const {
    return refuse_state<X>();
  }

  /// Draws a sample: takes the state x at the first time and returns the state at the last. For deterministic methods.
  template <FloatState X>
  auto operator()(X&& x) const {
    return run(std::forward<X>(x)).state;
  }

  /// Draws a sample with a random source, or with an observer.
  ///
  ///     x0 = sampler(x, random);
  ///     x0 = sampler(x, [](const azula::StepInfo& step, const auto& x_s) { return step.index < 9; });   // ten steps
  ///
  /// \param last  a source of noise, which is advanced; or an observer, which is called after each step as
  /// observer(StepInfo, state) or observer(StepInfo, state, mean). If an observer returns false, the run ends there.
  /// \throws std::invalid_argument if a stochastic method has no source, or a mean has the wrong shape;
  /// \throws std::runtime_error if a mean is not finite, with the step, the time and the sample.
  template <FloatState X, class SourceOrObserver>
  auto operator()(X&& x, SourceOrObserver&& last) const {
    return run(std::forward<X>(x), last).state;
  }

  /// Draws a sample with a random source and an observer.
  template <FloatState X, class Source, class O>
  auto operator()(X&& x, Source&& random, O&& observer) const {
    return run(std::forward<X>(x), random, observer).state;
  }

  /// Refuses at compile time what is not a state.
  template <class X, class... More>
    requires(!FloatState<X>)
  Refused operator()(X&&, const More&...) const {
    return refuse_state<X>();
  }

  /// Draws a sample and also reports how far the run has come, which matters if an observer may end it.
  ///
  ///     const auto [state, steps, evaluations, finished] = sampler.run(x, observer);
  ///
  /// The overloads take the same arguments as operator() and return a RunResult.
  template <FloatState X>
  auto run(X&& x) const {
    return drive(std::forward<X>(x), nothing, nothing);
  }

  /// Draws a sample with a random source, or with an observer, and returns a RunResult.
  template <FloatState X, class SourceOrObserver>
  auto run(X&& x, SourceOrObserver&& last) const {
    using Last = std::remove_reference_t<SourceOrObserver>;
    if constexpr (RandomSource<Last, noise_t<X>>) {
      return drive(std::forward<X>(x), last, nothing);
    } else if constexpr (is_observer<Last, state_t<X>>()) {
      return drive(std::forward<X>(x), nothing, last);
    } else {
      return RunResult<Refused>{};
    }
  }

  /// Draws a sample with a random source and an observer, and returns a RunResult.
  template <FloatState X, class Source, class O>
  auto run(X&& x, Source&& random, O&& observer) const {
    if constexpr (!is_source<std::remove_reference_t<Source>, state_t<X>>()) {
      return RunResult<Refused>{};
    } else if constexpr (!is_observer<std::remove_reference_t<O>, state_t<X>>()) {
      return RunResult<Refused>{};
    } else {
      return drive(std::forward<X>(x), random, observer);
    }
  }

  /// Refuses at compile time what is not a state.
  template <class X, class... More>
    requires(!FloatState<X>)
  RunResult<Refused> run(X&&, const More&...) const {
    refuse_state<X>();
    return {};
  }

  /// The times of the run in order; there are steps() + 1 of them.
  Eigen::ArrayXd timesteps() const {
    Eigen::ArrayXd times(static_cast<Eigen::Index>(plan_->grid.size()));
    for (Eigen::Index i = 0; i < times.size(); ++i) times(i) = plan_->grid[static_cast<std::size_t>(i)].t;
    return times;
  }

  /// The stages of a run with all their coefficients, in order. `std::cout << sampler.stages()` prints them as a table.
  const std::vector<Stage>& stages() const& { return plan_->stages; }
  std::vector<Stage> stages() && { return plan_->stages; }  ///< a copy, as the sampler is a temporary
  std::ptrdiff_t steps() const { return plan_->steps(); }

  /// How many times a run evaluates the denoiser.
  std::ptrdiff_t evaluations() const {
    const auto& all = plan_->stages;
    return std::count_if(all.begin(), all.end(), [](const Stage& stage) { return stage.evaluates; });
  }

  /// The plan that all runs of this sampler share. Run<X, M::history>(sampler.plan(), x) is the run that start(x)
  /// makes.
  const std::shared_ptr<const Plan>& plan() const { return plan_; }

  const denoiser_t<D>& denoiser() const { return target(); }  ///< the denoiser that the sampler owns or refers to
  const M& method() const { return method_; }                 ///< the method with its options

 private:
  template <class, class, Executor>
  friend class Sampler;

  Sampler(D denoiser, M method, std::shared_ptr<const Plan> plan, E executor)
      : denoiser_(std::move(denoiser)), method_(std::move(method)), plan_(std::move(plan)), executor_(std::move(executor)) {}

  static std::vector<double> even_times(const SamplerOptions& options) {
    require_count(options.steps, 1, "Sampler", "steps");
    return linear_times({options.start, options.stop, options.steps}, "Sampler");
  }

  struct Nothing {};
  static constexpr Nothing nothing{};

  const denoiser_t<D>& target() const { return denoiser_; }

  template <class X, class Source, class O>
  auto drive(X&& x, Source& random, O& observer) const {
    auto run = start(std::forward<X>(x));
    using S = std::remove_cvref_t<decltype(run.state())>;
    Evaluation<denoiser_t<D>, S> evaluation(run.state());
    MeanCopy<O, S> mean(run.mean());
    ProgressBar bar(plan_->silent);
    try {
      bool go_on = true;
      while (go_on && !run.done()) {
        const std::ptrdiff_t step = run.step();
        if (run.evaluates()) {
          evaluation(target(), run.state(), run.stage(), run.mean());
          mean = run.mean();
        }
        if constexpr (std::is_same_v<Source, const Nothing>) {
          run.advance();
        } else {
          run.advance(random);
        }
        if (run.step() == step) continue;
        bar.show(plan_->method, step + 1, run.steps());
        go_on = tell(observer, step, run.state(), mean);
      }
    } catch (const NotFinite& error) {
      // The caller's state is still what it was if the run has made a copy.
      constexpr bool copied = std::is_lvalue_reference_v<X> && !is_view<S> && std::is_same_v<S, std::remove_cvref_t<X>>;
      if constexpr (copied && HostState<S>) throw error.started(x);
      throw;
    }
    const std::ptrdiff_t steps = run.step(), evaluations = run.evaluations();
    const bool finished = run.done();
    return RunResult<S>{std::move(run).state(), steps, evaluations, finished};
  }

  /// Calls the observer, if there is one; returns whether to continue.
  template <class O, class X>
  bool tell(O& observer, std::ptrdiff_t step, const X& x, const MeanCopy<O, X>& mean) const {
    const StepInfo info = plan_->info(step);
    if constexpr (std::is_same_v<O, const Nothing>) {
      return true;
    } else if constexpr (MeanObserver<O, X>) {
      return goes_on([&]() -> decltype(auto) { return observer(info, x, mean.value()); });
    } else {
      return goes_on([&]() -> decltype(auto) { return observer(info, x); });
    }
  }

  /// The answer of an observer; an observer that returns nothing means "continue".
  template <class Call>
  static bool goes_on(const Call& call) {
    if constexpr (std::is_convertible_v<decltype(call()), bool>) {
      return call();
    } else {
      call();
      return true;
    }
  }

  D denoiser_;
  M method_;
  std::shared_ptr<const Plan> plan_;
  [[no_unique_address]] E executor_{};
};

/// Sampler(denoiser, {.steps = 32}) lacks the method, which the compiler then says.
template <class D>
Sampler(D, SamplerOptions) -> Sampler<D, NoMethod>;

}  // namespace azula
