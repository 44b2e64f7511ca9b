#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "qupel/electrons/integrals.h"
#include "qupel/electrons/sector.h"

namespace qupel {

/// The electronic Hamiltonian, without its core, on the vectors of a sector. Electrons of one spin by a
/// sparse matrix over their strings; those of different spin as in Olsen et al., J. Chem. Phys. 89, 2185,
/// 1988, but without a loop over determinants: one sparse combination of rows for each pair of beta orbitals.
template <class T>
class SectorHamiltonian {
 public:
  /// @throws InputError if it does not fit in memory
  SectorHamiltonian(const OrbitalIntegrals& integrals, const Sector& sector);
  ~SectorHamiltonian();
  SectorHamiltonian(SectorHamiltonian&&) noexcept;
  SectorHamiltonian& operator=(SectorHamiltonian&&) noexcept;

  /// result = H vector. Has the same bits for any number of threads.
  void apply(std::span<const T> vector, std::span<T> result, int threads) const;
  std::vector<double> diagonal() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

extern template class SectorHamiltonian<float>;
extern template class SectorHamiltonian<double>;

/// <a| H - core |b> by Slater and Condon's rules. Slow and obviously correct.
double matrix_element(const OrbitalIntegrals& integrals, const Determinant& a, const Determinant& b);

}  // namespace qupel
