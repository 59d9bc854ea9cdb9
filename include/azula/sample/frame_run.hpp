#pragma once
/// \file
/// Frames of one sample that have times of their own; not part of azula.hpp.

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

/// How the frames of a FrameRun follow each other.
struct FrameOptions {
  std::ptrdiff_t delay = 1;    ///< evaluations between the starts of two neighbours: 0, all at once; as many as a frame
                               ///< takes, one after the other
  std::ptrdiff_t known = 0;    ///< how many frames are given, clean, as the first columns of the state
  std::ptrdiff_t context = 1;  ///< how many clean frames stay in view of the network once they are taken
  std::optional<double> clean_time = {};  ///< what the network is told of clean frames; without it, the last time
};

/// One sample whose columns, the frames of a video or the actions of a plan, are at different places of one sampler's
/// steps, so that the near ones are clean while the far ones are still noise (diffusion forcing). Frame n starts n `delay`
/// evaluations after frame 0, or as soon as it comes into view where that is later, and the next ones `delay` after it.
/// The denoiser sees all frames at once, with a time for each: WritesMean with SampleTimes.
///
///     const azula::Sampler sampler(std::ref(denoiser), azula::DDIM{}, {.steps = 16, .silent = true});
///     const auto noise = [](std::int64_t frame) { return azula::NormalSource(42, frame); };
///     azula::FrameRun run(sampler, Eigen::ArrayXXf(64, 9), noise, {.delay = 2, .context = 1});
///     for (;;) {              // without an end
///       run.step();           // one evaluation
///       while (run.ready()) show(run.take());
///     }
///
/// take() hands out the oldest frame that is clean. Behind the youngest one another begins as noise; the oldest in view
/// goes, once there are more than `context` that were taken. Who wants no more frames than columns steps until done(), and
/// reads state(). The noise of frame n, its first and that of its steps, is that of a source of its own, noise(n).
///
/// Own loops: denoise(run.state(), run.times(), run.mean()), then run.advance(). Where an exception of a mean or of a
/// source ends the run of one frame, all of it has ended: failed() says so, done() is true, no frame is ready, and
/// further calls are refused. After one of the denoiser nothing has changed.
/// Chen et al., 2024 (https://arxiv.org/abs/2407.01392).
template <class S, DenseExpression X, class Noise>
class FrameRun {
  using D = std::remove_cvref_t<decltype(std::declval<const S&>().denoiser())>;
  using Column = Eigen::ArrayX<scalar_t<X>>;
  using Run = decltype(std::declval<const S&>().start(std::declval<Column>()));
  using Source = std::remove_cvref_t<std::invoke_result_t<const Noise&, std::int64_t>>;
  static_assert(!is_view<X>, "azula::FrameRun: it moves frames, so it owns its state; pass an array and not a Map");

 public:
  using Frames = plain_t<X>;  ///< the state, a frame per column

  /// \param frames  its columns (rows, if it is row-major) are the frames; the known ones are read, the others written
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

  const Frames& state() const { return state_; }       ///< all frames in view
  const SampleTimes& times() const { return times_; }  ///< of each frame: where its mean is asked for
  Frames& mean() { return mean_; }                      ///< where E[X | x_t] of all frames goes before advance()
  bool failed() const { return failed_; }               ///< whether an exception has ended it

  /// Whether all frames are clean, or it has failed.
  bool done() const { return failed_ || clean() == static_cast<std::ptrdiff_t>(frames_.size()); }

  /// One evaluation of the sampler's denoiser, and advance().
  /// \throws std::logic_error after a failure.
  void step() {
    require_going("step()");
    evaluation_(sampler_.denoiser(), state_, times_, mean_);
    advance();
  }

  /// The update of all frames that are under way; the means of the others are not looked at.
  /// \throws std::logic_error after a failure.
  void advance() {
    require_going("advance()");
    require_shape(mean_, state_, "FrameRun", "the mean must have the shape of the state");
    failed_ = true;  // until all have moved
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

  /// Whether there is a clean frame that was not taken.
  bool ready() const { return !failed_ && clean() > taken_; }

  /// The oldest clean frame that was not taken yet; another one enters for each that goes out of view.
  /// \throws std::logic_error if there is none, or after a failure.
  Column take() {
    require_going("take()");
    if (!ready()) throw std::logic_error("azula::FrameRun: take() where no frame is ready, see ready()");
    Column result = samples(state_).col(taken_++).array();
    failed_ = true;  // until those that enter are there
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
  /// A frame that is not known from the start.
  struct Frame {
    Run run;
    Source source;
    std::ptrdiff_t begins;  // the tick of its first evaluation

    /// Goes on to where a mean is wanted, or to the end.
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

  /// Another frame behind those that are there, as noise.
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

  /// How many of the first frames are.
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
  std::deque<std::optional<Frame>> frames_;  // those in view; nothing for one that was known
  std::ptrdiff_t tick_ = 0;                  // evaluations so far
  std::ptrdiff_t taken_ = 0;                 // of those in view, known ones included
  std::int64_t entered_ = 0;                 // number of the next frame that is drawn
  bool failed_ = false;                      // also while frames move
};

}  // namespace azula
