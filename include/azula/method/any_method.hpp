#pragma once
/// \file

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/method/method_options.hpp"
#include "azula/method/method_parts.hpp"
#include "azula/method/method_table.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// A method that is chosen at run time, by its name or by its value.
///
///     azula::Sampler sampler(denoiser, azula::AnyMethod("xEAB3"), {.steps = 10});
///     azula::AnyMethod method("DDIM", {{"eta", 0.5}});
///     method = azula::Corrected{azula::zAB<3>{}};
///
/// A method only computes the numbers of its stages, once, when the sampler is built. Therefore one type can stand for
/// all methods: a step costs as much as with the method's own type, and a run remembers as many predictions. A program
/// that offers fifty methods compiles one sampler instead of fifty.
///
/// This header compiles every method, which takes some seconds; no umbrella header includes it.
class AnyMethod {
 public:
  static constexpr int history = max_order;

  /// Holds a copy of any method.
  template <class M>
    requires(!std::same_as<M, AnyMethod>) && requires { M::history; }
  AnyMethod(M method) : parts_(parts_of(std::move(method))) {
    static_assert(M::history <= history, "azula::AnyMethod: it can remember eight predictions at most");
  }

  /// The method of this name: "DDPM", "Heun", "xEAB3" or "xEAB<3>", "UniPC" (of its usual order) …; method_names()
  /// lists them.
  /// \throws std::invalid_argument if there is no method of that name (with the list of names), if it has no such
  /// option, or if the value of an option is out of range.
  explicit AnyMethod(std::string_view name, const MethodOptions& options = {}) : parts_(named(name, options)) {
    check();
  }

  std::string name() const { return parts_.name; }
  void check() const { parts_.check(parts_.method.get()); }
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    parts_.append(parts_.method.get(), stages, grid, i);
  }

  /// The names of the options that the method has.
  const std::vector<std::string_view>& options() const { return parts_.options; }
  /// Whether the method has this option.
  bool has(std::string_view option) const {
    return std::find(options().begin(), options().end(), option) != options().end();
  }

 private:
  static MethodParts named(std::string_view name, const MethodOptions& options) {
    std::string plain(name);
    // So that what name() returns is accepted, too: "Bounded xEAB<3>".
    std::erase_if(plain, [](char c) { return c == '<' || c == '>' || c == ' '; });
    for (const MethodEntry& entry : method_table()) {
      if (!plain.starts_with(entry.name)) continue;
      const std::string_view order = std::string_view(plain).substr(entry.name.size());
      if (order.empty()) return entry.make(entry.preset, options);
      if (order.size() > 1 || order[0] < '1' || order[0] > '0' + entry.most) continue;
      return entry.make(order[0] - '0', options);
    }
    refuse(name);
  }

  [[noreturn]] static void refuse(std::string_view name) {
    std::string list;
    for (const MethodEntry& entry : method_table()) {
      list += join({list.empty() ? "" : ", ", entry.name});
      if (entry.most > 0) list += join({"(1-", std::to_string(entry.most), ")"});
    }
    reject("AnyMethod", join({"a method must be one of ", list}), join({"\"", name, "\""}));
  }

  MethodParts parts_;
};

}  // namespace azula
