#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "azula/error.hpp"
#include "azula/sample/byte_writer.hpp"

namespace azula {

/// Reads values from bytes that a ByteWriter has written.
///
/// It is safe on untrusted bytes: it never reads past the end and never allocates. A length found in the bytes is
/// checked against the number of bytes left.
class ByteReader {
 public:
  /// Starts at the first byte; the bytes must outlive the reader.
  /// \param where  the function that error messages name
  ByteReader(std::string_view bytes, const char* where) : bytes_(bytes), where_(where) {}

  std::size_t left() const { return bytes_.size(); }  ///< how many bytes are left

  /// Takes the next `size` bytes as they are.
  /// \param what  what the bytes are, for messages: "the number of stages"
  /// \throws std::invalid_argument if fewer bytes are left.
  std::string_view raw(std::uint64_t size, const char* what) {
    if (size > bytes_.size()) {
      reject(where_, join({"the bytes must reach over ", what, ", ", std::to_string(size), " bytes"}),
             std::to_string(bytes_.size()));
    }
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  std::uint64_t number(const char* what) { return one<std::uint64_t>(what); }  ///< takes an integer
  double real(const char* what) { return one<double>(what); }                  ///< takes a floating-point number
  /// Takes a text: its length, then its bytes.
  std::string_view text(const char* what) { return raw(number(what), what); }

  /// Takes `count` numbers and writes them to `to`.
  template <class T>
  void values(T* to, std::size_t count, const char* what) {
    if (count > bytes_.size() / sizeof(T)) raw(std::uint64_t{count} * sizeof(T), what);  // throws: not enough bytes
    const std::string_view taken = raw(std::uint64_t{count} * sizeof(T), what);
    for (std::size_t i = 0; i < count; ++i) {
      bits_t<T> bits = 0;
      for (std::size_t k = 0; k < sizeof(T); ++k) {
        const auto byte = static_cast<unsigned char>(taken[i * sizeof(T) + k]);
        bits = static_cast<bits_t<T>>(bits | static_cast<bits_t<T>>(bits_t<T>{byte} << (8 * k)));
      }
      std::memcpy(static_cast<void*>(to + i), &bits, sizeof bits);
    }
  }

  /// Takes an integer that must equal `here`, the value in this program.
  /// \param rule  the rule for the message
  /// \throws std::invalid_argument if it differs.
  void expect(std::uint64_t here, const char* rule) {
    same(std::to_string(number("a number")), std::to_string(here), rule);
  }
  /// Takes a text that must equal `here`.
  void expect(std::string_view here, const char* rule) { same(text("a text"), here, rule); }
  /// Takes a floating-point number that must have the bits of `here`.
  void expect(double here, const char* rule) {
    const double saved = real("a number");
    if (std::memcmp(&saved, &here, sizeof here) != 0) reject(where_, join({rule, ", ", show(saved)}), show(here));
  }

  /// Checks that all bytes have been read.
  /// \throws std::invalid_argument if there are bytes left.
  void end(const char* what) const {
    if (left() > 0) reject(where_, join({"there must be no bytes after ", what}), std::to_string(left()));
  }

 private:
  template <class T>
  T one(const char* what) {
    T value{};
    values(&value, 1, what);
    return value;
  }

  void same(std::string_view saved, std::string_view here, const char* rule) const {
    if (saved != here) reject(where_, join({rule, ", ", saved}), here);
  }

  std::string_view bytes_;
  const char* where_;
};

}  // namespace azula
