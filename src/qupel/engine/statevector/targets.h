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
