#include "azula/sample/saved_bytes.hpp"

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/tabulated.hpp"
#include "azula/noise.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/sample/saved_run.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

const azula::RectifiedSchedule straight;
const azula::GaussianDenoiser gaussian(0.0, 1.0, straight);

/// x <- x/2 + m/2, then x <- x + m - p: numbers that floats have.
const azula::Tabulated<2> table{{{.step = 0, .time = 1, .next = 0.5, .a = 0.5, .b = 0.5},
                                 {.step = 1, .time = 0.5, .next = 0.25, .a = 1, .b = 1, .older = 1, .h = {-1}}}};
const azula::Sampler sampler(gaussian, table, table.times());

/// A run of one sample of two values after its first stage: x = (-1, 0.375), p = (-3, 0.25).
auto half_way() {
  auto run = sampler.start(Eigen::Array2f(1, 0.5));
  run.mean() << -3, 0.25;
  run.advance();
  return run;
}

/// The bytes that these hexadecimal digits say.
std::string bytes_of(std::string_view digits) {
  std::string bytes;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    const int value = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high >= 0) bytes.push_back(static_cast<char>(16 * high + value));
    high = high < 0 ? value : -1;
  }
  return bytes;
}

/// FNV-1a, once more.
std::uint64_t hash(std::string_view bytes) {
  std::uint64_t value = 14695981039346656037U;
  for (const char byte : bytes) value = (value ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  return value;
}

std::string number(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(value >> 8 * i & 255));
  return bytes;
}

/// The bytes with a size and a checksum that fit.
std::string sealed(std::string bytes) {
  bytes.replace(16, 8, number(bytes.size()));
  return bytes.substr(0, bytes.size() - 8) + number(hash(std::string_view(bytes).substr(0, bytes.size() - 8)));
}

std::string refusal(std::string_view bytes) {
  return complaint<std::invalid_argument>([&] {
    azula::NormalSource random(0);
    azula::resume(sampler, Eigen::Array2f(), bytes, random);
  });
}

}  // namespace

TEST_CASE("the bytes of a saved run are these, on every machine", "[saved]") {
  azula::NormalSource random(0x123456789abcdef0, 3);
  random.skip(2);
  const std::string_view digits =
      "617a756c6152756e 0100000000000000 ca00000000000000"                    // azulaRun, version, size
      "0c00000000000000 546162756c617465643c323e 0200000000000000"            // Tabulated<2>, stages
      "0000000000000000 0100000000000000"                                     // fingerprint, see below; stages done
      "0500000000000000 666c6f6174 0500000000000000 666c6f6174"               // float, float
      "0100000000000000 0200000000000000 0100000000000000"                    // samples, values, predictions
      "3400000000000000 0c00000000000000 4e6f726d616c536f75726365"            // the source: NormalSource,
      "0000000000000000 f0debc9a78563412 0300000000000000 0200000000000000"   // one seed, its first sample, its next draw
      "000080bf 0000c03e 000040c0 0000803e"                                   // -1, 0.375; -3, 0.25
      "0000000000000000";                                                     // checksum
  std::string expected = bytes_of(digits);
  // Of each stage: step; time, next, a, b, c, u, v; no `from`; older and its weights; drop; evaluates.
  const std::string stages = bytes_of(
      "0000000000000000 000000000000f03f 000000000000e03f 000000000000e03f 000000000000e03f 0000000000000000"
      "0000000000000000 000000000000f03f 0000000000000000 0000000000000000 0000000000000000 0100000000000000"
      "0100000000000000 000000000000e03f 000000000000d03f 000000000000f03f 000000000000f03f 0000000000000000"
      "0000000000000000 000000000000f03f 0000000000000000 0100000000000000 000000000000f0bf 0000000000000000"
      "0100000000000000");
  expected.replace(52, 8, number(hash(stages)));
  expected = sealed(expected);
  REQUIRE(expected.size() == 0xca);
  CHECK(azula::save(half_way(), random) == expected);

  azula::NormalSource other(0);
  auto run = azula::resume(sampler, Eigen::Array2f(), expected, other);
  CHECK(other.draw() == 2);
  CHECK(other.first() == 3);
  CHECK(run.step() == 1);
  CHECK(run.evaluations() == 1);
  CHECK((run.state() == Eigen::Array2f(-1, 0.375)).all());
  run.mean() << 2, 1;
  run.advance();
  CHECK((run.state() == Eigen::Array2f(4, 1.125)).all());
}

