#pragma once
/// \file

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"

namespace azula::diffusers {

/// Gives access to the keys of a `scheduler_config.json`, and checks their types and ranges.
///
/// It records which keys have been read, so that no key is ignored silently: see unread(). `preset` is the default for
/// a key that is missing or null. Error messages name the file, the key, the rule and the value.
class SchedulerConfig {
 public:
  /// \param name  name of the file, for messages
  /// \throws std::invalid_argument unless `object` is a JSON object.
  SchedulerConfig(nlohmann::json object, std::string name)
      : object_(std::move(object)), name_(std::move(name)) {
    if (!object_.is_object()) refuse("the file must hold an object", shown(object_));
  }

  /// The class of the scheduler, without the ending "Scheduler" and without "Flax" at its beginning.
  std::string scheduler() const {
    std::string name = text("_class_name", "");
    if (name.empty()) refuse("_class_name must name the scheduler's class", "none");
    if (name.starts_with("Flax")) name.erase(0, 4);
    if (name.ends_with("Scheduler")) name.erase(name.size() - 9);
    return name;
  }

  /// Whether the key is there and not null.
  bool has(std::string_view key) const {
    const auto found = find(key);
    return found != object_.end() && !found->is_null();
  }

  /// A finite number.
  double number(std::string_view key, double preset) const {
    if (!has(key)) return preset;
    const nlohmann::json& value = *find(key);
    if (!value.is_number()) refuse(join({key, " must be a number"}), shown(value));
    const double result = value.get<double>();
    if (!is_finite(result)) refuse(join({key, " must be finite"}), shown(value));
    return result;
  }

  /// A number in [low, high].
  double number(std::string_view key, double preset, double low, double high) const {
    const double value = number(key, preset);
    if (!(value >= low && value <= high)) {
      refuse(join({key, " must be in [", show(low), ", ", show(high), "]"}), show(value));
    }
    return value;
  }

  /// A whole number in [low, high].
  std::ptrdiff_t whole(std::string_view key, std::ptrdiff_t preset, std::ptrdiff_t low,
                       std::ptrdiff_t high) const {
    const double value =
        number(key, static_cast<double>(preset), static_cast<double>(low), static_cast<double>(high));
    if (value != static_cast<double>(static_cast<std::ptrdiff_t>(value))) {
      refuse(join({key, " must be a whole number"}), show(value));
    }
    return static_cast<std::ptrdiff_t>(value);
  }

  bool flag(std::string_view key, bool preset) const {
    if (!has(key)) return preset;
    const nlohmann::json& value = *find(key);
    if (!value.is_boolean()) refuse(join({key, " must be true or false"}), shown(value));
    return value.get<bool>();
  }

  std::string text(std::string_view key, std::string_view preset) const {
    if (!has(key)) return std::string(preset);
    const nlohmann::json& value = *find(key);
    if (!value.is_string()) refuse(join({key, " must be a text"}), shown(value));
    return value.get<std::string>();
  }

  /// One of the given words; the first one is the default.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words) const {
    const std::string value = text(key, *words.begin());
    std::string list;
    for (const std::string_view word : words) {
      if (value == word) return value;
      list += join({list.empty() ? "" : ", ", word});
    }
    refuse(join({key, " must be one of ", list}), value);
  }

  /// A list of finite numbers; empty by default.
  std::vector<double> numbers(std::string_view key) const {
    std::vector<double> values;
    if (!has(key)) return values;
    const nlohmann::json& list = *find(key);
    if (!list.is_array()) refuse(join({key, " must be a list of numbers"}), shown(list));
    for (const nlohmann::json& value : list) {
      if (!value.is_number() || !is_finite(value.get<double>())) {
        refuse(join({key, " must be a list of finite numbers"}), shown(value));
      }
      values.push_back(value.get<double>());
    }
    return values;
  }

  /// Checks that a flag has the only value that is supported. `reason` says why no other is.
  void only(std::string_view key, bool value, std::string_view reason) const {
    if (flag(key, value) != value)
      refuse(join({key, " must be ", value ? "true" : "false", ": ", reason}), shown(*find(key)));
  }

  /// Marks keys as read, because they have no effect.
  void ignore(std::initializer_list<std::string_view> keys) const { asked_.insert(keys.begin(), keys.end()); }

  /// The keys that have not been read.
  std::vector<std::string> unread() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object_.items()) {
      if (!key.starts_with("_") && !asked_.contains(key)) keys.push_back(key);
    }
    return keys;
  }

  /// Throws std::invalid_argument for a value that breaks a rule.
  [[noreturn]] void refuse(std::string_view rule, std::string_view value) const {
    reject(join({"read_scheduler: ", name_}), rule, value);
  }

  /// Throws std::invalid_argument for a rule that the value of a key breaks.
  [[noreturn]] void refuse_key(std::string_view rule, const std::string& key) const {
    refuse(rule, shown(object_.at(key)));
  }

  const std::string& name() const { return name_; }

 private:
  nlohmann::json::const_iterator find(std::string_view key) const {
    asked_.emplace(key);
    return object_.find(key);
  }

  /// A value as the file has it, shortened to 60 characters.
  static std::string shown(const nlohmann::json& value) {
    std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
  }

  nlohmann::json object_;
  std::string name_;
  mutable std::set<std::string, std::less<>> asked_;
};

}  // namespace azula::diffusers
