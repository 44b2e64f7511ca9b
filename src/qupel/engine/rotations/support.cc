#include "qupel/engine/rotations/support.h"

#include <algorithm>

namespace qupel::rotations {

Support::Support(int qubits, std::span<const Rotation> gates, int at_least) {
  const auto insert = [&](Mask vector) {
    for (std::size_t j = 0; j < basis_.size(); ++j) {
      if ((vector >> pivots_[j]) & 1) vector ^= basis_[j];
    }
    if (vector == 0) return;
    const int pivot = std::countr_zero(vector);
    for (Mask& other : basis_) {
      if ((other >> pivot) & 1) other ^= vector;
    }
    const auto at = std::ranges::lower_bound(pivots_, pivot) - pivots_.begin();
    pivots_.insert(pivots_.begin() + at, pivot);
    basis_.insert(basis_.begin() + at, vector);
  };
  for (const auto& gate : gates) insert(gate.x);
  for (int q = 0; q < qubits && dimension() < at_least; ++q) insert(Mask{1} << q);
}

Mask Support::coordinates(Mask index) const {
  Mask result = 0;
  for (std::size_t j = 0; j < pivots_.size(); ++j) result |= ((index >> pivots_[j]) & 1) << j;
  return result;
}

Mask Support::index(Mask coordinates) const {
  Mask result = 0;
  for (std::size_t j = 0; j < basis_.size(); ++j) {
    if ((coordinates >> j) & 1) result ^= basis_[j];
  }
  return result;
}

Mask Support::parity(Mask z) const {
  Mask result = 0;
  for (std::size_t j = 0; j < basis_.size(); ++j) result |= Mask{odd(z & basis_[j])} << j;
  return result;
}

std::vector<Rotation> Support::reduce(std::span<const Rotation> gates) const {
  std::vector<Rotation> result(gates.begin(), gates.end());
  for (auto& gate : result) {
    gate.x = coordinates(gate.x);
    gate.z = parity(gate.z);
  }
  return result;
}

}  // namespace qupel::rotations
