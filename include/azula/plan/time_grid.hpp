#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/towards_clean.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The times of a run, with the scales α_t and σ_t of the schedule at each of them. Methods compute their coefficients
/// from it.
///
///     const azula::TimeGrid grid(azula::VPSchedule{}, {1, 0.7, 0.4, 0});
///     const azula::Node& t = grid[0];                   // t.t, t.alpha, t.sigma
///     const azula::Node middle = grid.at(0.85);         // the schedule between the nodes
///
/// Times fall from noise to data, or rise from data to noise. The constructor guarantees the following:
///
/// - There are at least two nodes. Times are finite and monotone; α and σ are finite and not negative.
/// - Times are where the schedule is defined, [0, 1] for most; a schedule of your own may say so, see TimeInterval.
/// - Along falling times, α/σ rises. So α = 0 is possible only at the first node, and σ = 0 only at the last.
/// - Along rising times, α/σ falls. So α = 0 is possible only at the last node. σ = 0 is not allowed anywhere, because
///   a state without noise does not determine the noise to which it leads.
class TimeGrid {
 public:
  /// Evaluates the schedule at all times and checks the rules above.
  /// \param schedule  a Schedule
  /// \param times  at least two times, falling or rising
  /// \throws std::invalid_argument that names the broken rule, the time and the value.
  template <class S>
  TimeGrid(const S& schedule, const std::vector<double>& times)
      : scales_([schedule](double t) {
          const auto scales = schedule(t);
          return Scales{static_cast<double>(scales.alpha), static_cast<double>(scales.sigma)};
        }),
        time_of_log_snr_([schedule](double lambda, double low, double high) {
          return time_of_log_snr(schedule, lambda, low, high);
        }),
        towards_clean_([schedule](double t, double share) { return azula::towards_clean(schedule, t, share); }) {
    if (times.size() < 2) reject("Sampler", "at least two times are needed", std::to_string(times.size()));
    nodes_.reserve(times.size());
    for (const double t : times) {
      require_finite("Sampler", "times must be finite", t);
      require_time(schedule, "Sampler", t);
      add(t);
    }
  }

  std::size_t size() const { return nodes_.size(); }                 ///< the number of nodes: steps + 1
  const Node& operator[](std::size_t i) const { return nodes_[i]; }  ///< node i, in the order of the run

  /// Whether times rise, that is, whether the run goes from data to noise.
  bool rises() const { return nodes_[1].t > nodes_[0].t; }

  /// Checks that times fall, which a method that draws noise needs.
  /// \param method  the name of the method
  /// \throws std::invalid_argument if the run goes from data to noise: random noise cannot lead back to given noise.
  void require_falling(const char* method) const {
    if (rises()) {
      reject(method, "a method that draws noise needs times that fall, from noise to data",
             join({show(nodes_[0].t), " to ", show(nodes_.back().t)}));
    }
  }

  /// The time t and the scales of the schedule there, for any t.
  Node at(double t) const {
    const Scales scales = scales_(t);
    return {t, scales.alpha, scales.sigma};
  }

  /// The node between nodes t and s at which log α/σ = lambda.
  Node between(const Node& t, const Node& s, double lambda) const {
    return at(time_of_log_snr_(lambda, std::fmin(s.t, t.t), std::fmax(s.t, t.t)));
  }
  /// The node between nodes i and i + 1 at which log α/σ = lambda.
  Node at_log_snr(double lambda, std::size_t i) const { return between(nodes_[i], nodes_[i + 1], lambda); }

  /// The node between the first node and node i at which log α/σ = lambda, or the first node if there is none. For
  /// falling times.
  Node noisier(double lambda, std::size_t i) const {
    return at(time_of_log_snr_(lambda, nodes_[i].t, nodes_.front().t));
  }

  /// The node at the time that is `share` of the time of n, see azula::towards_clean().
  Node towards_clean(const Node& n, double share) const { return at(towards_clean_(n.t, share)); }
  /// The node between node i and the last node at which log α/σ = lambda, or the last node if there is none. For
  /// falling times.
  Node cleaner(double lambda, std::size_t i) const {
    return at(time_of_log_snr_(lambda, nodes_.back().t, nodes_[i].t));
  }

  /// A copy of this grid with another node i, which need not lie on the schedule.
  TimeGrid replaced(std::size_t i, const Node& node) const {
    TimeGrid grid = *this;
    grid.nodes_[i] = node;
    return grid;
  }

  /// A grid on the same schedule that consists of `nodes`, followed by the nodes of this grid from number `from` on.
  TimeGrid spliced(std::vector<Node> nodes, std::size_t from) const {
    TimeGrid grid = *this;
    nodes.insert(nodes.end(), nodes_.begin() + static_cast<std::ptrdiff_t>(from), nodes_.end());
    grid.nodes_ = std::move(nodes);
    return grid;
  }

 private:
  void add(double t) {
    const Node next = at(t);
    if (!(next.alpha >= 0 && is_finite(next.alpha))) complain("alpha", next.t, next.alpha);
    if (!(next.sigma >= 0 && is_finite(next.sigma))) complain("sigma", next.t, next.sigma);
    if (!nodes_.empty()) check_order(nodes_.back(), next);
    nodes_.push_back(next);
  }

  void check_order(const Node& t, const Node& s) const {
    const bool rising = nodes_.size() == 1 ? s.t > t.t : rises();
    if (!(rising ? s.t > t.t : s.t < t.t)) {
      const char* rule = rising ? "times that begin to rise must rise" : "times must fall, noisy first";
      reject("Sampler", rule, join({show(s.t), " after ", show(t.t)}));
    }
    if (rising && t.sigma == 0) reject("Sampler", "sigma must be positive where rising times begin", "0");
    const double before = t.alpha * s.sigma, after = s.alpha * t.sigma;
    if (!(rising ? after < before : after > before)) {
      reject("Sampler",
             join({"the signal-to-noise ratio alpha/sigma must ", rising ? "fall along rising times" :
                   "rise from each time to the next"}),
             join({show(s.alpha / s.sigma), " at time ", show(s.t), " after ", show(t.alpha / t.sigma), " at time ",
                   show(t.t)}));
    }
  }

  [[noreturn]] static void complain(const char* scale, double t, double value) {
    reject("Sampler", join({scale, " must be finite and not negative at time ", show(t)}), show(value));
  }

  std::function<Scales(double)> scales_;
  std::function<double(double, double, double)> time_of_log_snr_;
  std::function<double(double, double)> towards_clean_;
  std::vector<Node> nodes_;
};

}  // namespace azula
