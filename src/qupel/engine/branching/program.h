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
  int bit = -1;  ///< in which the last bit of k is written, if not -1
};

/// An operation and the noise that follows it.
struct Step {
  std::vector<Condition> conditions = {};
  std::vector<Placed> gates = {};
  std::vector<Chance> chances = {};  ///< where the conditions hold
  std::vector<Chance> instead = {};  ///< where they do not
  int bit = -1;                      ///< a classical one that is written, if not -1
  bool value = false;                ///< what is written

  bool happens(const std::vector<bool>& bits) const;
  const std::vector<Chance>& chances_if(bool happened) const { return happened ? chances : instead; }
};

/// @throws InputError as CircuitNoise
std::vector<Step> steps(const Circuit& circuit, const NoiseModel& noise);

/// What a way does to a state that goes it with this probability: the state stays normalised.
Placed taken(const Chance& chance, std::size_t way, double probability);

/// Probabilities of the ways from the density matrix of their qubits.
std::vector<double> probabilities(const Chance& chance, const Matrix<Complex>& reduced);

}  // namespace qupel::branching
