#pragma once
/// \file
/// The runs of tests/data/golden_samplers.json.

#include <Eigen/Core>

#include <map>
#include <string>
#include <vector>

#include "support/any.hpp"

struct GoldenDenoiser {
  std::string name;                             ///< gaussian, mixture or karras_mlp
  std::map<std::string, Eigen::MatrixXd> data;  ///< its numbers: lists as columns, lists of lists as rows

  const Eigen::MatrixXd& operator[](const std::string& key) const { return data.at(key); }
};

struct GoldenCase {
  std::string label;  ///< "VE mixture zAB<3>"
  AnySchedule schedule;
  GoldenDenoiser denoiser;
  std::string method;                     ///< the name without options
  std::map<std::string, double> options;  ///< eta, order, …
  double start = 1, stop = 0;
  int steps = 0;
  Eigen::MatrixXd noise;       ///< a draw per column, in order
  Eigen::MatrixXd trajectory;  ///< a state per column, the initial one first
};

std::vector<GoldenCase> golden_cases();
