#pragma once
/// \file

#include <cfloat>
#include <cstdint>

namespace azula {

/// Turns uniform random words into standard normal values, with the same bits on every machine.
///
/// Two 32-bit words r, v give a pair of values (Box and Muller, 1958; https://doi.org/10.1214/aoms/1177706645):
///
///     u = (r + ½)/2³²,    ρ = √(-2 log u),    φ = π ((v + ½)/2³¹ - 1),    (ρ cos φ, ρ sin φ)
///
/// in double, within a few units in the last place. A float is this value rounded. No value is greater than 6.76.
///
/// It is portable because it calls neither the C math library, whose results differ between implementations, nor
/// Eigen's logarithm and cosine, whose results differ between instruction sets. In a fixed order it uses only integer
/// operations and + - × ÷ √, which IEEE 754 defines to the last bit, each rounded by itself (see Lanes). It requires
/// double arithmetic without extra precision and the default rounding mode; every target of this library has both.
///
/// \tparam Lanes  azula::Lanes, or OneLane for a single value, as in a GPU thread. The functions are constexpr so that
/// device code can call them.
template <class Lanes>
class NormalTransform {
  static_assert(FLT_EVAL_METHOD != 2, "azula: needs double arithmetic without extra precision: -mfpmath=sse");

 public:
  using Double = typename Lanes::Double;
  using Word = typename Lanes::Word;

  /// Computes ρ for Lanes::count words at once. A word is the low half of its lane.
  static constexpr Double radius(Word r) { return Lanes::sqrt(minus_two_log(r)); }

  /// Computes ρ cos φ and ρ sin φ.
  static constexpr void apply(Double radius, Word v, Double& first, Double& second) {
    // The angle is in quarter turns, in (-2, 2). Subtractions without rounding bring the arguments of the sine and of
    // the cosine into [-1, 1].
    const Double angle = Lanes::subtract(Lanes::multiply(centre(v), Lanes::all(0x1p-30)), Lanes::all(2));
    const Double cosine = Lanes::subtract(Lanes::all(1), Lanes::abs(angle));
    const Double sine = Lanes::subtract(Lanes::all(1), Lanes::abs(cosine));
    first = Lanes::multiply(radius, sine_of_quarter_turns(cosine));
    second = Lanes::multiply(radius, sine_of_quarter_turns(with_sign_of(angle, sine)));
  }

 private:
  /// word + ½, exactly: the word becomes the low bits of the mantissa of a double with exponent 52.
  static constexpr Double centre(Word word) {
    const Word bits = (word & std::uint64_t{0xFFFFFFFFU}) | std::uint64_t{0x4330000000000000U};
    return Lanes::subtract(Lanes::as_double(bits), Lanes::all(0x1p52 - 0.5));
  }

  static constexpr Double with_sign_of(Double a, Double magnitude) {
    return Lanes::as_double(Lanes::as_word(magnitude) | (Lanes::as_word(a) & std::uint64_t{1} << 63));
  }

  /// -2 log((r + ½)/2³²), computed as -2 (k - 32) log 2 - 4 artanh y, where r + ½ = 2^k m with m in [√½, √2), and
  /// y = (m - 1)/(m + 1). No digits are lost near u = 1, where k = 32 and m - 1 is exact.
  static constexpr Double minus_two_log(Word r) {
    constexpr std::uint64_t root = 0x3FE6A09E667F3BCDU;  // the bits of √½
    constexpr std::uint64_t positive = std::uint64_t{64} << 52;  // k + 64 is not negative
    const Word above = Lanes::as_word(centre(r)) + (positive - root);
    const Word mantissa = (above & std::uint64_t{0xFFFFFFFFFFFFFU}) + root;
    const Word exponent = (above >> 52) | std::uint64_t{0x4330000000000000U};
    const Double m = Lanes::as_double(mantissa);
    const Double y = Lanes::divide(Lanes::subtract(m, Lanes::all(1)), Lanes::add(m, Lanes::all(1)));
    const Double k = Lanes::subtract(Lanes::as_double(exponent), Lanes::all(0x1p52 + 64 + 32));
    const Double series = Lanes::multiply(
        y, polynomial(Lanes::multiply(y, y), -0x1.2f52a7e4021abp-2, -0x1.399939e94c893p-2,
                      -0x1.74669ea53e8f9p-2, -0x1.c71c4fe53c39fp-2, -0x1.2492494537380p-1,
                      -0x1.999999997abefp-1, -0x1.55555555555aep+0, -4.0));
    return Lanes::add(Lanes::multiply(k, Lanes::all(-0x1.62e42fefa39efp+0)), series);
  }

  /// sin(π/2 y) for y in [-1, 1].
  static constexpr Double sine_of_quarter_turns(Double y) {
    return Lanes::multiply(
        y, polynomial(Lanes::multiply(y, y), 0x1.9d1b8585e59b7p-38, -0x1.6f797703e284dp-31,
                      0x1.e8f35e9d2300ap-25, -0x1.e3074ddd1cb96p-19, 0x1.50783485190b6p-13,
                      -0x1.32d2cce627542p-8, 0x1.466bc6775aa6ep-4, -0x1.4abbce625be52p-1,
                      0x1.921fb54442d18p+0));
  }

  /// Evaluates a polynomial by Horner's rule, the highest power first. The coefficients above are minimax for the
  /// relative error, which is below 2^-59 for artanh and 2^-61 for the sine.
  template <class... Coefficients>
  static constexpr Double polynomial(Double x, double highest, Coefficients... next) {
    Double sum = Lanes::all(highest);
    ((sum = Lanes::add(Lanes::multiply(sum, x), Lanes::all(next))), ...);
    return sum;
  }
};

}  // namespace azula
