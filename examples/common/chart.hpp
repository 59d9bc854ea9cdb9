#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "common/svg.hpp"

namespace examples {

/// One side of a chart.
struct Axis {
  std::string label;
  double low, high;
  bool logarithmic = false;
  std::vector<double> ticks;  ///< those with a number

  /// Where `value` is, from 0 to 1.
  double share(double value) const {
    return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
};

/// A line of a chart.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;
  std::size_t colour = 0;  ///< and mark
  const char* dashes = "";
  std::size_t mark_every = 1;  ///< of so many points one has a mark; 0 is none
};

/// From the power of ten below the values of all series to that above.
inline Axis decades(std::string label, const std::vector<Series>& series) {
  double low = 1e300, high = 0;
  for (const Series& s : series) {
    for (const auto& [x, y] : s.points) low = std::fmin(low, y), high = std::fmax(high, y);
  }
  const double first = std::floor(std::log10(low)), last = std::ceil(std::log10(high));
  Axis axis{std::move(label), std::pow(10, first), std::pow(10, last), true, {}};
  for (double power = first; power <= last; ++power) axis.ticks.push_back(std::pow(10, power));
  return axis;
}

/// Lines over two axes, each with its name at its end.
class Chart {
 public:
  using Point = Svg::Point;

  /// \param corner, size  of the field of the lines; axes and names are around it
  Chart(Axis x, Axis y, Point corner, Point size) : x_(std::move(x)), y_(std::move(y)), corner_(corner), size_(size) {}

  void draw(Svg& svg, const std::vector<Series>& series) const {
    draw_axes(svg);
    for (const Series& s : series) {
      std::vector<Point> line;
      for (const auto& point : s.points) line.push_back(place(point));
      svg.line(line, s.colour, s.dashes);
      if (s.mark_every == 0) continue;
      for (std::size_t i = s.mark_every / 2; i < line.size(); i += s.mark_every) svg.mark(line[i], s.colour);
    }
    draw_names(svg, series);
  }

 private:
  static constexpr double row = 17;  // from name to name

  Point place(Point p) const {
    return {corner_.first + size_.first * x_.share(p.first), corner_.second + size_.second * (1 - y_.share(p.second))};
  }

  void draw_axes(Svg& svg) const {
    const double left = corner_.first, top = corner_.second, right = left + size_.first, bottom = top + size_.second;
    if (y_.logarithmic) {
      for (double decade = y_.low; decade < y_.high * 0.999; decade *= 10) {
        for (int k = 2; k < 10; ++k) {
          const double y = place({x_.low, k * decade}).second;
          svg.faint_rule({left, y}, {right, y});
        }
      }
    }
    for (const double tick : y_.ticks) {
      const double y = place({x_.low, tick}).second;
      svg.rule({left, y}, {right, y});
      svg.text({left - 8, y + 4}, "end", Svg::number(tick));
    }
    for (const double tick : x_.ticks) {
      const double x = place({tick, y_.low}).first;
      svg.rule({x, bottom}, {x, bottom + 5}, true);
      svg.text({x, bottom + 20}, "middle", Svg::number(tick));
    }
    svg.rule({left, bottom}, {right, bottom}, true);
    svg.text({left + size_.first / 2, bottom + 42}, "middle", x_.label);
    if (!y_.label.empty()) svg.text({left - 58, top + size_.second / 2}, "middle", y_.label, 13, true);
  }

  /// At the ends of the lines, moved apart where they would touch.
  void draw_names(Svg& svg, const std::vector<Series>& series) const {
    std::vector<std::pair<double, std::size_t>> names;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (!series[i].name.empty()) names.emplace_back(place(series[i].points.back()).second, i);
    }
    std::sort(names.begin(), names.end());
    for (std::size_t i = 1; i < names.size(); ++i) names[i].first = std::fmax(names[i].first, names[i - 1].first + row);
    double lowest = corner_.second + size_.second;
    for (std::size_t i = names.size(); i-- > 0; lowest -= row) lowest = names[i].first = std::fmin(names[i].first, lowest);
    const double x = corner_.first + size_.first + 12;
    for (const auto& [y, i] : names) {
      const Series& s = series[i];
      svg.line({place(s.points.back()), {x, y}}, s.colour, "1 3", 1);
      svg.line({{x, y}, {x + 20, y}}, s.colour, s.dashes);
      if (s.mark_every > 0) svg.mark({x + 10, y}, s.colour);
      svg.text({x + 26, y + 4}, "start", s.name);
    }
  }

  Axis x_, y_;
  Point corner_, size_;
};

}  // namespace examples
