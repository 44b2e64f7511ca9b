#include "qupel/engine/noisy_batch/chances.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "qupel/base/walsh_hadamard.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/engine/noisy_batch/kernels.h"

namespace qupel::noisy_batch {

void write_chances(const double* state, std::size_t lane, int qubits, std::span<double> chances) {
  std::vector<double> values(chances.size());
  for (std::size_t zs = 0; zs < values.size(); ++zs)
    values[zs] = std::ldexp(state[PauliString::of_masks(0, zs).index() * lanes + lane], -qubits);
  walsh_hadamard(values);
  std::ranges::transform(values, chances.begin(), [](double chance) { return std::max(0.0, chance); });
}

}  // namespace qupel::noisy_batch
