#pragma once

#include "image.hpp"

#include <string_view>

namespace examples {

Eigen::Index text_width(std::string_view text, Eigen::Index size);

/// White letters, 7 * size pixels high; characters without a glyph leave a space.
void draw_text(Image& image, Eigen::Index top, Eigen::Index left, std::string_view text, Eigen::Index size);

/// The same with `middle` in the middle of the text.
void draw_centred(Image& image, Eigen::Index top, Eigen::Index middle, std::string_view text, Eigen::Index size);

}  // namespace examples
