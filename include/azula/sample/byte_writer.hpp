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

/// The unsigned integer with as many bits as a T.
template <class T>
using bits_t = std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                  std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;

/// Puts numbers and texts into bytes that are the same on every machine: integers of 64 bits and floating-point numbers
/// with all their bits, least significant byte first; a text as its length and its bytes.
class ByteWriter {
 public:
  /// Bytes as they are, without their number.
  ByteWriter& raw(std::string_view bytes) {
    bytes_.append(bytes);
    return *this;
  }

  ByteWriter& number(std::uint64_t value) { return values(&value, 1); }  ///< an integer
  ByteWriter& real(double value) { return values(&value, 1); }           ///< a floating-point number
  /// The number of bytes, and the bytes.
  ByteWriter& text(std::string_view bytes) { return number(bytes.size()).raw(bytes); }

  /// An array of numbers, without their number.
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

  /// Puts another number at a place where there is one.
  void replace(std::size_t at, std::uint64_t value) {
    bytes_.replace(at, sizeof value, ByteWriter().number(value).bytes());
  }

  const std::string& bytes() const& { return bytes_; }  ///< what there is so far
  std::string bytes() && { return std::move(bytes_); }  ///< taken from a writer that is not needed any more

 private:
  std::string bytes_;
};

}  // namespace azula
