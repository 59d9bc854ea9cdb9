#include "common/chart.hpp"

#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

/// Where the text `what` is written, from above.
double height_of(const std::string& svg, const std::string& what) {
  const std::size_t end = svg.find('>' + what + "</text>"), at = svg.rfind("y='", end);
  REQUIRE(end != std::string::npos);
  return std::stod(svg.substr(at + 3));
}

}  // namespace

TEST_CASE("a chart has every point where its axes say, and names that do not touch", "[examples]") {
  const std::vector<examples::Series> all{{"one", {{1, 10}, {100, 0.1}}, 0}, {"two", {{1, 1}, {100, 0.1}}, 1}};
  const examples::Axis across{"", 1, 100, true, {1, 10, 100}};
  examples::Svg svg(300, 200, "a & b");
  examples::Chart(across, examples::decades("error", all), {50, 20}, {200, 100}).draw(svg, all);
  const std::string text = svg.str();
  REQUIRE(text.find("points='50,20 250,120 '") != std::string::npos);  // from 10 to 0.1, which are the ends of the axis
  REQUIRE(text.find("points='50,70 250,120 '") != std::string::npos);
  REQUIRE(height_of(text, "two") - height_of(text, "one") >= 16);
  REQUIRE(height_of(text, "two") <= 120 + 5);
  REQUIRE(count(text, ">10</text>") == 2);  // a tick of each axis
  REQUIRE(text.find("<title>a &amp; b</title>") != std::string::npos);
  REQUIRE(count(text, "<text") == count(text, "</text>"));
}

TEST_CASE("a picture has each of its colours for light and for dark paper, and no number that is none", "[examples]") {
  examples::Svg svg(10, 10, "");
  const std::string text = svg.str();
  for (std::size_t c = 0; c < examples::Svg::colours; ++c) {
    REQUIRE(count(text, ".s" + std::to_string(c) + " {") == 2);
    REQUIRE(count(text, ".f" + std::to_string(c) + " {") == 2);
  }
  REQUIRE(count(text, "prefers-color-scheme: dark") == 1);
  REQUIRE_THROWS_AS(svg.line({{0, std::numeric_limits<double>::quiet_NaN()}}, 0), std::invalid_argument);
}

TEST_CASE("an arrow ends where it is told to, and a box without a colour is faint", "[examples]") {
  examples::Svg svg(100, 100, "");
  svg.arrow({10, 20}, {40, 60}, 1, "5 3");  // 50 long, down to the right
  svg.box({1, 2}, {30, 40}, "x", 4);
  const std::string before = svg.str();
  REQUIRE(before.find("points='10,20 35.2,53.6 '") != std::string::npos);  // the head takes 8
  REQUIRE(before.find("class='f1' d='M40,60L32,56L38.4,51.2z'") != std::string::npos);
  REQUIRE(before.find("class='s4' fill='none' stroke-width='2' rx='5' x='1' y='2' width='30' height='40'") != std::string::npos);
  REQUIRE(height_of(before, "x") == 27);
  REQUIRE(count(before, "<g fill-opacity") == 0);
  svg.box({1, 2}, {30, 40}, "y", std::nullopt);
  REQUIRE(count(svg.str(), "<g fill-opacity") == 1);
  REQUIRE(count(svg.str(), "</g>") == 1);
}
