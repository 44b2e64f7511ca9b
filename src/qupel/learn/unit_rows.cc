#include "qupel/learn/unit_rows.h"

#include <cmath>

namespace qupel {

double row_factor(const Contender& spec, const Settings& settings, std::size_t columns) {
  return number(spec, settings, "bandwidth") / std::sqrt(static_cast<double>(columns));
}

std::vector<HyperParameter> unit_row_hyperparameters() {
  return {{.name = "bandwidth",
           .summary = "factor on rows, in units of 1 / square root of the number of columns",
           .values = {1.0, 0.1, 0.3, 3.0, 10.0},
           .cover = true},
          {.name = "C",
           .summary = "weight of the training errors",
           .values = {10.0, 0.1, 1.0, 100.0, 1000.0},
           .cover = true}};
}

}  // namespace qupel
