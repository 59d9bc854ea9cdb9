#pragma once
/// \file

namespace azula {

/// The same value, of whose making the compiler knows nothing: it can neither contract the operation before with the
/// one after (a·b + c to one rounding), nor reorder the two under -ffast-math, nor make the value twice.
///
/// Bits of noise that are the same everywhere stand on this, on every target of g++ and clang++. An empty piece of
/// assembly claims to change the value in the register that holds it; no instruction comes of it. On a target not
/// named here the value goes through memory, which is right and slow. Other compilers refuse the assembly.
///
/// In place of EIGEN_OPTIMIZATION_BARRIER, which is empty everywhere but on x86, ARM and POWER, and lets clang choose
/// memory on the first.
///
/// \param value  of float or double, one or a packet of Eigen's
template <class T>
[[gnu::always_inline]] inline T opaque(T value) {
#if defined(__SSE2__)
  __asm__("" : "+x"(value));
#elif defined(__aarch64__) || (defined(__ARM_FP) && __ARM_FP >= 12)  // 12: in single and in double precision
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
