#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/molecule/basis.h"
#include "qupel/problem/molecule/molecule.h"

namespace qupel {

/// Two-electron integrals (pq|rs) of real functions in chemists' notation, each of eight equal ones once.
class RepulsionIntegrals {
 public:
  explicit RepulsionIntegrals(std::size_t functions);

  double operator()(std::size_t p, std::size_t q, std::size_t r, std::size_t s) const {
    return values_[place(p, q, r, s)];
  }
  double& operator()(std::size_t p, std::size_t q, std::size_t r, std::size_t s) {
    return values_[place(p, q, r, s)];
  }
  std::size_t functions() const { return functions_; }
  std::span<const double> values() const { return values_; }  ///< by place()
  static std::size_t pair(std::size_t p, std::size_t q) { return p < q ? pair(q, p) : p * (p + 1) / 2 + q; }
  static std::size_t place(std::size_t p, std::size_t q, std::size_t r, std::size_t s) {
    return pair(pair(p, q), pair(r, s));
  }

 private:
  std::size_t functions_;
  std::vector<double> values_;
};

/// Integrals over the basis functions of a molecule, in hartree.
struct AtomicIntegrals {
  Matrix<double> overlap;
  Matrix<double> core;  ///< kinetic energy and attraction by the nuclei
  RepulsionIntegrals repulsion;
  std::vector<int> atoms;    ///< that each function belongs to
  std::vector<int> momenta;  ///< the angular momentum of each
};

/// @throws InputError if the basis lacks an element, or for more functions than fit in memory
AtomicIntegrals atomic_integrals(const Molecule& molecule, const BasisSet& basis);

/// How many functions the molecule has in the basis. @throws InputError as atomic_integrals()
std::size_t basis_functions(const Molecule& molecule, const BasisSet& basis);

}  // namespace qupel
