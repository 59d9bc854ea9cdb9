#include "azula/plan/read_stages.hpp"

#include <array>
#include <clocale>
#include <cstddef>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "azula/plan/parse_number.hpp"
#include "azula/plan/stage_check.hpp"
#include "azula/plan/stage_table.hpp"
#include "azula/plan/time_grid.hpp"
#include "catch.hpp"
#include "support/catalogue.hpp"
#include "support/complaint.hpp"
#include "support/same_stage.hpp"

namespace {

using azula::Stage;

std::vector<Stage> read(const std::string& text) {
  std::istringstream in(text);
  return azula::read_stages(in, "t.txt");
}

std::string table(const std::vector<Stage>& stages) {
  std::ostringstream out;
  out << stages;
  return out.str();
}

void require_same(const std::vector<Stage>& found, const std::vector<Stage>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    CAPTURE(k);
    REQUIRE(same_stage(found[k], wanted[k]));
  }
}

std::vector<NamedMethod> all_methods() {
  std::vector<NamedMethod> all = all_multistep_methods();
  for (const NamedMethod& method : all_other_methods()) all.push_back(method);
  return all;
}

void require_round_trips() {
  const azula::TimeGrid falling(azula::VPSchedule{}, {1, 0.83, 0.7, 0.44, 0.4, 0.37, 0.2, 0.1, 0.05, 0});
  const azula::TimeGrid rising(azula::VPSchedule{}, {0.1, 0.2, 0.35, 0.6, 0.9});
  for (const NamedMethod& named : all_methods()) {
    CAPTURE(named.method.name);
    for (const azula::TimeGrid& grid : {falling, rising}) {
      if (named.stochastic && grid.rises()) continue;
      const std::vector<Stage> stages = stages_of(named.method, grid);
      require_same(read(table(stages)), stages);
    }
  }
}

/// Numbers of streams with a comma, as in German, which every machine has.
struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\1"; }
};

/// Sets both locales of a program, that of C to one with a comma if there is one, and sets them back.
class CommaLocale {
 public:
  CommaLocale() : before_(std::locale::global(std::locale(std::locale::classic(), new Comma))) {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "de_DE"}) {
      if (std::setlocale(LC_NUMERIC, name) != nullptr) break;
    }
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;
  ~CommaLocale() {
    std::locale::global(before_);
    std::setlocale(LC_NUMERIC, "C");
  }

 private:
  std::locale before_;
};

const std::string header = "step time next a b\n";

/// What is said of a table with this first stage, after its place.
std::string complaint_of(const std::string& columns, const std::string& row) {
  const std::string text = complaint<std::invalid_argument>([&] { read(columns + "\n" + row + "\n"); });
  const std::string place = "azula::read_stages: t.txt, line 2";
  return text.starts_with(place) ? text.substr(place.size()) : text;
}

}  // namespace

TEST_CASE("a printed table of any method is read with the same bits", "[stages]") { require_round_trips(); }

TEST_CASE("a table is printed and read with the same bits where numbers have a comma", "[stages]") {
  const CommaLocale locale;
  std::ostringstream shows;
  shows << 1234.5;
  REQUIRE(shows.str() != "1234.5");
  require_round_trips();
  REQUIRE(table({Stage{.time = 0.5}}).find("0.5 ") != std::string::npos);
}

TEST_CASE("stages with extreme numbers and weights of zero are read with the same bits", "[stages]") {
  using Limits = std::numeric_limits<double>;
  std::vector<Stage> stages{
      {.step = 0, .time = 1, .next = 1, .a = -0.0, .b = Limits::denorm_min(), .c = 0, .v = 1e-300},
      {.step = 0, .time = 1, .next = 0.1, .a = (Limits::max)(), .b = -(Limits::min)(), .c = 0.1},
      {.step = 1, .time = 0.1, .next = 0.3, .a = Limits::lowest(), .b = 1. / 3, .c = 2, .from = 0.1},
      {.step = 2, .time = 0.3, .next = 1e22, .a = 1, .b = 0, .c = 2, .from = 0, .evaluates = false}};
  stages[1].older = 1;  // and its weight is 0
  stages[2].older = 2;
  stages[2].h[0] = -0.0;
  stages[2].h[1] = -7;
  stages[2].drop = 3;
  require_same(read(table(stages)), stages);
}

