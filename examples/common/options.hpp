#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace examples {

/// The options of a program: each is bound to the variable that holds its default.
class Options {
 public:
  Options(std::string program, std::string purpose) : program_(std::move(program)), purpose_(std::move(purpose)) {}

  void text(std::string name, std::string help, std::string& target) {
    add(std::move(name), std::move(help), target, [&target](std::string_view value) { target = value; });
  }

  template <class Number>
  void number(const std::string& name, const std::string& help, Number least, Number& target) {
    add(name, help, show(target), [this, name, least, &target](std::string_view value) {
      Number read{};
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
      // Turned around, because NaN is less than nothing.
      if (error != std::errc{} || end != value.data() + value.size() || !(read >= least)) {
        fail(name + " must be a " + (std::is_integral_v<Number> ? "whole " : "") + "number of at least " + show(least) +
             ", got \"" + std::string(value) + '"');
      }
      target = read;
    });
  }

  void flag(std::string name, std::string help, bool& target) {
    entries_.push_back({std::move(name), std::move(help), false, [&target](std::string_view) { target = true; }});
  }

  /// False when --help was asked for and answered.
  bool parse(int argc, const char* const* argv) const {
    for (int i = 1; i < argc; ++i) {
      const std::string_view name = argv[i];
      if (name == "--help" || name == "-h") return show_help();
      const Entry& entry = find(name);
      if (entry.takes_value && ++i == argc) fail(entry.name + " needs a value");
      entry.set(entry.takes_value ? argv[i] : "");
    }
    return true;
  }

 private:
  struct Entry {
    std::string name;
    std::string help;
    bool takes_value;
    std::function<void(std::string_view)> set;
  };

  static std::string show(auto number) {
    std::ostringstream text;
    text << number;
    return text.str();
  }

  void add(std::string name, std::string help, const std::string& preset, std::function<void(std::string_view)> set) {
    if (!preset.empty()) help += " [" + preset + ']';
    entries_.push_back({std::move(name), std::move(help), true, std::move(set)});
  }

  const Entry& find(std::string_view name) const {
    for (const Entry& entry : entries_) {
      if (entry.name == name) return entry;
    }
    fail("unknown option \"" + std::string(name) + "\"; " + program_ + " --help lists the options");
  }

  bool show_help() const {
    std::cout << program_ << ": " << purpose_ << '\n';
    for (const Entry& entry : entries_) {
      const std::string name = entry.name + (entry.takes_value ? " <value>" : "");
      std::cout << "  " << name << std::string(name.size() < 20 ? 20 - name.size() : 1, ' ') << entry.help << '\n';
    }
    return false;
  }

  [[noreturn]] void fail(const std::string& what) const { throw std::invalid_argument(what); }

  std::string program_;
  std::string purpose_;
  std::vector<Entry> entries_;
};

/// Runs a program's body; an error becomes one line on stderr and exit code 2.
inline int guarded(const char* program, const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::cerr << program << ": " << error.what() << '\n';
    return 2;
  }
}

}  // namespace examples
