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

/// The keys of one `scheduler_config.json`, each with its type and its default, and a note of which were
/// asked for: a key that nobody asks for is named at the end and not passed over in silence.
///
/// Every message names the file, the key, the rule and the value.
class SchedulerConfig {
 public:
  /// \param name  of the file, for messages
  /// \throws std::invalid_argument unless it is an object.
  SchedulerConfig(nlohmann::json object, std::string name)
      : object_(std::move(object)), name_(std::move(name)) {
    if (!object_.is_object()) refuse("the file must hold an object", shown(object_));
  }

  /// The class of the scheduler, without its ending "Scheduler".
  std::string scheduler() const {
    std::string name = text("_class_name", "");
    if (name.empty()) refuse("_class_name must name the scheduler's class", "none");
    if (name.starts_with("Flax")) name.erase(0, 4);
    if (name.ends_with("Scheduler")) name.erase(name.size() - 9);
    return name;
  }

  bool has(std::string_view key) const {
    const auto found = find(key);
    return found != object_.end() && !found->is_null();
  }

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

  /// One of the words; the first is the default.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words) const {
    const std::string value = text(key, *words.begin());
    std::string list;
    for (const std::string_view word : words) {
      if (value == word) return value;
      list += join({list.empty() ? "" : ", ", word});
    }
    refuse(join({key, " must be one of ", list}), value);
  }

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

  /// A key whose value must be this one, because nothing else can be had.
  void only(std::string_view key, bool value, std::string_view reason) const {
    if (flag(key, value) != value)
      refuse(join({key, " must be ", value ? "true" : "false", ": ", reason}), shown(*find(key)));
  }

  /// A key that changes nothing here.
  void ignore(std::initializer_list<std::string_view> keys) const { asked_.insert(keys.begin(), keys.end()); }

  /// The keys that nobody has asked for.
  std::vector<std::string> unread() const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object_.items()) {
      if (!key.starts_with("_") && !asked_.contains(key)) keys.push_back(key);
    }
    return keys;
  }

  [[noreturn]] void refuse(std::string_view rule, std::string_view value) const {
    reject(join({"read_scheduler: ", name_}), rule, value);
  }

  /// The same for the value that a key has.
  [[noreturn]] void refuse_key(const std::string& key, std::string_view rule) const {
    refuse(join({key, " ", rule}), shown(object_.at(key)));
  }

  const std::string& name() const { return name_; }

 private:
  nlohmann::json::const_iterator find(std::string_view key) const {
    asked_.emplace(key);
    return object_.find(key);
  }

  /// As the file has it, cut where it is long.
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
