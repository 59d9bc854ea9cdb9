#pragma once

#include "decision.hpp"
#include "image.hpp"

#include <string>
#include <vector>

namespace examples {

/// docs/choice.md: the decisions, how they were measured, and all distances.
std::string choice_page(const std::vector<Situation>& situations, Eigen::Index images);

/// Clothes by Euler on its best times, by the recommended methods, and by the one that is farthest off at 8.
Image choice_picture(const Situation& situation);

}  // namespace examples
