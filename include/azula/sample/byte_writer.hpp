#pragma once
/// \file

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace azula {

/// The unsigned integer type with the size of T.
template <class T>
using bits_t = std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                  std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;

/// Writes numbers and texts as bytes that are the same on every machine.
///
///     azula::ByteWriter out;
///     out.text("MySource").number(seed).number(draw);
///
/// Integers have 64 bits; floating-point numbers keep all their bits; both are stored least significant byte first. A
/// text is stored as its length and its bytes. ByteReader reads them back.
class ByteWriter {
 public:
  /// Appends bytes as they are, without their length.
  ByteWriter& raw(std::string_view bytes) {
    bytes_.append(bytes);
    return *this;
  }

  ByteWriter& number(std::uint64_t value) { return values(&value, 1); }  ///< appends an integer
  ByteWriter& real(double value) { return values(&value, 1); }           ///< appends a floating-point number
  /// Appends a text: its length, then its bytes.
  ByteWriter& text(std::string_view bytes) { return number(bytes.size()).raw(bytes); }

  /// Appends an array of numbers, without its length.
  template <class T>
  ByteWriter& values(const T* from, std::size_t count) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + count * sizeof(T));
    char* to = bytes_.data() + before;
    for (std::size_t i = 0; i < count; ++i, to += sizeof(T)) {
      bits_t<T> bits;
      std::memcpy(&bits, from + i, sizeof bits);
      for (std::size_t k = 0; k < sizeof(T); ++k) to[k] = static_cast<char>(bits >> (8 * k) & 0xff);
    }
    return *this;
  }

  /// Overwrites the integer that starts at byte `at`.
  void replace(std::size_t at, std::uint64_t value) {
    bytes_.replace(at, sizeof value, ByteWriter().number(value).bytes());
  }

  const std::string& bytes() const& { return bytes_; }  ///< the bytes written so far
  std::string bytes() && { return std::move(bytes_); }  ///< the bytes, moved out of a writer that is no longer needed

 private:
  std::string bytes_;
};

}  // namespace azula
