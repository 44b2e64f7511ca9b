#include "qupel/engine/shapes.h"

#include <fmt/format.h>

#include "qupel/base/error.h"

namespace qupel {

void require_shapes(int features, int parameters, const Matrix<double>& samples,
                    std::span<const double> values) {
  if (samples.columns() != static_cast<std::size_t>(features))
    throw InputError(
        fmt::format("the circuit reads {} features, and the samples have {}", features, samples.columns()));
  if (values.size() != static_cast<std::size_t>(parameters))
    throw InputError(
        fmt::format("the circuit has {} parameters, and {} values were given", parameters, values.size()));
}

}  // namespace qupel
