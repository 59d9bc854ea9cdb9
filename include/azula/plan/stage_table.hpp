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

/// The layout of stages as a text table: its columns, its header and its rows.
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

  /// A number with 17 significant digits and a decimal point in every locale.
  static std::string digits(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 17).ptr;
    return {text.data(), end};
  }

  int weights_ = 0;
  bool from_ = false, older_ = false, drop_ = false, evaluates_ = false;
};

/// Prints the stages of a sampler as a table, one stage per line.
///
///     std::cout << sampler.stages();
///     std::ofstream("solver.txt") << sampler.stages();   // read_stages() reads it back
///
/// The table is for people, and for programs that update the state elsewhere. Numbers have 17 significant digits and a
/// decimal point in every locale, so read_stages() restores every bit. The last columns appear only if a stage needs
/// them: `from`, the time from which the noise leads to `next` (`-` means `time`); `older`, how many weights are used,
/// if the last of them are zero; `drop`, how many predictions are forgotten; and `evaluates`, whether the denoiser is
/// evaluated.
inline std::ostream& operator<<(std::ostream& out, const std::vector<Stage>& stages) {
  const StageTable table(stages);
  out << "# p = u x + v m;  x <- a x + b m + sum_j h_j p_j + c e\n" << table.header() << '\n';
  for (const Stage& stage : stages) out << table.row(stage) << '\n';
  return out;
}

}  // namespace azula
