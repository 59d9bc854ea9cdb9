#pragma once
/// \file

#include <array>
#include <cstddef>
#include <string_view>

#include "azula/plan/stage.hpp"

namespace azula {

/// A column of numbers in a table of stages.
struct StageColumn {
  std::string_view name;
  double Stage::*number;
};

/// Those that every table has when it is printed, after `step`; of these `time`, `next`, `a` and `b` must be there when
/// it is read.
inline constexpr std::array<StageColumn, 7> stage_columns{{{"time", &Stage::time},
                                                           {"next", &Stage::next},
                                                           {"a", &Stage::a},
                                                           {"b", &Stage::b},
                                                           {"c", &Stage::c},
                                                           {"u", &Stage::u},
                                                           {"v", &Stage::v}}};

/// How many of the weights of older predictions count if none is to be lost: up to the last that is not zero.
constexpr int weights_in_use(const Stage& stage) {
  int count = stage.older;
  while (count > 0 && stage.h[static_cast<std::size_t>(count - 1)] == 0) --count;
  return count;
}

}  // namespace azula
