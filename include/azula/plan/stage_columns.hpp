#pragma once
/// \file

#include <array>
#include <cstddef>
#include <string_view>

#include "azula/plan/stage.hpp"

namespace azula {

/// A column of a table of stages: its name and the member of Stage that it holds.
struct StageColumn {
  std::string_view name;
  double Stage::*number;
};

/// The columns, after `step`, that every printed table has. A table that is read must have `time`, `next`, `a` and `b`
/// of these.
inline constexpr std::array<StageColumn, 7> stage_columns{{{"time", &Stage::time},
                                                           {"next", &Stage::next},
                                                           {"a", &Stage::a},
                                                           {"b", &Stage::b},
                                                           {"c", &Stage::c},
                                                           {"u", &Stage::u},
                                                           {"v", &Stage::v}}};

/// How many weights of older predictions are needed so that no weight is lost: all up to the last one that is not zero.
constexpr int weights_in_use(const Stage& stage) {
  int count = stage.older;
  while (count > 0 && stage.h[static_cast<std::size_t>(count - 1)] == 0) --count;
  return count;
}

}  // namespace azula
