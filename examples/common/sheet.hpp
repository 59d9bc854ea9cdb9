#pragma once

#include "font.hpp"
#include "image.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace examples {

/// What is on a Sheet. Sizes are in pixels; pages show the picture at half its size.
struct SheetLayout {
  std::string head;                  ///< above the columns' headings
  std::vector<std::string> columns;  ///< the headings
  std::string foot;                  ///< below all
  std::size_t rows = 1;
  Eigen::Index count = 4;    ///< images in a block
  Montage tiles = {};        ///< how a block is laid out, in one row
  Eigen::Index letters = 7;  ///< room for the names of the rows
  int notes = 0;             ///< lines of small letters below the number of a block
};

/// A picture of blocks of images: a row per method, a column per number of evaluations, a number below each block.
class Sheet {
 public:
  explicit Sheet(SheetLayout layout) : layout_(std::move(layout)), left_(gap + layout_.letters * 6 * letter + gap) {
    layout_.tiles.columns = layout_.count;
    const Eigen::Index height = top + static_cast<Eigen::Index>(layout_.rows) * row() + line + gap / 2;
    const Eigen::Index width = left_ + std::ssize(layout_.columns) * (block_width() + gap);
    image_.setConstant(height, std::max(width, left_ + text_width(layout_.foot, letter) + gap), 30);
    draw_text(image_, gap, left_, layout_.head, letter);
    draw_text(image_, height - line - gap / 4, left_, layout_.foot, letter);
    for (std::size_t i = 0; i < layout_.columns.size(); ++i)
      draw_centred(image_, gap + line, middle(i), layout_.columns[i], letter);
  }

  /// A word is a line.
  void name(std::size_t row_index, const std::string& words) {
    const Eigen::Index lines = 1 + std::count(words.begin(), words.end(), ' ');
    Eigen::Index y = above(row_index) + (layout_.tiles.margin + pitch() - 7 * letter) / 2 - (lines - 1) * line / 2;
    for (std::size_t begin = 0; begin < words.size(); y += line) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      draw_text(image_, y, gap, words.substr(begin, end - begin), letter);
      begin = end + 1;
    }
  }

  void block(std::size_t row_index, std::size_t column, const Eigen::ArrayXXf& samples, const std::string& number,
             const std::string& note = {}) {
    const Eigen::Index height = pitch() + layout_.tiles.margin, y = above(row_index);
    image_.block(y, middle(column) - block_width() / 2, height, block_width()) = montage(samples, layout_.tiles);
    draw_centred(image_, y + height + 2 * letter, middle(column), number, letter);
    Eigen::Index below = y + height + 2 * letter + line;
    for (std::size_t begin = 0; begin < note.size(); below += 11 * small) {
      const std::size_t end = std::min(note.find('\n', begin), note.size());
      draw_centred(image_, below, middle(column), note.substr(begin, end - begin), small);
      begin = end + 1;
    }
  }

  const Image& image() const { return image_; }

 private:
  static constexpr Eigen::Index letter = 4;  // per pixel of a letter
  static constexpr Eigen::Index small = 3;   // of a note
  static constexpr Eigen::Index line = 11 * letter;
  static constexpr Eigen::Index gap = 20;
  static constexpr Eigen::Index top = gap + 2 * line;  // below the headings

  Eigen::Index pitch() const { return layout_.tiles.side * layout_.tiles.scale + layout_.tiles.margin; }
  Eigen::Index block_width() const { return layout_.count * pitch() + layout_.tiles.margin; }
  Eigen::Index row() const { return pitch() + layout_.tiles.margin + line + layout_.notes * 11 * small + gap; }
  Eigen::Index above(std::size_t row_index) const { return top + static_cast<Eigen::Index>(row_index) * row(); }
  Eigen::Index middle(std::size_t column) const {
    return left_ + static_cast<Eigen::Index>(column) * (block_width() + gap) + block_width() / 2;
  }

  SheetLayout layout_;
  Eigen::Index left_;  // beside the names
  Image image_;
};

}  // namespace examples
