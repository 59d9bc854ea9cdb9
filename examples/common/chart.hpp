#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// A line of a chart; points with positive coordinates.
struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;
  std::string colour;
  bool dashed = false;
};

/// Lines over logarithmic axes, written as SVG.
class LogLogChart {
 public:
  LogLogChart(std::string title, std::string x_label, std::string y_label, std::vector<double> x_ticks)
      : title_(std::move(title)), x_label_(std::move(x_label)), y_label_(std::move(y_label)), x_ticks_(std::move(x_ticks)) {}

  void add(Series series) { series_.push_back(std::move(series)); }

  void write(const std::filesystem::path& path) const {
    std::ofstream file(path);
    file << svg();
    if (!file.flush()) throw std::runtime_error("LogLogChart: " + path.string() + " cannot be written");
  }

 private:
  static constexpr double width = 760, height = 480, left = 80, right = 210, top = 50, bottom = 60;

  std::string svg() const {
    double low = 1e300, high = 0;
    for (const Series& s : series_) {
      for (const auto& [x, y] : s.points) low = std::fmin(low, y), high = std::fmax(high, y);
    }
    low = std::pow(10, std::floor(std::log10(low))), high = std::pow(10, std::ceil(std::log10(high)));
    const double x_0 = std::log(x_ticks_.front()), x_1 = std::log(x_ticks_.back());
    const auto px = [&](double x) { return left + (std::log(x) - x_0) / (x_1 - x_0) * (width - left - right); };
    const auto py = [&](double y) { return top + std::log(high / y) / std::log(high / low) * (height - top - bottom); };

    std::ostringstream out;
    out << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " << width << ' ' << height
        << "' font-family='sans-serif' font-size='13'>\n<rect width='100%' height='100%' fill='white'/>\n";
    text(out, width / 2 - 60, 24, "middle", title_, 16);
    text(out, (left + width - right) / 2, height - 16, "middle", x_label_, 13);
    out << "<text transform='translate(20," << height / 2 << ") rotate(-90)' text-anchor='middle'>" << y_label_ << "</text>\n";
    for (const double tick : x_ticks_) {
      line(out, px(tick), top, px(tick), height - bottom, "#ddd");
      text(out, px(tick), height - bottom + 18, "middle", label(tick), 13);
    }
    for (double decade = low; decade <= high * 1.001; decade *= 10) {
      text(out, left - 8, py(decade) + 4, "end", label(decade), 13);
      for (int k = 1; k < 10 && k * decade <= high * 1.001; ++k) {
        line(out, left, py(k * decade), width - right, py(k * decade), k == 1 ? "#bbb" : "#eee");
      }
    }
    double row = top + 10;
    for (const Series& s : series_) {
      out << "<polyline fill='none' stroke-width='2.2' stroke='" << s.colour << "'"
          << (s.dashed ? " stroke-dasharray='6 4'" : "") << " points='";
      for (const auto& [x, y] : s.points) out << px(x) << ',' << py(y) << ' ';
      out << "'/>\n";
      for (const auto& [x, y] : s.points) {
        out << "<circle r='3.4' fill='" << s.colour << "' cx='" << px(x) << "' cy='" << py(y) << "'/>\n";
      }
      line(out, width - right + 12, row - 4, width - right + 36, row - 4, s.colour, s.dashed ? "6 4" : "");
      text(out, width - right + 42, row, "start", s.name, 12);
      row += 22;
    }
    out << "</svg>\n";
    return out.str();
  }

  static std::string label(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
  }

  static void line(std::ostream& out, double x_0, double y_0, double x_1, double y_1, const std::string& colour,
                   const std::string& dashes = "") {
    out << "<line stroke='" << colour << "' x1='" << x_0 << "' y1='" << y_0 << "' x2='" << x_1 << "' y2='" << y_1 << "'";
    if (!dashes.empty()) out << " stroke-width='2.2' stroke-dasharray='" << dashes << "'";
    out << "/>\n";
  }

  static void text(std::ostream& out, double x, double y, const char* anchor, const std::string& what, int size) {
    out << "<text x='" << x << "' y='" << y << "' text-anchor='" << anchor << "' font-size='" << size << "'>" << what
        << "</text>\n";
  }

  std::string title_, x_label_, y_label_;
  std::vector<double> x_ticks_;
  std::vector<Series> series_;
};

}  // namespace examples