TEST_CASE("a table has the last columns only if they are needed", "[stages]") {
  const auto has = [](const Stage& stage, const char* column) {
    return table({{}, stage}).find(column) != std::string::npos;
  };
  const auto with_weight = [](double weight) {
    Stage stage{.step = 1, .older = 1};
    stage.h[0] = weight;
    return stage;
  };
  for (const char* column : {"from", "older", "drop", "evaluates", "h_1"}) CHECK(!has({.step = 1}, column));
  CHECK(has({.step = 1, .from = 0}, "from"));
  CHECK(has({.step = 1, .drop = 1}, "drop"));
  CHECK(has({.step = 1, .evaluates = false}, "evaluates"));
  CHECK(has(with_weight(2), "h_1"));
  CHECK(!has(with_weight(2), "older"));
  CHECK(has(with_weight(0), "older"));
}

TEST_CASE("a table by hand may have its columns in any order, comments and blank lines", "[stages]") {
  Stage first{.step = 0, .time = 8, .next = 2, .a = 0.25, .b = 0.75}, second{.step = 1, .time = 2, .next = 1, .a = 0.5,
                                                                             .b = 0.75};
  second.older = 1;
  second.h[0] = -0.25;
  require_same(read("# next to nothing, a step of time\n"
                    "\n"
                    "h_1\tnext b  a time step\r\n"
                    "   # a comment\n"
                    "0 2 +.75 2.5e-1 8 0\n"
                    " \t \r\n"
                    "##\n"
                    "-0.25 1 75e-2 0.5 2.000000000000000000e+00 1.000000000000000000e+00"),
               {first, second});
  require_same(read("# step, time, next: a b\n"
                    "#step time next a b drop evaluates from\n0 8 2 0.25 0.75 0 1 -\n"), {first});
}

TEST_CASE("a published table is read by the names of its columns alone", "[stages]") {
  const auto stages = read("step time next a b h_3 h_1\n0 1 .9 1 0 0 0\n"
                           "1 .9 .8 1 0 0 0\n2 .8 .7 1 0 0 0\n3 .7 0 1 0 5 4\n");
  REQUIRE(stages[3].older == 3);
  REQUIRE(stages[3].h == std::array<double, azula::max_older>{4, 0, 5});
  REQUIRE(stages[2].older == 0);
}

