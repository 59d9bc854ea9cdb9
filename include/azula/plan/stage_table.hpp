#pragma once
/// \file

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "azula/plan/stage.hpp"
#include "azula/plan/stage_columns.hpp"

namespace azula {

/// How stages are laid out as text: which columns there are, and what stands in them.
class StageTable {
 public:
  explicit StageTable(const std::vector<Stage>& stages) {
    for (const Stage& stage : stages) {
      weights_ = (std::max)(weights_, stage.older);
      from_ = from_ || stage.from;
      older_ = older_ || stage.older != weights_in_use(stage);
      drop_ = drop_ || stage.drop != 0;
      evaluates_ = evaluates_ || !stage.evaluates;
    }
  }

  std::string header() const {
    std::string line = "# step";
    for (const StageColumn& column : stage_columns) add(line, column.name, wide);
    for (int j = 1; j <= weights_; ++j) add(line, "h_" + std::to_string(j), wide);
    if (from_) add(line, "from", wide);
    if (older_) add(line, "older", 7);
    if (drop_) add(line, "drop", 6);
    if (evaluates_) add(line, "evaluates", 10);
    return line;
  }

  std::string row(const Stage& stage) const {
    std::string line;
    add(line, std::to_string(stage.step), 6);
    for (const StageColumn& column : stage_columns) add(line, digits(stage.*column.number), wide);
    for (int j = 0; j < weights_; ++j) {
      add(line, digits(j < stage.older ? stage.h[static_cast<std::size_t>(j)] : 0), wide);
    }
    if (from_) add(line, stage.from ? digits(*stage.from) : "-", wide);
    if (older_) add(line, std::to_string(stage.older), 7);
    if (drop_) add(line, std::to_string(stage.drop), 6);
    if (evaluates_) add(line, stage.evaluates ? "1" : "0", 10);
    return line;
  }

 private:
  static constexpr std::size_t wide = 25;

  static void add(std::string& line, std::string_view cell, std::size_t width) {
    line.append(width > cell.size() ? width - cell.size() : 1, ' ').append(cell);
  }

  /// With a point in every locale.
  static std::string digits(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 17).ptr;
    return {text.data(), end};
  }

  int weights_ = 0;
  bool from_ = false, older_ = false, drop_ = false, evaluates_ = false;
};

/// The coefficients of a sampler as a table, a line per stage, for people and for whoever updates the
/// state elsewhere: `std::cout << sampler.stages()`. Seventeen digits and a point in every locale: read_stages() has all
/// bits of it. There are last columns, if they are needed, for where the noise begins (`-`: at `time`), how many weights
/// count where the last of them are zero, how many predictions are dropped and whether the denoiser is asked.
inline std::ostream& operator<<(std::ostream& out, const std::vector<Stage>& stages) {
  const StageTable table(stages);
  out << "# p = u x + v m;  x <- a x + b m + sum_j h_j p_j + c e\n" << table.header() << '\n';
  for (const Stage& stage : stages) out << table.row(stage) << '\n';
  return out;
}

}  // namespace azula
