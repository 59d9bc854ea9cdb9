#pragma once

#include "fashion_network.hpp"
#include "progress.hpp"

#include <azula/azula.hpp>
#include <azula/guide.hpp>

#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace examples {

/// Draws clothes of the ten classes in turn, always from the same noise, and measures how far they are from a fine run.
///
/// The schedule may be any, because KarrasDenoiser scales the network's input and tells it log σ/α. Means are
/// remembered: runs that begin with the same steps evaluate the network there only once.
template <azula::Schedule S>
class Clothes {
 public:
  Clothes(S schedule, double guidance, Eigen::Index images) : schedule_(std::move(schedule)), guidance_(guidance) {
    labels_.resize(images);
    for (Eigen::Index i = 0; i < images; ++i) labels_(i) = static_cast<int>(i % FashionNetwork::classes);
    noise_.resize(FashionNetwork::pixels, images);
    azula::NormalSource random(3);
    azula::Sampler(denoiser(), azula::Euler{}, std::vector{1.0, 0.5}).init(noise_, random);
  }

  /// Makes the fine run, with which the others are compared from now on. \param program  its name, for the progress
  template <azula::Method M>
  void refine(const std::string& program, const M& method, const std::vector<double>& times) {
    Progress progress(program + ": a fine run of " + std::to_string(noise_.cols()) + " clothes", std::ssize(times) - 1,
                      "steps");
    fine_ = azula::Sampler(denoiser(), method, times, {.silent = true})(
        noise_, [&](const azula::StepInfo&, const auto&) { progress.next(); });
  }

  const Eigen::ArrayXXf& fine() const { return fine_; }

  template <azula::Method M>
  std::ptrdiff_t evaluations(const M& method, const std::vector<double>& times) const {
    return azula::Sampler(denoiser(), method, times).evaluations();
  }

  template <azula::Method M>
  Eigen::ArrayXXf draw(const M& method, const std::vector<double>& times) const {
    const auto remembering = [&](const Eigen::ArrayXXf& x, double t, Eigen::ArrayXXf& mean) {
      const std::string_view bytes(reinterpret_cast<const char*>(x.data()),
                                   sizeof(float) * static_cast<std::size_t>(x.size()));
      if (means_.size() >= 1000) means_.clear();
      const auto [at, is_new] = means_.try_emplace({t, std::hash<std::string_view>{}(bytes)});
      if (is_new) {
        at->second.resizeLike(x);
        denoiser()(x, t, at->second);
      }
      mean = at->second;
    };
    const azula::FunctionDenoiser remembered(remembering, schedule_);
    return azula::Sampler(remembered, method, times, {.silent = true, .check_finite = false})(noise_);
  }

  /// The root mean square distance per pixel to the fine run.
  template <azula::Method M>
  double operator()(const M& method, const std::vector<double>& times) const {
    return std::sqrt((draw(method, times) - fine_).square().mean());
  }

 private:
  auto denoiser() const {
    const azula::KarrasDenoiser positive(network_.conditioned(labels_), schedule_), negative(network_, schedule_);
    return azula::GuidedDenoiser(positive, negative, guidance_);
  }

  S schedule_;
  double guidance_;
  FashionNetwork network_{AZULA_EXAMPLES_DATA "/fashion.safetensors"};
  Eigen::ArrayXi labels_;
  Eigen::ArrayXXf noise_, fine_;
  mutable std::map<std::pair<double, std::size_t>, Eigen::ArrayXXf> means_;
};

}  // namespace examples