TEST_CASE("a file that is no table is an error with its name and line", "[stages]") {
  const auto says = [](const std::string& text) { return complaint<std::invalid_argument>([&] { read(text); }); };
  const std::string start = "azula::read_stages: t.txt, line ";
  CHECK(says("") == start + "0: a table must have at least one stage, got none");
  CHECK(says(table({})) == start + "2: a table must have at least one stage, got none");
  CHECK(says("\n0 1 0 1 0\n") == start + "2: the names of the columns must come before the first stage, got 0");
  CHECK(says("# step, time\n-1 0\n") == start + "2: the names of the columns must come before the first stage, got -1");
  CHECK(says(header + std::string(10'000, 'x')).starts_with(start + "2: there must be a value for each"));
  CHECK(says(header + std::string(10'001, 'x')) ==
        start + "1: the next line must be readable and of at most 10000 characters, got another");
  CHECK(says(std::string(1'000'001, '\n')) == start + "1000001: a table must have at most 1000000 lines, got more");
  std::istringstream none;
  none.setstate(std::ios::failbit);
  CHECK(complaint<std::invalid_argument>([&] { azula::read_stages(none); }) ==
        "azula::read_stages: stages, line 0: the file must be there and readable, got none");
}

TEST_CASE("columns that are no columns are errors", "[stages]") {
  const auto says = [](const std::string& columns) {
    const std::string text = complaint<std::invalid_argument>([&] { read(columns); });
    const std::string start = "azula::read_stages: t.txt, line 1";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  };
  const std::string rule =
      ": a column must be step, time, next, a, b, c, u, v, h_1 to h_8, from, older, drop or evaluates, ";
  CHECK(says(header.substr(0, 18) + " sigma") == rule + "got sigma");
  CHECK(says("# step time next a b sigma") == rule + "got sigma");
  CHECK(says("step time next a b h_9") == rule + "got h_9");
  CHECK(says("step time next a b h_0") == rule + "got h_0");
  CHECK(says("step time next a b h_10") == rule + "got h_10");
  CHECK(says(std::string(9'000, 'x')) == rule + "got " + std::string(60, 'x'));
  CHECK(says("step time next a b a") == ": a column must be there once, got a");
  CHECK(says("step time next b") == ", column a: this column must be there, got none");
  CHECK(says("time next a b") == ", column step: this column must be there, got none");
}

TEST_CASE("cells that are no numbers, or not of their column, are errors", "[stages]") {
  for (const std::string cell : {"nan", "inf", "-inf", "1e999", "0x1p3", "1,5", "1.5x", "1d0", "--1", "+-1", "++1", "+", "-",
                                 ".", "e5", "#", "1_000", "NaN(0)", "infinity"}) {
    CHECK(complaint_of("step time next a b", "0 1 0 " + cell + " 0") ==
          ", column a: must be a finite number, got " + cell);
  }
  CHECK(complaint_of("step time next a b from", "0 1 0 1 0 --") == ", column from: must be a finite number, got --");
  CHECK(complaint_of("step time next a b", "0 1 0 1") == ": there must be a value for each of the 5 columns, got 4");
  CHECK(complaint_of("step time next a b", "0 1 0 1 0 0") ==
        ": there must be a value for each of the 5 columns, got 6");
  CHECK(complaint_of("step time next a b", "0.5 1 0 1 0") ==
        ", column step: must be a whole number from 0 to 1000000, got 0.5");
  CHECK(complaint_of("step time next a b", "-1 1 0 1 0") ==
        ", column step: must be a whole number from 0 to 1000000, got -1");
  CHECK(complaint_of("step time next a b", "1e300 1 0 1 0") ==
        ", column step: must be a whole number from 0 to 1000000, got 1e300");
  CHECK(complaint_of("step time next a b evaluates", "0 1 0 1 0 2") ==
        ", column evaluates: must be a whole number from 0 to 1, got 2");
  CHECK(complaint_of("step time next a b older", "0 1 0 1 0 9") ==
        ", column older: must be a whole number from 0 to 8, got 9");
  CHECK(complaint_of("step time next a b drop", "0 1 0 1 0 10") ==
        ", column drop: must be a whole number from 0 to 9, got 10");
}

TEST_CASE("stages that no run could do are errors", "[stages]") {
  const std::string columns = "step time next a b";
  CHECK(complaint_of(columns, "1 1 0 1 0") == ", column step: steps must count up from 0 without gaps, got 1");
  CHECK(complaint_of(columns + " c", "0 1 0 1 0 -1") == ", column c: a standard deviation must be at least 0, got -1");
  CHECK(complaint_of(columns + " h_1", "0 1 0 1 0 .5") ==
        ", column older: must be from 0 to 0, the predictions that are remembered, got 1");
  CHECK(complaint_of(columns + " older", "0 1 0 1 0 1") ==
        ", column older: must be from 0 to 0, the predictions that are remembered, got 1");
  CHECK(complaint_of(columns + " h_2 older", "0 1 0 1 0 .5 1") ==
        ", column older: must be at least 2, the weights that are not zero, got 1");
  CHECK(complaint_of(columns + " drop", "0 1 0 1 0 2") ==
        ", column drop: must be from 0 to 1, the predictions that are remembered, got 2");
  CHECK(complaint<std::invalid_argument>([&] { read(columns + "\n0 1 .5 1 0\n2 .5 0 1 0\n"); }) ==
        "azula::read_stages: t.txt, line 3, column step: steps must count up from 0 without gaps, got 2");
  CHECK(complaint<std::invalid_argument>([&] { read(columns + " evaluates h_1\n0 1 .5 1 0 0 0\n0 .5 0 1 0 1 3\n"); }) ==
        "azula::read_stages: t.txt, line 3, column older: must be from 0 to 0, the predictions that are remembered, "
        "got 1");
  CHECK(complaint<std::invalid_argument>([&] { read(columns + " drop h_1\n0 1 .5 1 0 1 0\n0 .5 0 1 0 1 3\n"); }) ==
        "azula::read_stages: t.txt, line 3, column older: must be from 0 to 0, the predictions that are remembered, "
        "got 1");
}

TEST_CASE("the stages of every method need no more than its history", "[stages]") {
  const azula::TimeGrid grid(azula::VPSchedule{}, {1, 0.83, 0.7, 0.44, 0.4, 0.37, 0.2, 0.1, 0.05, 0});
  int tight = 0;
  for (const NamedMethod& named : all_methods()) {
    CAPTURE(named.method.name);
    const auto fits = [&](int history) {
      azula::StageCheck check(history);
      for (const Stage& stage : stages_of(named.method, grid)) {
        if (check(stage)) return false;
      }
      return true;
    };
    REQUIRE(fits(named.method.history));
    if (named.method.history > 1 && !fits(named.method.history - 1)) ++tight;
  }
  REQUIRE(tight > 50);  // so that the check does see who needs more
}
