// Included before hwy/foreach_target.h, once in each file of kernels: the instruction sets they are compiled for.
// Plain C++ (any processor), SSE4, AVX2 and AVX-512 are enough: float32 arithmetic gains nothing from the steps
// between. Vectors of unknown length do not fit in arrays.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
