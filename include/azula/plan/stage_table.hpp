#pragma once
/// \file

#include <array>
#include <cstdio>
#include <ostream>
#include <vector>

#include "azula/plan/stage.hpp"

namespace azula {

/// The coefficients of a sampler as a table, a line per stage, for people and for whoever updates the
/// state elsewhere: `std::cout << sampler.stages()`. Seventeen digits: reading them back is exact. There are
/// last columns for how many predictions are dropped and for whether the denoiser is asked, if they are needed.
inline std::ostream& operator<<(std::ostream& out, const std::vector<Stage>& stages) {
  const auto number = [&](double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), " %24.17g", value);
    out << text.data();
  };
  int older = 0, drop = 0;
  bool all_evaluate = true;
  for (const Stage& stage : stages) {
    older = stage.older > older ? stage.older : older;
    drop = stage.drop > drop ? stage.drop : drop;
    all_evaluate = all_evaluate && stage.evaluates;
  }
  out << "# p = u x + v m;  x <- a x + b m + sum_j h_j p_j + c e\n# step";
  std::array<char, 40> text{};
  for (const char* name : {"time", "next", "a", "b", "c", "u", "v"}) {
    std::snprintf(text.data(), text.size(), " %24s", name);
    out << text.data();
  }
  for (int j = 0; j < older; ++j) {
    std::snprintf(text.data(), text.size(), " %23s%d", "h_", j + 1);
    out << text.data();
  }
  if (drop > 0) out << "  drop";
  if (!all_evaluate) out << " evaluates";
  out << '\n';
  for (const Stage& stage : stages) {
    std::snprintf(text.data(), text.size(), "%6td", stage.step);
    out << text.data();
    for (const double value : {stage.time, stage.next, stage.a, stage.b, stage.c, stage.u, stage.v}) number(value);
    for (int j = 0; j < older; ++j) number(j < stage.older ? stage.h[static_cast<std::size_t>(j)] : 0);
    if (drop > 0) {
      std::snprintf(text.data(), text.size(), "%6d", stage.drop);
      out << text.data();
    }
    if (!all_evaluate) {
      std::snprintf(text.data(), text.size(), "%10d", stage.evaluates ? 1 : 0);
      out << text.data();
    }
    out << '\n';
  }
  return out;
}

}  // namespace azula
