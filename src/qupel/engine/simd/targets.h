// Include before any Highway header: the instruction sets worth compiling for. SSE4 stands for every older
// x86 vector unit, and AVX-512's later extensions hold nothing that the kernels use. Sanitizers, which make
// these files slow to compile, look at one of them.
#ifndef HWY_DISABLED_TARGETS
#ifdef QUPEL_SANITIZED
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#else
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#endif

// On 64-bit ARM that leaves NEON, which is always there: Highway need not ask the machine. Where it does, GCC
// compiles the kernels, but not a struct's implicit constructor, with a target attribute, and so cannot
// inline the constructors of NEON's vectors there.
#if defined(__aarch64__) && !defined(TOOLCHAIN_MISS_SYS_AUXV_H)
#define TOOLCHAIN_MISS_SYS_AUXV_H
#endif
