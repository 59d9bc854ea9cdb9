#pragma once
/// \file

#include <cstddef>
#include <ios>
#include <istream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/plan/stage.hpp"
#include "azula/plan/stage_reader.hpp"

namespace azula {

/// Reads a solver from a table of its stages, as `out << stages` writes it, or as a person or a script has written it.
///
///     std::ifstream file("solver.txt");
///     const azula::Tabulated table{azula::read_stages(file, "solver.txt")};
///     const azula::Sampler sampler(denoiser, table, table.times());
///
/// Every bit of a table written by `out << stages` is restored. A table by hand looks like this:
///
///     # α = 1, σ = t: a step of Euler, then a step that uses two means
///     step  time  next   a     b    h_1
///        0     8     2  0.25  0.75   0
///        1     2     1  0.5   0.75  -0.25
///
/// - The columns are named by the first line that is not a comment, or by a comment that contains the words `step`,
///   `time`, `next`, `a` and `b`. They may be in any order.
/// - These five columns are required. The columns `c`, `u`, `v`, `h_1` to `h_8`, `from`, `older`, `drop` and
///   `evaluates` are optional.
/// - A missing column means the default of Stage. Without `older`, each stage uses all weights up to the last one that
///   is not zero.
/// - A `-` in the column `from` means that it is not set.
/// - Lines that begin with # are comments, and blank lines are skipped.
/// - The decimal separator is a point in every locale.
///
/// \param name  the name of the file, for messages
/// \throws std::invalid_argument that names the file, the line, the column, the rule and the value, if the table breaks
/// one of these rules, a run could not perform the stages (see StageCheck), or there are no stages, more than 1,000,000
/// lines, or a line of more than 10,000 characters.
inline std::vector<Stage> read_stages(std::istream& in, std::string_view name = "stages") {
  StageReader reader(name);
  if (!in) reader.place().fail("the file must be there and readable", "none");
  std::string line(10'001, '\0');
  while (in.getline(line.data(), static_cast<std::streamsize>(line.size()))) {
    const auto with_end = static_cast<std::size_t>(in.gcount());
    reader.take(std::string_view(line.data(), with_end - (in.eof() ? 0 : 1)));
  }
  if (!in.eof()) reader.place().fail("the next line must be readable and of at most 10000 characters", "another");
  return std::move(reader).stages();
}

}  // namespace azula
