// Declarations that QOKit's source distribution leaves out.
#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void furx_all(double* real, double* imag, double theta, unsigned int qubits, size_t states);
#ifdef __cplusplus
}
#endif
