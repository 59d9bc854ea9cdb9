#include "azula/interop/diffusers.hpp"

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/random/normal_source.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/scheduler_run.hpp"
#include "support/temporary_file.hpp"

namespace {

using azula::diffusers::parse_config;
using azula::diffusers::read_scheduler;
using azula::diffusers::SchedulerOptions;
using azula::diffusers::Setup;
using nlohmann::json;

/// Stable Diffusion 1.5's file, as it is shipped.
constexpr const char* stable_diffusion = R"({
  "_class_name": "PNDMScheduler",
  "_diffusers_version": "0.6.0",
  "beta_end": 0.012,
  "beta_schedule": "scaled_linear",
  "beta_start": 0.00085,
  "num_train_timesteps": 1000,
  "set_alpha_to_one": false,
  "skip_prk_steps": true,
  "steps_offset": 1,
  "trained_betas": null,
  "clip_sample": false
})";

json changed(const char* key, const json& value) {
  json config = json::parse(stable_diffusion);
  config["_class_name"] = "DPMSolverMultistepScheduler";
  config[key] = value;
  return config;
}

std::string refusal(const json& config, const SchedulerOptions& options = {}) {
  return complaint<std::invalid_argument>([&] { read_scheduler(config, options); });
}

}  // namespace

TEST_CASE("every recorded run of diffusers comes out of its configuration alone", "[diffusers]") {
  const json runs = read_runs(AZULA_TEST_DATA "/diffusers_runs.json");
  REQUIRE(runs.size() == 377);
  for (const json& run : runs) {
    CAPTURE(run.at("scheduler"), run.at("config"), run.at("step"), run.at("steps"));
    const SchedulerErrors errors = repeat_run(run);
    CHECK(errors.end < 1e-9);
    CHECK(errors.told < 1e-9);
    CHECK(errors.sigmas < 1e-9);
  }
}

TEST_CASE("a file as it is shipped, with the keys of others named", "[diffusers]") {
  const Setup setup = read_scheduler(parse_config(stable_diffusion), {.steps = 50});
  CHECK(setup.scheduler == "PNDM");
  CHECK(setup.times.size() == 51);
  CHECK(setup.times.front() == 982.0 / 1000);  // training step 981
  CHECK(setup.ignored == std::vector<std::string>{"clip_sample"});
  CHECK(setup.initial_scale == 1);
}

TEST_CASE("a file on disk, or its folder, in three lines with a network", "[diffusers]") {
  const TemporaryFile file(stable_diffusion);
  const std::filesystem::path folder = file.path().string() + "_model";
  std::filesystem::create_directory(folder);
  std::filesystem::copy_file(file.path(), folder / "scheduler_config.json");
  const auto network = [](const auto& input, double, auto& output) { output = 0.1f * input; };
  const Setup setup = read_scheduler(file.path(), {.steps = 5});
  const azula::Sampler sampler(setup.denoiser(network), setup.method, setup.times);
  Eigen::ArrayXXf x(16, 3);
  sampler.init(x, azula::NormalSource(1));
  CHECK(sampler(x).isFinite().all());
  CHECK(read_scheduler(folder, {.steps = 5}).times == setup.times);
  std::filesystem::remove_all(folder);
}

