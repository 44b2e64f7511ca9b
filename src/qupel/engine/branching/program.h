#pragma once
#include <vector>

#include "qupel/engine/branching/pure_state.h"
#include "qupel/noise/noise_model.h"

// A circuit with measurements and feedback as steps of pure states.
namespace qupel::branching {

/// What may happen to some qubits, one way or another: rho -> sum K rho K^dagger, way k with probability
/// tr K_k rho K_k^dagger. A measurement, a reset, or a noise channel.
struct Chance {
  std::vector<int> qubits;  ///< one or two
  std::vector<Matrix<Complex>> ways;
  int bit = -1;  ///< in which way k is written, if not -1
};

/// An operation and the noise that follows it, where the conditions hold.
struct Step {
  std::vector<Condition> conditions = {};
  std::vector<Placed> gates = {};
  std::vector<Chance> chances = {};
  int bit = -1;        ///< a classical one that is written, if not -1
  bool value = false;  ///< what is written

  bool happens(const std::vector<bool>& bits) const;
};

/// @throws InputError as noise_after()
std::vector<Step> steps(const Circuit& circuit, const NoiseModel& noise);

/// Probabilities of the ways from the density matrix of their qubits.
std::vector<double> probabilities(const Chance& chance, const Matrix<Complex>& reduced);

}  // namespace qupel::branching
