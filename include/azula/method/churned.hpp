#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/churn.hpp"

namespace azula {

/// Adds noise before each step of a deterministic method M, as in the stochastic sampler of EDM; see Churn.
///
///     azula::Sampler sampler(denoiser, azula::Churned{azula::Euler{}, {.s_churn = 10}}, {.steps = 50});
///
/// Heun and DPM2 have churn of their own: Heun{.churn}. A step takes as many evaluations as a step of M. With a fixed
/// s_churn the distribution of the samples converges with M's order, if M is a one-step method. A multistep M keeps its
/// predictions across the noise and is of order 1.
///
/// M must not rely on the results of earlier steps, as methods with a corrector do. The times must fall.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), algorithm 2.
template <class M>
struct Churned {
  static_assert(!requires(const M& m) { m.churn; },
                "azula::Churned: this method has churn of its own, as Heun{.churn}");
  static_assert(!requires { M::spans_steps; },
                "azula::Churned: the method inside relies on the state where its last step ended, and noise moves that");

  M method;
  Churn churn;  ///< how much noise, and where

  static constexpr int history = M::history;

  std::string name() const { return "Churned " + method.name(); }
  /// \throws std::invalid_argument if an option of the churn or of the method is out of range.
  void check() const {
    method.check();
    churn.check("Churned");
  }

  /// \throws std::invalid_argument if the times rise and there is churn.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (churn.s_churn == 0) return method.append(stages, grid, i);
    TimeGrid noisier = grid;
    const std::size_t oldest = i - (std::min)(i, static_cast<std::size_t>(history - 1));
    for (std::size_t j = oldest; j < i; ++j) {  // M's predictions were made at the noisier nodes
      std::vector<Stage> passed;
      noisier = noisier.replaced(j, churn.before_step(passed, grid, j));
    }
    method.append(stages, noisier.replaced(i, churn.before_step(stages, grid, i)), i);
  }
};

template <class M>
Churned(M, Churn) -> Churned<M>;

}  // namespace azula
