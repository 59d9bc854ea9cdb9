#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "azula/plan/stage.hpp"
#include "common/svg.hpp"

/// Draws a stage as a picture: what it reads on the left, with the weights, and what it writes on the right.
///
/// Parts that a stage does not use are drawn faintly, so that each part has the same place in all pictures.
class StagePicture {
 public:
  using Svg = examples::Svg;
  using Point = Svg::Point;

  static constexpr Point size{420, 276};

  /// \param letters  the names of the weights alone, without their numbers
  StagePicture(Svg& svg, Point corner, bool letters) : svg_(svg), corner_(corner), letters_(letters) {}

  /// \param remembers  whether a later stage reads the prediction of this one
  void draw(const std::string& title, const std::string& remark, const azula::Stage& stage, bool remembers) {
    svg_.text(at(20, 26), "start", title, 17);
    svg_.text(at(400, 26), "end", remark, 13);
    draw_frames(stage, remembers);
    svg_.arrow(at(65, 78), at(65, 102), x_colour);
    svg_.text(at(75, 94), "start", "denoiser");
    read(53, "a", stage.a, x_colour, true);
    read(113, "b", stage.b, m_colour, true);
    for (int j = 0; j < stage.older && j < 2; ++j) {
      read(165 + 36 * j, j == 0 ? "h₁" : "h₂", stage.h[static_cast<std::size_t>(j)], p_colour, true);
    }
    if (stage.c != 0) read(237, "c", stage.c, noise_colour, true);
    if (remembers && stage.u != 0) read(70, "u", stage.u, x_colour, false);
    if (remembers) read(130, "v", stage.v, m_colour, false);
  }

 private:
  static constexpr std::size_t x_colour = 0, m_colour = 1, p_colour = 2, noise_colour = 3;

  Point at(double x, double y) const { return {corner_.first + x, corner_.second + y}; }

  void draw_frames(const azula::Stage& stage, bool remembers) {
    const auto kind = [](bool used, std::size_t colour) { return used ? std::optional(colour) : std::nullopt; };
    svg_.box(at(20, 42), {90, 36}, "x", x_colour);
    svg_.box(at(20, 102), {90, 36}, "m", m_colour);
    svg_.box(at(20, 150), {90, 30}, "p₁", kind(stage.older > 0, p_colour));
    svg_.box(at(20, 186), {90, 30}, "p₂", kind(stage.older > 1, p_colour));
    svg_.box(at(20, 222), {90, 30}, "noise ε", kind(stage.c != 0, noise_colour));
    svg_.box(at(318, 102), {82, 36}, "next x", x_colour);
    svg_.box(at(318, 186), {82, 36}, "next p₁", kind(remembers, p_colour));
  }

  /// A weight beside its frame at height `y`, and the way of what it weighs, to the next state or to the prediction.
  void read(double y, const std::string& letter, double weight, std::size_t colour, bool to_state) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), " %.2f", weight);
    svg_.text(at(118, y + 4), "start", letters_ ? letter : letter + number.data());
    const double end = to_state ? 120 + (y - 145) / 10 : 204 + (y - 100) / 10;  // side by side
    svg_.arrow(at(letters_ ? 140 : 176, y), at(316, end), colour, to_state ? "" : "5 3");
  }

  Svg& svg_;
  Point corner_;
  bool letters_;
};
