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

/// Options by name: {{"eta", 0.5}, {"lower_order_final", 1}}. Switches are 0 or 1, choices the number of their
/// enumerator: UniPC's variant is 0 for `exact`, 1 for `B1` and 2 for `B2`.
using MethodOptions = std::map<std::string, double, std::less<>>;

/// \throws std::invalid_argument unless the value is a whole number from `low` to `high`.
inline int whole_option(const std::string& method, std::string_view name, double value, int low, int high) {
  if (!(value >= low && value <= high && std::floor(value) == value) || !is_finite(value)) {
    reject(method, join({name, " must be a whole number from ", std::to_string(low), " to ", std::to_string(high)}),
           show(value));
  }
  return static_cast<int>(value);
}

/// \throws std::invalid_argument if the value is not of the option's type.
inline void set_option(const std::string& method, const OptionPlace& option, double value) {
  const auto whole = [&](int low, int high) { return whole_option(method, option.name, value, low, high); };
  if (double* const* number = std::get_if<double*>(&option.value)) **number = value;
  if (int* const* count = std::get_if<int*>(&option.value)) **count = whole(0, 1'000'000);
  if (bool* const* flag = std::get_if<bool*>(&option.value)) **flag = whole(0, 1) == 1;
  if (const ChoicePlace* choice = std::get_if<ChoicePlace>(&option.value)) {
    choice->set(choice->choice, whole(0, choice->most));
  }
}

/// \throws std::invalid_argument always, for an option that the method does not have.
[[noreturn]] inline void refuse_option(const std::string& method, const std::vector<OptionPlace>& has,
                                       std::string_view name) {
  std::string list;
  for (const OptionPlace& option : has) list += join({list.empty() ? "" : ", ", option.name});
  const std::string rule = list.empty() ? "the method has no options" : "its options are " + list;
  reject(method, rule, join({"\"", name, "\""}));
}

/// Sets the options of `method`, which has those that are `found`, by their names.
/// \throws std::invalid_argument with the list of those that it has, if there is none of a name, or if a value is not
/// of the option's type. Its range is left to the method's check().
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
