#include "qupel/engine/rotations/support.h"

#include <bit>

#include "qupel/engine/rotations/span.h"

namespace qupel::rotations {

Support::Support(int qubits, std::span<const Rotation> rotations, int at_least) {
  Span span;
  for (const auto& rotation : rotations) span.insert(rotation.x);
  for (int q = 0; q < qubits && static_cast<int>(span.dimension()) < at_least; ++q) span.insert(Mask{1} << q);
  basis_ = reduced(span.ascending());
  for (const Mask vector : basis_) pivots_.push_back(std::countr_zero(std::bit_floor(vector)));
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

std::vector<Rotation> Support::reduce(std::span<const Rotation> rotations) const {
  std::vector<Rotation> result(rotations.begin(), rotations.end());
  for (auto& rotation : result) {
    rotation.x = coordinates(rotation.x);
    rotation.z = parity(rotation.z);
  }
  return result;
}

}  // namespace qupel::rotations
