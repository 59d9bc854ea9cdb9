// Prints digests of a million values of each kind, for comparing compilers, flags and instruction sets.
// portable_digest.cmake compiles it in several ways; normal_source_test.cpp holds the right answer.

#include "azula/random.hpp"

#include "random/digest.hpp"

#include <cinttypes>
#include <cstdio>

int main() {
  std::printf("float %016" PRIx64 " double %016" PRIx64 " brownian %016" PRIx64 "\n", normal_digest<float>(),
              normal_digest<double>(), brownian_digest());
}
