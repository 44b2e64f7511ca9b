// Declarations that QOKit's source distribution leaves out.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void apply_diagonal(double* real, double* imag, double theta, double* diagonal, size_t size);
#ifdef __cplusplus
}
#endif
