#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/electrons/hamiltonian.h"

namespace qupel {

/// T, which takes electrons from the orbitals `annihilate` and puts as many of each spin into `create`:
/// annihilation operators act first, ascending, then creation operators, ascending; alpha before beta. T - T+
/// generates a real rotation on pairs of determinants.
struct Excitation {
  Determinant annihilate, create;
  friend bool operator==(const Excitation&, const Excitation&) = default;
};

/// exp(scale * parameter * (T - T+)).
struct ExcitationGate {
  Excitation excitation;
  std::size_t parameter = 0;
  double scale = 1;
};

/// What a wave function is made of: gates that act in order on a determinant.
struct ExcitationAnsatz {
  int orbitals = 0;
  Determinant reference;
  std::vector<ExcitationGate> gates;
  std::size_t parameters() const;  ///< 1 + the highest that a gate uses
};

struct EnergyGradient {
  double energy = 0;  ///< in hartree, with the core
  std::vector<double> gradient;
};

/// An ansatz with a Hamiltonian, as the sector engine runs them: in vectors over the determinants with the
/// right numbers of electrons, by rotations on pairs of them; gradients by the adjoint method.
template <class T>
class SectorProgram {
 public:
  /// @throws InputError for a gate that changes how many electrons of a spin there are, does nothing, or
  /// leaves the orbitals; if vectors do not fit in memory
  SectorProgram(const ExcitationAnsatz& ansatz, const OrbitalIntegrals& integrals);
  ~SectorProgram();
  SectorProgram(SectorProgram&&) noexcept;
  SectorProgram& operator=(SectorProgram&&) noexcept;

  /// Adds a gate at the end. @throws InputError as the constructor
  void append(const ExcitationGate& gate);
  /// From now on weight * |<avoided|state>|^2 is added to energies, gradients and slopes, which pushes the
  /// minimum away from that state (variational quantum deflation: Higgott, Wang and Brierley, Quantum 3, 156,
  /// 2019). @throws InputError unless it has an amplitude for each determinant
  void avoid(std::vector<T> avoided, double weight);
  const Sector& sector() const;
  double energy(std::span<const double> parameters, int threads) const;
  /// Has the same bits for any number of threads.
  EnergyGradient gradient(std::span<const double> parameters, int threads) const;
  std::vector<T> state(std::span<const double> parameters, int threads) const;
  /// The gates on any vector instead of the reference determinant. @throws InputError as avoid()
  std::vector<T> turned(std::vector<T> vector, std::span<const double> parameters, int threads) const;
  /// (T - T+) on a vector. @throws InputError as avoid(), and as the constructor
  std::vector<T> generated(const std::vector<T>& vector, const Excitation& excitation, int threads) const;
  /// H on a vector, with the core. @throws InputError as avoid()
  std::vector<T> image(const std::vector<T>& vector, int threads) const;
  /// 2 <state| H (T - T+) |state> for excitations that are not in the ansatz: how fast the energy would
  /// change if they were appended.
  std::vector<double> slopes(std::span<const double> parameters, std::span<const Excitation> pool,
                             int threads) const;

  /// The bytes of vectors that a gradient needs.
  static double bytes(const Sector& sector);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

extern template class SectorProgram<float>;
extern template class SectorProgram<double>;

}  // namespace qupel
