#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/parse_number.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_columns.hpp"
#include "azula/plan/table_place.hpp"

namespace azula {

/// The columns of a table of stages; turns the cells of one line into a Stage.
class StageCells {
 public:
  using Words = std::vector<std::string_view>;

  bool unknown() const { return columns_.empty(); }

  void name(const Words& names, const TablePlace& place) {
    for (const std::string_view name : names) {
      if (!is_known(name)) {
        place.fail("a column must be step, time, next, a, b, c, u, v, h_1 to h_8, from, older, drop or evaluates",
                   name);
      }
      if (std::ranges::count(columns_, name) > 0) place.fail("a column must be there once", name);
      columns_.emplace_back(name);
    }
    for (const char* name : {"step", "time", "next", "a", "b"}) {
      if (std::ranges::count(columns_, name) == 0) place.fail("this column must be there", "none", name);
    }
  }

  Stage stage(const Words& cells, const TablePlace& place) const {
    if (cells.size() != columns_.size()) {
      place.fail(join({"there must be a value for each of the ", std::to_string(columns_.size()), " columns"}),
                 std::to_string(cells.size()));
    }
    Stage stage;
    int older = -1;
    for (std::size_t k = 0; k < cells.size(); ++k) set(stage, older, {columns_[k], cells[k], place});
    stage.older = max_older;
    const int needed = weights_in_use(stage);
    if (older >= 0 && older < needed) {
      place.fail(join({"must be at least ", std::to_string(needed), ", the weights that are not zero"}),
                 std::to_string(older), "older");
    }
    stage.older = (std::max)(older, needed);
    return stage;
  }

 private:
  struct Cell {
    std::string_view column, text;
    const TablePlace& place;

    double number() const {
      double value = 0;
      if (!parse_number(text, value)) place.fail("must be a finite number", text, column);
      return value;
    }

    /// A whole number from 0 to `most`, also written as 1.000e+00, as Python's numpy.savetxt does.
    int whole(std::ptrdiff_t most) const {
      const double value = number();
      const bool inside = value >= 0 && value <= static_cast<double>(most);
      if (!inside || static_cast<double>(static_cast<int>(value)) != value) {
        place.fail(join({"must be a whole number from 0 to ", std::to_string(most)}), text, column);
      }
      return static_cast<int>(value);
    }
  };

  static bool is_known(std::string_view name) {
    if (std::ranges::count(stage_columns, name, &StageColumn::name) > 0 || weight_of(name) > 0) return true;
    return name == "step" || name == "from" || name == "older" || name == "drop" || name == "evaluates";
  }

  /// The j of a column "h_j", or 0 for any other column.
  static int weight_of(std::string_view name) {
    const bool is_one = name.size() == 3 && name.starts_with("h_") && name[2] >= '1' && name[2] < '1' + max_older;
    return is_one ? name[2] - '0' : 0;
  }

  static void set(Stage& stage, int& older, const Cell& cell) {
    const auto usual = std::ranges::find(stage_columns, cell.column, &StageColumn::name);
    const int j = weight_of(cell.column);
    if (usual != stage_columns.end()) {
      stage.*usual->number = cell.number();
    } else if (j > 0) {
      stage.h[static_cast<std::size_t>(j - 1)] = cell.number();
    } else if (cell.column == "step") {
      stage.step = cell.whole(most_steps);
    } else if (cell.column == "older") {
      older = cell.whole(max_older);
    } else if (cell.column == "drop") {
      stage.drop = cell.whole(max_older + 1);
    } else if (cell.column == "evaluates") {
      stage.evaluates = cell.whole(1) == 1;
    } else if (cell.text != "-") {
      stage.from = cell.number();
    }
  }

  std::vector<std::string> columns_;
};

}  // namespace azula
