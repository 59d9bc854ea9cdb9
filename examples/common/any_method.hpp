#pragma once

#include <azula/concepts.hpp>

#include <functional>
#include <string>
#include <vector>

namespace examples {

/// A method chosen while the program runs, by its name: "DDPM", "Heun", "xEAB3", "UniPC" (of its usual order) and so on.
///
/// A method does nothing but fill in the numbers of its stages, so that one type can stand for all of them and one
/// sampler is compiled instead of fifty. The price is memory for as many predictions as the highest order remembers.
class AnyMethod {
 public:
  static constexpr int history = azula::max_order;

  /// \throws std::invalid_argument that lists the methods, if there is none of that name.
  explicit AnyMethod(const std::string& name, bool lower_order_final = false);

  std::string name() const { return name_; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    append_(stages, grid, i);
  }

 private:
  using Append = std::function<void(std::vector<azula::Stage>&, const azula::TimeGrid&, std::size_t)>;

  std::string name_;
  Append append_;
};

}  // namespace examples
