#pragma once
#include <span>

#include "qupel/base/matrix.h"

namespace qupel {

/// @throws InputError unless there are as many values as a circuit has slots
/// @param features of the circuit; `samples` has a column for each
/// @param parameters of the circuit; `values` has one for each
void require_shapes(int features, int parameters, const Matrix<double>& samples,
                    std::span<const double> values);

}  // namespace qupel
