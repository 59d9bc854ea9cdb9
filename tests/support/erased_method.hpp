#pragma once
/// \file
/// Methods behind one type, and stages advanced without a sampler: a test that loops over all methods
/// compiles one loop and not one sampler per method.

#include <Eigen/Core>

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"

struct ErasedMethod {
  std::string name;
  int history = 0;
  std::function<void()> check;
  std::function<void(std::vector<azula::Stage>&, const azula::TimeGrid&, std::size_t)> append;
};

template <azula::Method M>
ErasedMethod erased(M method) {
  return {method.name(), M::history, [=] { method.check(); },
          [=](std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) {
            method.append(stages, grid, i);
          }};
}

/// The stages of all steps of a grid, as a sampler makes them.
inline std::vector<azula::Stage> stages_of(const ErasedMethod& method, const azula::TimeGrid& grid) {
  method.check();
  std::vector<azula::Stage> stages;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    const std::size_t before = stages.size();
    method.append(stages, grid, i);
    for (std::size_t j = before; j < stages.size(); ++j) stages[j].step = static_cast<std::ptrdiff_t>(i);
  }
  return stages;
}

/// What a stage does, word for word; more predictions are kept than any method asks for.
class Interpreter {
 public:
  explicit Interpreter(Eigen::ArrayXd x) : x_(std::move(x)) {}

  const Eigen::ArrayXd& state() const { return x_; }
  void set_state(Eigen::ArrayXd x) { x_ = std::move(x); }

  /// \param noise  ε; not looked at if the stage has none
  void advance(const azula::Stage& stage, const Eigen::ArrayXd& mean, const Eigen::ArrayXd& noise) {
    const Eigen::ArrayXd p = stage.u * x_ + stage.v * mean;
    x_ = stage.evaluates ? Eigen::ArrayXd(stage.a * x_ + stage.b * mean) : Eigen::ArrayXd(stage.a * x_);
    for (int j = 0; j < stage.older; ++j) {
      x_ += stage.h[static_cast<std::size_t>(j)] *
            remembered_.at(remembered_.size() - 1 - static_cast<std::size_t>(j));
    }
    if (stage.c != 0) x_ += stage.c * noise;
    if (!stage.evaluates) return;
    if (remembered_.size() == 32) remembered_.erase(remembered_.begin());
    remembered_.push_back(p);
    for (int j = 0; j < stage.drop; ++j) remembered_.pop_back();
  }

 private:
  Eigen::ArrayXd x_;
  std::vector<Eigen::ArrayXd> remembered_;
};

/// A run with recorded noise, one value per draw, of a state of one value.
/// \param mean  (x_t, t) -> E[X | x_t]
template <class Mean>
std::vector<double> states_after_steps(const std::vector<azula::Stage>& stages, double x, Mean&& mean,
                                       const std::vector<double>& noise = {}) {
  Interpreter run(Eigen::ArrayXd::Constant(1, x));
  std::vector<double> states;
  std::size_t draw = 0;
  for (std::size_t k = 0; k < stages.size(); ++k) {
    const azula::Stage& stage = stages[k];
    const double epsilon = stage.c != 0 ? noise.at(draw++) : 0;
    run.advance(stage, Eigen::ArrayXd::Constant(1, mean(run.state()(0), stage.time)),
                Eigen::ArrayXd::Constant(1, epsilon));
    if (k + 1 == stages.size() || stages[k + 1].step != stage.step) states.push_back(run.state()(0));
  }
  return states;
}
