#pragma once
/// \file
/// Sampling of frames that have different noise levels, such as an endless video. Not part of azula.hpp.

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// Options of a FrameRun: how its frames follow each other.
struct FrameOptions {
  std::ptrdiff_t delay = 1;    ///< evaluations between the starts of neighbouring frames; with 0 all start at once, with
                               ///< the number of evaluations of one frame each starts when the one before is finished
  std::ptrdiff_t known = 0;    ///< how many clean frames are given, in the first columns of the state
  std::ptrdiff_t context = 1;  ///< how many clean frames stay visible to the network after take() has returned them
  std::optional<double> clean_time = {};  ///< the time the network gets for clean frames; by default the last time
};

/// Draws a sequence of frames, each at its own noise level, so that near frames are finished while far ones are still
/// noise.
///
/// This is diffusion forcing. The frames, of a video or of a plan of actions, are the columns of the state. They all
/// follow the steps of one sampler, but each starts later than its predecessor. The denoiser sees all frames at once,
/// with one time per frame: it satisfies WritesMean with SampleTimes.
///
///     const azula::Sampler sampler(std::ref(denoiser), azula::DDIM{}, {.steps = 16, .silent = true});
///     const auto noise = [](std::int64_t frame) { return azula::NormalSource(42, frame); };
///     azula::FrameRun run(sampler, Eigen::ArrayXXf(64, 9), noise, {.delay = 2, .context = 1});
///     for (;;) {                                     // an endless sequence
///       run.step();                                  // one evaluation of the denoiser
///       while (run.ready()) show(run.take());
///     }
///
/// Frames are numbered from the first one that is not given. Frame n starts n times `delay` evaluations after frame 0.
/// If it enters the state only later than that, it starts as soon as it enters, and the frames after it follow at
/// intervals of `delay`. Its noise, the initial one and that of its steps, comes from a source of its own, noise(n).
///
/// take() returns the oldest finished frame. If more than `context` frames in the state have been taken, the oldest of
/// them leaves the state and a new frame enters at the other end as noise. For a sequence of fixed length, do not call
/// take(): call step() until done(), then read state().
///
/// To evaluate the network yourself, call denoise(run.state(), run.times(), run.mean()) and then run.advance(). If a
/// mean or a source causes an exception, the whole run is over: failed() and done() are true, no frame is ready, and
/// further calls are refused. An exception of the denoiser in step() changes nothing.
///
/// Chen et al., 2024 (https://arxiv.org/abs/2407.01392).
template <class S, DenseExpression X, class Noise>
class FrameRun {
  using D = std::remove_cvref_t<decltype(std::declval<const S&>().denoiser())>;
  using Column = Eigen::ArrayX<scalar_t<X>>;
  using Run = decltype(std::declval<const S&>().start(std::declval<Column>()));
  using Source = std::remove_cvref_t<std::invoke_result_t<const Noise&, std::int64_t>>;
  static_assert(!is_view<X>, "azula::FrameRun: it moves frames, so it owns its state; pass an array and not a Map");

 public:
  using Frames = plain_t<X>;  ///< type of the state, with one frame per column

  /// Starts a run: draws the noise of all frames that are not given.
  /// \param sampler  its method, times and denoiser are used for every frame
  /// \param frames  its columns are the frames (its rows, if it is row-major); given frames are read, the others are
  /// overwritten
  /// \param noise  a callable that makes the random source of frame n from its number, a std::int64_t
  /// \throws std::invalid_argument that names the option, the rule and the value; what init() of the sampler throws.
  FrameRun(S sampler, X frames, Noise noise, const FrameOptions& options = {})
      : sampler_(std::move(sampler)),
        noise_(std::move(noise)),
        options_(options),
        state_(std::move(frames)),
        mean_(state_),
        evaluation_(state_) {
    const std::ptrdiff_t count = sample_shape(state_).samples;
    require_count(count, 1, "FrameRun", "frames");
    require_count(options_.delay, 0, "FrameRun", "the delay");
    require_at_most(options_.known, count - 1, "known");
    require_at_most(options_.context, count - 1, "context");
    if (!options_.clean_time) options_.clean_time = sampler_.timesteps()(sampler_.steps());
    times_.resize(count);
    for (taken_ = 0; taken_ < options_.known; ++taken_) frames_.emplace_back();
    while (static_cast<std::ptrdiff_t>(frames_.size()) < count) enter();
  }

  const Frames& state() const { return state_; }       ///< all frames that the network sees
  const SampleTimes& times() const { return times_; }  ///< the time of each frame, at which to evaluate the denoiser
  Frames& mean() { return mean_; }                      ///< write E[X | x_t] of all frames here before advance()
  bool failed() const { return failed_; }               ///< whether an exception has ended the run

