#include "azula/noise/time_interval.hpp"

#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/ddim.hpp"
#include "azula/noise.hpp"
#include "azula/plan/time_grid.hpp"
#include "azula/sample/adaptive_sampler.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time/clean_end.hpp"
#include "azula/time/karras_times.hpp"
#include "azula/time/linear_times.hpp"
#include "azula/time/log_snr_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

const std::vector<double> sigmas{80, 24, 5, 1, 0.1, 0};

template <class S>
std::string complaint_of_times(const S& schedule, const std::vector<double>& times) {
  return complaint([&] { azula::TimeGrid(schedule, times); });
}

}  // namespace

TEST_CASE("times outside of a schedule are refused with what converts other numbers", "[noise]") {
  const std::string vp = "azula::Sampler: times must be in [0, 1]; training steps need a DiscreteSchedule, noise levels "
                         "sigma/alpha go through sigma_times(), got ";
  CHECK(complaint_of_times(azula::VPSchedule{}, {14.6, 2, 0.1}) == vp + "14.6");
  CHECK(complaint_of_times(azula::VPSchedule{}, {2, 1, 0}) == vp + "2");
  CHECK(complaint_of_times(azula::CosineSchedule{}, {1.2, 0}) == vp + "1.2");
  CHECK(complaint_of_times(azula::DecaySchedule{}, {1.2, 0}) == vp + "1.2");
  CHECK(complaint_of_times(azula::RectifiedSchedule{}, {1000, 500, 0}) == vp + "1000");
  CHECK(complaint_of_times(azula::ShiftedRectifiedSchedule{}, {1000, 500, 0}) == vp + "1000");
  CHECK(complaint_of_times(azula::SongVPSchedule{}, {1, -0.5}) == vp + "-0.5");
  CHECK(complaint_of_times(azula::VESchedule{}, sigmas) == vp + "80");
  CHECK(complaint_of_times(azula::ExplodingSchedule(azula::VPSchedule{}), sigmas) == vp + "80");
  CHECK(complaint_of_times(azula::VPSchedule{}, {0, 0.5, 999}) == vp + "999");  // from data to noise

  const std::string steps = "times must be in [0, 1]; training steps go through training_times(), noise levels "
                            "sigma/alpha go through sigma_times(), got 999";
  const azula::DiscreteSchedule discrete(azula::linear_betas());
  CHECK(complaint_of_times(discrete, {999, 499, 0}) == "azula::Sampler: " + steps);
  CHECK(complaint_of_times(azula::ExplodingSchedule(discrete), {999, 499, 0}) == "azula::Sampler: " + steps);
  CHECK(complaint([&] { discrete(999); }) == "azula::DiscreteSchedule: " + steps);
}

TEST_CASE("samplers refuse sigmas in place of times", "[noise]") {
  const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::EDMSchedule{.sigma_min = 0.5, .sigma_max = 80, .rho = 1});
  CHECK(complaint([&] { azula::Sampler(denoiser, azula::DDIM{}, sigmas); }) ==
        "azula::Sampler: times must be in [-0.006289308176, 1]; training steps need a DiscreteSchedule, noise levels "
        "sigma/alpha go through sigma_times(), got 80");
  CHECK_FALSE(complaint([&] { azula::Sampler(denoiser, azula::DDIM{}, {.start = 80, .stop = 0.002}); }).empty());
  CHECK_FALSE(complaint([&] { azula::AdaptiveSampler(denoiser, {.start = 80, .stop = 0.002}); }).empty());
  CHECK(complaint([&] { azula::AdaptiveSampler(denoiser, {}); }).empty());
}

TEST_CASE("grids refuse noise levels as their ends", "[noise]") {
  const azula::VPSchedule schedule;
  CHECK(complaint([&] { azula::karras_times(schedule, {.start = 14.6, .stop = 0.03}); })
            .starts_with("azula::karras_times: times must be in [0, 1]; "));
  CHECK(complaint([&] { azula::log_snr_times(schedule, {.start = 2, .stop = 0.03}); })
            .starts_with("azula::log_snr_times: times must be in [0, 1]; "));
}

TEST_CASE("times at the ends of a schedule are accepted, up to rounding", "[noise]") {
  const azula::EDMSchedule edm;
  CHECK(complaint_of_times(edm, azula::with_clean_end(edm, azula::linear_times({.steps = 4}))).empty());
  CHECK_FALSE(complaint_of_times(edm, {1, 0, -0.5}).empty());
  CHECK(complaint_of_times(azula::VPSchedule{}, {1 + 1e-15, 0.5, -1e-17}).empty());
  CHECK(complaint_of_times(azula::RectifiedSchedule{}, {0, 0.5, 1 + 1e-15}).empty());
}

TEST_CASE("a schedule that does not say where it is defined takes any times", "[noise]") {
  struct Levels {
    azula::Scales operator()(double sigma) const { return {1, sigma}; }
  };
  CHECK(complaint_of_times(Levels{}, sigmas).empty());
}