TEST_CASE("what the reference has wrong is right unless compat is asked for", "[diffusers]") {
  const auto stages = [](const json& config, bool compat) {
    const Setup setup = read_scheduler(config, {.steps = 20, .compat = compat});
    return azula::Sampler(setup.denoiser([](auto&&...) {}), setup.method, setup.times).stages();
  };
  // Third order: the weights of all polynomials of degree 2, here of λ² about the current node.
  const json third = changed("solver_order", 3);
  const Setup setup = read_scheduler(third, {.steps = 20});
  const auto lambda = [&](std::size_t i) {
    const azula::Scales scales = setup.schedule()(setup.times[i]);
    return std::log(scales.alpha / scales.sigma);
  };
  const auto second_moment = [&](const azula::Stage& stage) {
    double sum = 0;
    for (std::size_t j = 0; j < 2; ++j) sum += stage.h[j] * std::pow(lambda(10 - 1 - j) - lambda(10), 2);
    return sum;
  };
  // ∫_0^h e^(v-h) v² dv = h² - 2 h + 2 - 2 e^-h
  const double h = lambda(11) - lambda(10), alpha = setup.schedule()(setup.times[11]).alpha;
  const double exact = alpha * (h * h - 2 * h + 2 - 2 * std::exp(-h));
  CHECK(std::fabs(second_moment(stages(third, false)[10]) - exact) < 1e-10 * exact);
  CHECK(std::fabs(second_moment(stages(third, true)[10]) - exact) > 0.1 * exact);

  json linspace = changed("timestep_spacing", "linspace");
  linspace["_class_name"] = "EulerDiscreteScheduler";
  CHECK(read_scheduler(linspace, {.steps = 1}).times.front() == 1);
  CHECK(std::fabs(read_scheduler(linspace, {.steps = 1, .compat = true}).times.front() - 1.0 / 1000) < 1e-15);
  linspace["interpolation_type"] = "log_linear";
  CHECK(read_scheduler(linspace, {.steps = 7}).times.size() == 8);

  json bh1 = changed("solver_type", "bh1");
  bh1["_class_name"] = "UniPCMultistepScheduler";
  for (const azula::Stage& stage : stages(bh1, true)) CHECK(std::isfinite(stage.a + stage.b + stage.h[0]));
}

TEST_CASE("a model's own levels or steps", "[diffusers]") {
  json config = changed("timestep_spacing", "trailing");
  const Setup listed = read_scheduler(config, {.timesteps = {999, 749, 499, 249}});
  CHECK(listed.times == std::vector{1.0, 0.75, 0.5, 0.25, 0.0});
  config["_class_name"] = "EulerDiscreteScheduler";
  const std::vector<double> sigmas{14.6146, 3.8637, 0.6524, 0};  // Euler's list has the end
  const Setup levels = read_scheduler(config, {.sigmas = sigmas});
  REQUIRE(levels.times.size() == sigmas.size());
  for (std::size_t i = 0; i < sigmas.size(); ++i) {
    CHECK(std::fabs(levels.schedule()(levels.times[i]).sigma - sigmas[i]) < 1e-12 * 15);
  }
  CHECK(refusal(config, {.sigmas = {3}}).find("sigmas must be two at least") != std::string::npos);
  CHECK(refusal(config, {.sigmas = {1, 3, 0}}) ==
        "azula::read_scheduler: scheduler_config.json: the option sigmas must fall, noisy first, got 3 after 1");
  CHECK(refusal(config, {.timesteps = {1, 500, 999}}) ==
        "azula::read_scheduler: scheduler_config.json: the option timesteps must fall, noisy first, got 500 after 1");
  config["_class_name"] = "HeunDiscreteScheduler";
  CHECK(refusal(config, {.sigmas = sigmas}) ==
        "azula::read_scheduler: scheduler_config.json: this class takes no list of sigmas, number, got 4");
  // Flux: σ = 1, …, 1/n, shifted.
  const json flux = json::parse(R"({"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true})");
  const Setup flow = read_scheduler(flux, {.sigmas = {1, 0.75, 0.5, 0.25}, .tokens = 4096});
  const double shift = std::exp(1.15);
  CHECK(std::fabs(flow.times[2] - shift * 0.5 / (1 + (shift - 1) * 0.5)) < 1e-15);
  CHECK(flow.times.back() == 0);
}

