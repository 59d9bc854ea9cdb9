#pragma once
/// \file

namespace azula {

/// Returns a value unchanged, but hides from the compiler how it was computed.
///
/// The compiler can then neither fuse the operation before with the operation after (a·b + c with a single rounding),
/// nor reorder the two under -ffast-math, nor compute the value twice. The guarantee that noise has the same bits on
/// every machine depends on this, for every target of g++ and clang++.
///
/// An empty assembly statement claims to modify the register that holds the value; it emits no instruction. On a target
/// not named here, the value goes through memory, which is correct but slow. Compilers without GNU assembly syntax
/// reject the code.
///
/// EIGEN_OPTIMIZATION_BARRIER is no substitute: it is empty everywhere except on x86, ARM and POWER, and on x86 it lets
/// clang go through memory.
///
/// \param value  a float, a double, or an Eigen packet of either
template <class T>
[[gnu::always_inline]] inline T opaque(T value) {
#if defined(__SSE2__)
  __asm__("" : "+x"(value));
#elif defined(__aarch64__) || (defined(__ARM_FP) && __ARM_FP >= 12)  // 12: hardware float and double
  __asm__("" : "+w"(value));
#elif defined(__VSX__)
  __asm__("" : "+wa"(value));
#elif defined(__s390x__) && defined(__VEC__)
  __asm__("" : "+v"(value));
#elif defined(__s390x__) || (defined(__riscv_flen) && __riscv_flen >= 64)
  __asm__("" : "+f"(value));
#else
  __asm__("" : "+m"(value));
#endif
  return value;
}

}  // namespace azula
