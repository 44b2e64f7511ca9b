#pragma once
#include <cstddef>
#include <vector>

#include "qupel/model/contender.h"

// What amplitude-kernel shares with its classical twin, which computes the same kernel without a circuit.
namespace qupel {

/// Rows are multiplied by the hyperparameter "bandwidth" over the square root of their number of columns: at
/// 1 standardised rows are about as long as the 1 that is put after them.
double row_factor(const ContenderSpec& spec, const Settings& settings, std::size_t columns);

/// "bandwidth" and "C".
std::vector<HyperParameter> amplitude_kernel_hyperparameters();

}  // namespace qupel
