#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace examples {

/// A distance as a table shows it: three decimals, fewer where it is large.
inline std::string number(double value) {
  if (!std::isfinite(value)) return "∞";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 10 ? "%.3f" : value < 1000 ? "%.1f" : "%.1e", value);
  return text.data();
}

/// \throws std::runtime_error if it cannot be written.
inline void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path);
  out << text << std::flush;
  if (!out) throw std::runtime_error(path.string() + " cannot be written");
}

}  // namespace examples
