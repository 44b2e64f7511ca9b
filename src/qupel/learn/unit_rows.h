#pragma once
#include <cstddef>
#include <vector>

#include "qupel/contend/contender.h"

// What amplitude-kernel and polynomial-kernel share: the same kernel with a circuit and without one.
namespace qupel {

/// Rows are multiplied by the hyperparameter "bandwidth" over the square root of their number of columns: at
/// 1 standardised rows are about as long as the 1 that is put after them.
double row_factor(const Contender& spec, const Settings& settings, std::size_t columns);

/// "bandwidth" and "C".
std::vector<HyperParameter> unit_row_hyperparameters();

}  // namespace qupel
