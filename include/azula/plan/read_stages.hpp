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

/// Reads a table of stages: bit for bit what `out << stages` has written, or one that was written by hand or by Python.
///
///     # α = 1, σ = t: Euler's step, and one by two means
///     step  time  next   a     b    h_1
///        0     8     2  0.25  0.75   0
///        1     2     1  0.5   0.75  -0.25
///
/// The first line that is no comment, or is one with these five words, names the columns, in any order:
/// `step`, `time`, `next`, `a` and `b` must be there; `c`, `u`, `v`, `h_1` to `h_8`, `from`, `older`, `drop` and
/// `evaluates` are otherwise as in a Stage by default, and `older` as many as the weights need that are not zero. A `-`
/// stands for no `from`. Lines that begin with # are comments, blank lines are skipped, and numbers have a point in
/// every locale.
/// \param name  of the file, for messages
/// \throws std::invalid_argument that names file, line, column, rule and value, if anything is not as described or a
/// run could not do it (see StageCheck), or there are no stages, more than 1,000,000 lines or one of more than 10,000
/// characters.
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