TEST_CASE("inversion tells the network where each step leads, without an offset of the steps too", "[diffusers]") {
  json config = changed("steps_offset", 0);
  config["_class_name"] = "DDIMInverseScheduler";
  config["set_alpha_to_one"] = false;
  const auto noise = [](const Eigen::ArrayXd& x, double step) { return Eigen::ArrayXd((x + step / 300).sin()); };
  // The scheduler's own loop, over 0, 250, 500, 750; its first step leads from 0 to 0.
  std::vector<double> signal;  // ᾱ
  for (int k = 0; k < 1000; ++k) {
    const double root = std::sqrt(0.00085) + (std::sqrt(0.012) - std::sqrt(0.00085)) * k / 999;
    signal.push_back((k > 0 ? signal.back() : 1) * (1 - root * root));
  }
  const Eigen::ArrayXd start = Eigen::ArrayXd::LinSpaced(5, -1, 2);
  Eigen::ArrayXd x = start;
  for (const std::size_t step : {0u, 250u, 500u, 750u}) {
    const double from = signal[step < 250 ? 0 : step - 250], to = signal[step];
    const Eigen::ArrayXd epsilon = noise(x, static_cast<double>(step));
    x = std::sqrt(to / from) * (x - std::sqrt(1 - from) * epsilon) + std::sqrt(1 - to) * epsilon;
  }
  std::vector<double> told;
  const auto network = [&](const auto& input, double step, auto& output) {
    told.push_back(step);
    output = noise(input, step);
  };
  const Setup setup = read_scheduler(config, {.steps = 4});
  const Eigen::ArrayXd end = azula::Sampler(setup.denoiser(network), setup.method, setup.times)(start);
  CHECK(told == std::vector<double>{250, 500, 750});
  CHECK((end - x).abs().maxCoeff() < 1e-12);
  CHECK(refusal(config, {.steps = 1}).find("steps must be at least 2 where steps_offset is 0: the first leads nowhere, got 1") !=
        std::string::npos);
}

TEST_CASE("another method in place of the file's, which clipping may not allow", "[diffusers]") {
  json config = changed("clip_sample", true);
  config["_class_name"] = "DDIMScheduler";
  Setup setup = read_scheduler(config, {.steps = 6});
  const auto network = [](const auto& input, double, auto& output) { output = 0.2 * input; };
  setup.method = azula::zAB<2>{};
  CHECK(complaint<std::invalid_argument>([&] { setup.denoiser(network); }).find("azula::KeptNoise: the method must make one") == 0);
  setup.keeps_noise = false;
  const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(5, -9, 9);
  CHECK(azula::Sampler(setup.denoiser(network), setup.method, setup.times)(x).abs().maxCoeff() < 1.5);
}

TEST_CASE("every recorded configuration works at any number of steps, with and without compat", "[diffusers]") {
  const json runs = read_runs(AZULA_TEST_DATA "/diffusers_runs.json");
  int last = -1, tried = 0;
  for (const json& run : runs) {
    if (run.at("case").get<int>() == last) continue;
    last = run.at("case").get<int>();
    for (const int steps : {1, 3, 5, 10, 14, 15, 33}) {
      for (const bool compat : {false, true}) {
        CAPTURE(run.at("scheduler"), run.at("config"), steps, compat);
        json again = run;
        again["steps"] = steps;
        const bool runge_kutta = !run.at("config").value("skip_prk_steps", true);
        if (steps < 4 && (runge_kutta || run.at("config").contains("shift_terminal"))) continue;
        const Setup setup = scheduler_setup(again, compat);
        std::vector<double> told;
        const RecordedNetwork network{300, told};
        Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(8, -1, 1) * setup.initial_scale;
        x = azula::Sampler(setup.denoiser(network), setup.method, setup.times)(x, azula::NormalSource(0));
        CHECK(x.isFinite().all());
        CHECK(setup.times.size() >= static_cast<std::size_t>(steps));
        ++tried;
      }
    }
  }
  CHECK(tried > 1200);
}

