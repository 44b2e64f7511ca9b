// Include before any Highway header: the instruction sets worth compiling for. SSE4 stands for every older
// x86 vector unit, and AVX-512's later extensions hold nothing that the kernels use.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
