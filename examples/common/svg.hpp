#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// A picture of lines, marks and text, light or dark as the reader's system asks. What is drawn has one of `colours` colours
/// that colour-blind readers tell apart (after Okabe and Ito), and a mark of its own, so that nothing depends on colour alone.
class Svg {
 public:
  static constexpr std::size_t colours = 7;
  using Point = std::pair<double, double>;

  /// \param title  for who cannot see the picture
  Svg(double width, double height, const std::string& title) {
    body_ = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " + number(width) + ' ' + number(height) +
            "' role='img' font-family='system-ui, sans-serif' font-size='13'>\n<title>" + escaped(title) +
            "</title>\n<style>\n" + rules(light) + "@media (prefers-color-scheme: dark) {\n" + rules(dark) +
            "}\n</style>\n<rect class='paper' width='100%' height='100%'/>\n";
  }

  /// A line of a grid; a strong one is an axis.
  void rule(Point from, Point to, bool strong = false) { stroke({from, to}, strong ? "axis" : "grid", 1, ""); }

  /// A line between those of a grid.
  void faint_rule(Point from, Point to) { stroke({from, to}, "faint", 1, ""); }

  /// A line of colour number `colour`; `dashes` as in stroke-dasharray.
  void line(const std::vector<Point>& points, std::size_t colour, const char* dashes = "", double width = 2.2) {
    stroke(points, "s" + std::to_string(colour % colours), width, dashes);
  }

  /// A mark of colour and shape number `colour`: a circle, a square, a diamond, triangles, a cross, a bar.
  void mark(Point at, std::size_t colour) {
    static constexpr std::array<const char*, colours> shapes{
        "m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z", "m-3.5,-3.5h7v7h-7z",           "m0,-5l5,5l-5,5l-5,-5z",
        "m0,-4.6l4.6,8h-9.2z",                  "m0,4.6l4.6,-8h-9.2z",         "m-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
        "m-5,-2h10v4h-10z"};
    const std::size_t c = colour % colours;
    body_ += "<path class='f" + std::to_string(c) + "' d='M" + number(at.first) + ',' + number(at.second) + shapes[c] + "'/>\n";
  }

  /// A line that ends in a head.
  void arrow(Point from, Point to, std::size_t colour, const char* dashes = "") {
    const double dx = to.first - from.first, dy = to.second - from.second, length = std::hypot(dx, dy);
    const double x = dx / length, y = dy / length;  // where it leads
    const Point neck{to.first - 8 * x, to.second - 8 * y};
    line({from, neck}, colour, dashes, 1.8);
    body_ += "<path class='f" + std::to_string(colour % colours) + "' d='M" + number(to.first) + ',' + number(to.second) + 'L' +
             number(neck.first - 4 * y) + ',' + number(neck.second + 4 * x) + 'L' + number(neck.first + 4 * y) + ',' +
             number(neck.second - 4 * x) + "z'/>\n";
  }

  /// A frame with a word in it, of a colour, or faint for what is not there.
  void box(Point corner, Point size, const std::string& word, std::optional<std::size_t> colour) {
    const std::string kind = colour ? "s" + std::to_string(*colour % colours) : "grid";
    body_ += "<rect class='" + kind + "' fill='none' stroke-width='" + (colour ? "2" : "1") + "' rx='5' x='" +
             number(corner.first) + "' y='" + number(corner.second) + "' width='" + number(size.first) + "' height='" +
             number(size.second) + "'/>\n";
    if (!colour) body_ += "<g fill-opacity='0.4'>\n";
    text({corner.first + size.first / 2, corner.second + size.second / 2 + 5}, "middle", word, 14);
    if (!colour) body_ += "</g>\n";
  }

  /// \param anchor  start, middle or end
  void text(Point at, const char* anchor, const std::string& what, int size = 13, bool upright = false) {
    const std::string place = number(at.first) + (upright ? "," : "' y='") + number(at.second);
    body_ += (upright ? "<text transform='translate(" + place + ") rotate(-90)'" : "<text x='" + place + "'") +
             " text-anchor='" + anchor + "' font-size='" + std::to_string(size) + "'>" + escaped(what) + "</text>\n";
  }

  std::string str() const { return body_ + "</svg>\n"; }

  void write(const std::filesystem::path& path) const {
    std::ofstream file(path);
    file << str();
    if (!file.flush()) throw std::runtime_error("Svg: " + path.string() + " cannot be written");
  }

  /// A number as it is read most easily: 0.001, 30.
  static std::string number(double value) {
    if (!std::isfinite(value)) throw std::invalid_argument("Svg: a number must be finite");
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.6g", value);
    return digits.data();
  }

 private:
  struct Theme {
    const char *paper, *ink, *faint, *grid, *axis;
    std::array<const char*, colours> colour;
  };
  static constexpr Theme light{"#ffffff", "#1f2328", "#f0f2f4", "#d5d9de", "#8c959f",
                               {"#0072b2", "#d55e00", "#009e73", "#b0508c", "#c98a00", "#4f9fd0", "#4d4d4d"}};
  static constexpr Theme dark{"#0d1117", "#e6edf3", "#1b212a", "#343b45", "#6e7681",
                              {"#56a8e8", "#ff8a3d", "#2fc99a", "#e08fc0", "#f0c04a", "#a5d8ff", "#b8b8b8"}};

  static std::string rules(const Theme& theme) {
    std::string css = ".paper { fill: " + std::string(theme.paper) + " }\ntext { fill: " + theme.ink + " }\n.faint { stroke: " +
                      theme.faint + " }\n.grid { stroke: " + theme.grid + " }\n.axis { stroke: " + theme.axis + " }\n";
    for (std::size_t c = 0; c < colours; ++c) {
      const std::string name = std::to_string(c), colour = theme.colour[c];
      css += ".s" + name + " { stroke: " + colour + " }\n.f" + name + " { fill: " + colour + " }\n";
    }
    return css;
  }

  void stroke(const std::vector<Point>& points, const std::string& kind, double width, const std::string& dashes) {
    body_ += "<polyline class='" + kind + "' fill='none' stroke-width='" + number(width) + "' stroke-linejoin='round'";
    if (!dashes.empty()) body_ += " stroke-dasharray='" + dashes + "'";
    body_ += " points='";
    for (const auto& [x, y] : points) body_ += number(x) + ',' + number(y) + ' ';
    body_ += "'/>\n";
  }

  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
  }

  std::string body_;
};

}  // namespace examples