TEST_CASE("bad files are told by file, key, rule and value", "[diffusers]") {
  CHECK(refusal(changed("beta_start", "x")) ==
        "azula::read_scheduler: scheduler_config.json: beta_start must be a number, got \"x\"");
  CHECK(refusal(changed("beta_end", 2)) ==
        "azula::read_scheduler: scheduler_config.json: beta_end must be in [1e-12, 0.999], got 2");
  CHECK(refusal(changed("beta_schedule", "cubic")) ==
        "azula::read_scheduler: scheduler_config.json: beta_schedule must be one of linear, scaled_linear, "
        "squaredcos_cap_v2, sigmoid, got cubic");
  CHECK(refusal(changed("trained_betas", {0.1, nullptr})) ==
        "azula::read_scheduler: scheduler_config.json: trained_betas must be a list of finite numbers, got null");
  CHECK(refusal(changed("solver_order", 2.5)) ==
        "azula::read_scheduler: scheduler_config.json: solver_order must be a whole number, got 2.5");
  CHECK(refusal(changed("thresholding", 1)) ==
        "azula::read_scheduler: scheduler_config.json: thresholding must be true or false, got 1");
  CHECK(refusal(changed("num_train_timesteps", 1)) ==
        "azula::read_scheduler: scheduler_config.json: num_train_timesteps must be in [2, 20000], got 1");
  CHECK(refusal(changed("beta_end", 0.9)).starts_with(
      "azula::read_scheduler: scheduler_config.json: the product of 1 - beta over all training steps must be at least 1e-60, "
      "its logarithm, got -"));
  CHECK(refusal(changed("wibble", 3)) ==
        "azula::read_scheduler: scheduler_config.json: no scheduler has a key wibble (if it is new and harmless, erase it "
        "from the object before read_scheduler), got 3");
  CHECK(refusal(changed("beta_strat", 0.1)) ==
        "azula::read_scheduler: scheduler_config.json: no scheduler has a key beta_strat, did you mean beta_start? (if it is "
        "new and harmless, erase it from the object before read_scheduler), got 0.1");
  for (const char* misspelt : {"rhoo", "beta_end_", "solver_typ", "usekarras_sigmas", "prediction_Type"}) {
    CHECK(refusal(changed(misspelt, 1)).find("did you mean") != std::string::npos);
  }
  CHECK(refusal(changed("wibble", std::string(100, 'w'))).ends_with(", got \"" + std::string(56, 'w') + "..."));
  CHECK(refusal(json::parse("[1]")) == "azula::read_scheduler: scheduler_config.json: the file must hold an object, got [1]");
  CHECK(refusal(json::object()) ==
        "azula::read_scheduler: scheduler_config.json: _class_name must name the scheduler's class, got none");
  CHECK(refusal(changed("_class_name", "SCMScheduler")).find("_class_name must be one of DDIM, ") != std::string::npos);
  CHECK(refusal(changed("solver_order", 2), {.steps = 0}) == "azula::read_scheduler: steps must be at least 1, got 0");
  CHECK(refusal(changed("solver_order", 2), {.steps = 1000}) ==
        "azula::read_scheduler: scheduler_config.json: steps must be at most 999 here, got 1000");
  json far = changed("disable_corrector", {1e300});
  far["_class_name"] = "UniPCMultistepScheduler";
  CHECK(refusal(far).ends_with(": disable_corrector must be a list of steps, got 1e+300"));
  json large = changed("variance_type", "learned_range");
  large["_class_name"] = "DDPMScheduler";
  CHECK(refusal(large).find("variance_type must be fixed_small or fixed_large") != std::string::npos);
  CHECK(refusal(json::parse(R"({"_class_name": "FlowMatchEulerDiscreteScheduler", "use_dynamic_shifting": true})")) ==
        "azula::read_scheduler: scheduler_config.json: use_dynamic_shifting needs mu or tokens among the options, got neither");

  const auto text = [](const char* file) {
    return complaint<std::invalid_argument>([&] { parse_config(file, "a.json"); });
  };
  CHECK(text("{\"_class_name\": ").starts_with("azula::read_scheduler: a.json: the file must be JSON, got "));
  CHECK(text("").starts_with("azula::read_scheduler: a.json: the file must be JSON, got "));
  CHECK(text((std::string(1'000'000, '[') + std::string(1'000'000, ']')).c_str()) ==
        "azula::read_scheduler: a.json: the file must be nested at most 100 deep, got more");
  CHECK(complaint<std::invalid_argument>([] { read_scheduler("nowhere.json"); }) ==
        "azula::read_scheduler: the file must be readable, got nowhere.json");
}

TEST_CASE("minus infinity, which Python writes into files, is no bound", "[diffusers]") {
  const json config = parse_config(R"({"lambda_min_clipped": -Infinity, "prediction_type": "a -Infinity \" -Infinity"})");
  CHECK(config.at("lambda_min_clipped").is_null());
  CHECK(config.at("prediction_type") == "a -Infinity \" -Infinity");
}
