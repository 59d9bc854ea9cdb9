#include "support/golden.hpp"

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "azula/noise.hpp"

namespace {

using nlohmann::json;

/// A list as a column, a list of lists row by row.
Eigen::MatrixXd matrix(const json& rows) {
  if (rows.empty()) return {};
  const bool nested = rows.front().is_array();
  const std::size_t width = nested ? rows.front().size() : 1;
  Eigen::MatrixXd result(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(width));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < width; ++j) {
      const json& value = nested ? rows[i].at(j) : rows[i];
      result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = value.get<double>();
    }
  }
  return result;
}

AnySchedule schedule(const json& from) {
  const auto name = from.at("name").get<std::string>();
  const auto number = [&](const char* key) { return from.at(key).get<double>(); };
  if (name == "VE") {
    return {azula::VESchedule{.sigma_min = number("sigma_min"), .sigma_max = number("sigma_max")}};
  }
  const double a = number("alpha_min"), s = number("sigma_min");
  if (name == "VP") return {azula::VPSchedule{.alpha_min = a, .sigma_min = s}};
  if (name == "Cosine") return {azula::CosineSchedule{.alpha_min = a, .sigma_min = s}};
  if (name == "Rectified") return {azula::RectifiedSchedule{.alpha_min = a, .sigma_min = s}};
  if (name == "Decay")
    return {azula::DecaySchedule{.alpha_min = a, .sigma_min = s, .gamma = number("gamma")}};
  throw std::runtime_error("no schedule " + name);
}

GoldenCase read(const json& from) {
  GoldenCase result;
  result.schedule = schedule(from.at("schedule"));
  for (const auto& [key, value] : from.at("denoiser").items()) {
    if (key != "name") result.denoiser.data[key] = matrix(value);
  }
  result.denoiser.name = from.at("denoiser").at("name").get<std::string>();
  result.method = from.at("sampler").at("name").get<std::string>();
  result.label = from.at("schedule").at("name").get<std::string>() + " " + result.denoiser.name + " " +
                 from.at("sampler").dump();
  for (const auto& [key, value] : from.at("sampler").items()) {
    if (key != "name") result.options[key] = value.get<double>();
  }
  result.start = from.at("start").get<double>();
  result.stop = from.at("stop").get<double>();
  result.steps = from.at("steps").get<int>();
  result.noise = matrix(from.at("noise")).transpose();
  result.trajectory = matrix(from.at("trajectory")).transpose();
  return result;
}

}  // namespace

std::vector<GoldenCase> golden_cases() {
  std::ifstream file(AZULA_TEST_DATA "/golden_samplers.json");
  if (!file) throw std::runtime_error("cannot read " AZULA_TEST_DATA "/golden_samplers.json");
  const json content = json::parse(file);
  std::vector<GoldenCase> cases;
  for (const json& item : content.at("cases")) cases.push_back(read(item));
  return cases;
}
