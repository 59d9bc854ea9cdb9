#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_cells.hpp"
#include "azula/plan/stage_check.hpp"
#include "azula/plan/table_place.hpp"

namespace azula {

/// Turns the lines of a table into stages, one at a time, by the rules of read_stages().
class StageReader {
 public:
  explicit StageReader(std::string_view name) : place_{std::string(name)} {}

  const TablePlace& place() const { return place_; }

  void take(std::string_view line) {
    if (++place_.line > most_steps) place_.fail("a table must have at most 1000000 lines", "more");
    const std::size_t first = (std::min)(line.find_first_not_of(blanks), line.size());
    const bool comment = line.substr(first).starts_with('#');
    const std::size_t begin = comment ? line.find_first_not_of('#', first) : first;
    const StageCells::Words words = words_of(line.substr((std::min)(begin, line.size())));
    if (words.empty()) return;
    if (cells_.unknown() && (!comment || is_header(words))) return name_columns(words);
    if (!comment) add(cells_.stage(words, place_));
  }

  std::vector<Stage> stages() && {
    if (stages_.empty()) place_.fail("a table must have at least one stage", "none");
    return std::move(stages_);
  }

 private:
  static constexpr std::string_view blanks = " \t\r\v\f";

  static StageCells::Words words_of(std::string_view line) {
    StageCells::Words words;
    for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
      const std::size_t end = (std::min)(line.find_first_of(blanks, at), line.size());
      words.push_back(line.substr(at, end - at));
      at = line.find_first_not_of(blanks, end);
    }
    return words;
  }

  static bool is_header(const StageCells::Words& words) {
    const auto has = [&](std::string_view name) { return std::ranges::count(words, name) > 0; };
    return has("step") && has("time") && has("next") && has("a") && has("b");
  }

  void name_columns(const StageCells::Words& names) {
    if (std::string_view("0123456789+-.").find(names[0][0]) != std::string_view::npos) {
      place_.fail("the names of the columns must come before the first stage", names[0]);
    }
    cells_.name(names, place_);
  }

  void add(const Stage& stage) {
    if (const auto fault = check_(stage)) place_.fail(fault->rule, show(fault->value), fault->column);
    stages_.push_back(stage);
  }

  TablePlace place_;
  StageCells cells_;
  StageCheck check_{max_older + 1};
  std::vector<Stage> stages_;
};

}  // namespace azula
