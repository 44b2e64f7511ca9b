#include "qupel/electrons/integrals.h"

#include <fmt/format.h>

#include <cmath>

#include "qupel/base/usable_memory.h"

namespace qupel {

OrbitalIntegrals::OrbitalIntegrals(std::size_t count, bool spins_differ) : orbitals(count) {
  const std::size_t matrices = spins_differ ? 3 : 1;
  require_bytes(8 * std::pow(static_cast<double>(count), 4) * static_cast<double>(matrices),
                fmt::format("two-electron integrals over {} orbitals", count));
  one.assign(spins_differ ? 2 : 1, Matrix<double>(count, count));
  two.assign(matrices, Matrix<double>(count * count, count * count));
}

}  // namespace qupel
