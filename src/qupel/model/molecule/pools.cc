#include "qupel/model/molecule/pools.h"

namespace qupel {
namespace {

/// Pairs of spin orbitals: both alpha, both beta, or one of each.
std::vector<std::vector<Determinant>> pairs_by_spin(int orbitals) {
  std::vector<std::vector<Determinant>> pairs(3);
  for (int p = 0; p < orbitals; ++p) {
    for (int q = 0; q < orbitals; ++q) {
      pairs[2].push_back({bit(p), bit(q)});
      if (q >= p) continue;
      pairs[0].push_back({bit(p) | bit(q), 0});
      pairs[1].push_back({0, bit(p) | bit(q)});
    }
  }
  return pairs;
}

}  // namespace

Determinant reference_determinant(const ElectronicSystem& system) {
  return {bit(system.alpha) - 1, bit(system.beta) - 1};
}

std::vector<Excitation> generalised_pool(const ElectronicSystem& system) {
  std::vector<Excitation> pool;
  for (int p = 0; p < system.orbitals(); ++p) {
    for (int q = 0; q < p; ++q) {
      pool.push_back({{bit(q), 0}, {bit(p), 0}});
      pool.push_back({{0, bit(q)}, {0, bit(p)}});
    }
  }
  for (const auto& pairs : pairs_by_spin(system.orbitals()))
    for (std::size_t i = 0; i < pairs.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) pool.push_back({pairs[j], pairs[i]});
  return pool;
}

}  // namespace qupel
