#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/method/option_table.hpp"

namespace azula {

/// Options of a method by name, for AnyMethod: {{"eta", 0.5}, {"lower_order_final", 1}}.
///
/// A bool is 0 or 1. An enum is the number of its enumerator: UniPC's `variant` is 0 for `exact`, 1 for `B1` and 2 for
/// `B2`.
using MethodOptions = std::map<std::string, double, std::less<>>;

/// The value as an int.
/// \throws std::invalid_argument unless the value is a whole number from `low` to `high`.
inline int whole_option(const std::string& method, std::string_view name, double value, int low, int high) {
  if (!(value >= low && value <= high && std::floor(value) == value) || !is_finite(value)) {
    reject(method, join({name, " must be a whole number from ", std::to_string(low), " to ", std::to_string(high)}),
           show(value));
  }
  return static_cast<int>(value);
}

/// Sets one option.
/// \throws std::invalid_argument if the value does not suit the option's type.
inline void set_option(const std::string& method, const OptionPlace& option, double value) {
  const auto whole = [&](int low, int high) { return whole_option(method, option.name, value, low, high); };
  if (double* const* number = std::get_if<double*>(&option.value)) **number = value;
  if (int* const* count = std::get_if<int*>(&option.value)) **count = whole(0, 1'000'000);
  if (bool* const* flag = std::get_if<bool*>(&option.value)) **flag = whole(0, 1) == 1;
  if (const ChoicePlace* choice = std::get_if<ChoicePlace>(&option.value)) {
    choice->set(choice->choice, whole(0, choice->most));
  }
}

/// Reports an option that the method does not have.
/// \throws std::invalid_argument always, with the list of the options that it has.
[[noreturn]] inline void refuse_option(const std::string& method, const std::vector<OptionPlace>& has,
                                       std::string_view name) {
  std::string list;
  for (const OptionPlace& option : has) list += join({list.empty() ? "" : ", ", option.name});
  const std::string rule = list.empty() ? "the method has no options" : "its options are " + list;
  reject(method, rule, join({"\"", name, "\""}));
}

/// Sets options of `method` by name. `found` are the options that the method has.
///
/// Ranges are not checked here but by the method's check().
/// \throws std::invalid_argument if the method has no option of a name (with the list of its options), or if a value
/// does not suit the option's type.
inline void set_options(const std::string& method, const std::vector<OptionPlace>& found,
                        const MethodOptions& options) {
  for (const auto& entry : options) {
    const std::string& name = entry.first;
    const auto option = std::find_if(found.begin(), found.end(), [&](const OptionPlace& o) { return o.name == name; });
    if (option == found.end()) refuse_option(method, found, name);
    set_option(method, *option, entry.second);
  }
}

}  // namespace azula