TEST_CASE("bytes that were cut short or altered are refused, whatever the place", "[saved]") {
  const std::string bytes = azula::save(half_way(), azula::NormalSource(1));
  REQUIRE(refusal(bytes).empty());
  std::vector<std::string> taken;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    if (refusal(std::string_view(bytes).substr(0, size)).empty()) taken.push_back("of size " + std::to_string(size));
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string altered = bytes;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ 1 << bit % 8);
    if (refusal(altered).empty()) taken.push_back("with another bit " + std::to_string(bit));
  }
  CHECK(taken == std::vector<std::string>{});
  const std::string size = std::to_string(bytes.size());
  CHECK(refusal("") == "azula::resume: the bytes must be those of a saved run, which begin with azulaRun, got none");
  CHECK(refusal("\x89PNG\r\n") == "azula::resume: the bytes must be those of a saved run, which begin with azulaRun, got others");
  CHECK(refusal(bytes.substr(0, 11)) == "azula::resume: the bytes must reach over a number, 8 bytes, got 3");
  CHECK(refusal(bytes.substr(0, 100)) ==
        "azula::resume: there must be as many bytes as they say, " + size + ", got 100");
  CHECK(refusal(bytes + "x").starts_with("azula::resume: there must be as many bytes as they say, " + size + ", got "));
  std::string altered = bytes;
  altered[120] = static_cast<char>(altered[120] + 1);
  CHECK(refusal(altered) ==
        "azula::resume: the bytes must have the checksum that they were saved with, got another: they have been altered");
  altered = bytes;
  altered[8] = 2;
  CHECK(refusal(altered) == "azula::resume: the version of the bytes must be the one that this azula reads, 2, got 1");
}

TEST_CASE("what forged bytes say of sizes is refused before any memory is taken", "[saved]") {
  azula::NormalSource listed(std::vector{5});
  const std::string bytes = azula::save(half_way(), listed);
  REQUIRE(refusal(bytes).empty());
  const auto forged = [&](std::size_t at, std::uint64_t value) {
    std::string other = bytes;
    other.replace(at, 8, number(value));
    return refusal(sealed(other));
  };
  constexpr std::uint64_t huge = ~std::uint64_t{0} - 7;
  CHECK(forged(24, huge).find(" bytes, got ") != std::string::npos);  // of the method's name
  CHECK(forged(60, 3) == "azula::resume: at most 2 stages can be done, got 3");
  CHECK(forged(94, huge).starts_with("azula::resume: there must be as many samples as in the saved state, "));
  CHECK(forged(102, huge).starts_with("azula::resume: a sample must have as many values as in the saved state, "));
  CHECK(forged(110, huge).starts_with("azula::resume: as many predictions must be remembered as were saved, "));
  CHECK(forged(118, huge).starts_with("azula::resume: the bytes must reach over the source of noise, "));
  const std::size_t source = 118 + 8 + 8 + 12;
  CHECK(forged(source, 2) == "azula::NormalSource: saved seeds must be one, 0, or a list, 1, got 2");
  CHECK(forged(source + 8, huge).starts_with("azula::resume: the bytes must reach over the seeds, "));
  CHECK(forged(source + 24, huge) == "azula::NormalSource: draws must be numbered below 2^46, got 1.844674407e+19");
  CHECK(refusal(sealed(bytes + "12345678")).starts_with("azula::resume: there must be no bytes after the predictions, got 8"));
}