  /// Whether all frames in the state are finished, or the run has failed.
  bool done() const { return failed_ || clean() == static_cast<std::ptrdiff_t>(frames_.size()); }

  /// Evaluates the sampler's denoiser once and calls advance().
  /// \throws std::logic_error after a failure.
  void step() {
    require_going("step()");
    evaluation_(sampler_.denoiser(), state_, times_, mean_);
    advance();
  }

  /// Updates all frames that have started and are not finished. The means of the other frames are ignored.
  /// \throws std::logic_error after a failure.
  void advance() {
    require_going("advance()");
    require_shape(mean_, state_, "FrameRun", "the mean must have the shape of the state");
    failed_ = true;  // until all frames have been updated
    auto values = samples(state_), means = samples(mean_);
    for (std::size_t j = 0; j < frames_.size(); ++j) {
      auto& frame = frames_[j];
      if (!frame || frame->begins > tick_ || frame->run.done()) continue;
      const auto column = static_cast<Eigen::Index>(j);
      frame->run.mean() = means.col(column).array();
      frame->run.advance(frame->source);
      frame->pass();
      values.col(column) = frame->run.state();
    }
    ++tick_;
    tell_times();
    failed_ = false;
  }

  /// Whether there is a finished frame that has not been taken.
  bool ready() const { return !failed_ && clean() > taken_; }

  /// Returns the oldest finished frame that has not been taken. For each frame that leaves the state, a new one enters.
  /// \throws std::logic_error if there is none, or after a failure.
  Column take() {
    require_going("take()");
    if (!ready()) throw std::logic_error("azula::FrameRun: take() where no frame is ready, see ready()");
    Column result = samples(state_).col(taken_++).array();
    failed_ = true;  // until the new frames are in place
    while (taken_ > options_.context) {
      auto values = samples(state_);
      for (Eigen::Index j = 0; j + 1 < values.cols(); ++j) values.col(j) = values.col(j + 1);
      frames_.pop_front();
      --taken_;
      enter();
    }
    failed_ = false;
    return result;
  }

 private:
  /// A frame that is drawn, not given.
  struct Frame {
    Run run;
    Source source;
    std::ptrdiff_t begins;  // the tick of the frame's first evaluation

    /// Advances to the next stage that needs a mean, or to the end.
    void pass() {
      while (!run.done() && !run.evaluates()) run.advance(source);
    }
  };

  void require_going(const char* call) const {
    if (failed_) throw std::logic_error(join({"azula::FrameRun: ", call, " after an error, which has ended the run"}));
  }

  static void require_at_most(std::ptrdiff_t value, std::ptrdiff_t most, const char* name) {
    require_count(value, 0, "FrameRun", name);
    if (value > most) reject("FrameRun", join({name, " must be less than the number of frames"}), std::to_string(value));
  }

  /// Appends a new frame of noise.
  void enter() {
    Source source = noise_(entered_++);
    Column column(sample_shape(state_).size);
    sampler_.init(column, source);
    const bool first = frames_.empty() || !frames_.back();
    const std::ptrdiff_t begins = first ? tick_ : (std::max)(tick_, frames_.back()->begins + options_.delay);
    frames_.push_back(Frame{sampler_.start(std::move(column)), std::move(source), begins});
    frames_.back()->pass();
    samples(state_).col(static_cast<Eigen::Index>(frames_.size()) - 1) = frames_.back()->run.state();
    tell_times();
  }

  /// The number of finished frames at the front.
  std::ptrdiff_t clean() const {
    std::size_t count = 0;
    while (count < frames_.size() && (!frames_[count] || frames_[count]->run.done())) ++count;
    return static_cast<std::ptrdiff_t>(count);
  }

  void tell_times() {
    for (std::size_t j = 0; j < frames_.size(); ++j) {
      const bool clean = !frames_[j] || frames_[j]->run.done();
      times_(static_cast<Eigen::Index>(j)) = clean ? *options_.clean_time : frames_[j]->run.time();
    }
  }

  S sampler_;
  Noise noise_;
  FrameOptions options_;
  Frames state_, mean_;
  Evaluation<D, Frames> evaluation_;
  SampleTimes times_;
  std::deque<std::optional<Frame>> frames_;  // one per column; empty for a given frame
  std::ptrdiff_t tick_ = 0;                  // evaluations so far
  std::ptrdiff_t taken_ = 0;                 // frames in the state that were taken or given
  std::int64_t entered_ = 0;                 // number of the next frame to draw
  bool failed_ = false;                      // also true while frames are being updated
};

}  // namespace azula
