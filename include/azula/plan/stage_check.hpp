#pragma once
/// \file

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_columns.hpp"

namespace azula {

/// An error in a stage: the column, the rule that is broken, and the value.
struct StageFault {
  std::string column;
  std::string rule;
  double value;
};

/// Checks stages that come from a file or from a user, one after the other, for what no run can perform: numbers that
/// are not finite, steps that do not count up from 0, noise with a negative standard deviation, and more predictions
/// used or dropped than a run with `history` predictions remembers.
class StageCheck {
 public:
  explicit StageCheck(int history) : history_(history) {}

  /// Checks the next stage; returns its error, if there is one.
  std::optional<StageFault> operator()(const Stage& stage) {
    if (stage.step < 0 || (stage.step != step_ && stage.step != step_ + 1)) {
      return StageFault{"step", "steps must count up from 0 without gaps", static_cast<double>(stage.step)};
    }
    if (auto fault = outside("older", stage.older, (std::min)(held_, max_older))) return fault;
    if (auto fault = not_finite(stage)) return fault;
    if (stage.c < 0) return StageFault{"c", "a standard deviation must be at least 0", stage.c};
    step_ = stage.step;
    if (!stage.evaluates) return std::nullopt;
    const int with_this = (std::min)(held_ + 1, history_);
    if (auto fault = outside("drop", stage.drop, with_this)) return fault;
    held_ = (std::min)(with_this - stage.drop, history_ - 1);
    return std::nullopt;
  }

 private:
  static std::optional<StageFault> outside(const char* column, int value, int most) {
    if (value >= 0 && value <= most) return std::nullopt;
    const std::string rule = join({"must be from 0 to ", std::to_string(most), ", the predictions that are remembered"});
    return StageFault{column, rule, static_cast<double>(value)};
  }

  static std::optional<StageFault> not_finite(const Stage& stage) {
    const auto fault = [](std::string_view column, double value) {
      return StageFault{std::string(column), "must be finite", value};
    };
    for (const StageColumn& column : stage_columns) {
      if (!is_finite(stage.*column.number)) return fault(column.name, stage.*column.number);
    }
    for (int j = 0; j < stage.older; ++j) {
      const double weight = stage.h[static_cast<std::size_t>(j)];
      if (!is_finite(weight)) return fault("h_" + std::to_string(j + 1), weight);
    }
    if (stage.from && !is_finite(*stage.from)) return fault("from", *stage.from);
    return std::nullopt;
  }

  int history_;
  int held_ = 0;  // how many predictions of earlier stages a run holds here
  std::ptrdiff_t step_ = -1;
};

}  // namespace azula
