#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/noise/channel.h"

namespace qupel {

/// A channel that follows some operations.
struct NoiseRule {
  Channel channel;
  int qubits = 0;                       ///< follows every operation on so many qubits (1 or 2), or
  std::vector<std::string> operations;  ///< those with one of these names
  bool follows(const Operation& operation) const;
};

/// What goes wrong when a circuit runs. Rules apply in their order.
struct NoiseModel {
  std::vector<NoiseRule> rules;
  bool empty() const { return rules.empty(); }
};

/// Reads "depolarizing(0.01) after two-qubit; amplitude-damping(0.02) after rx sx": rules apart by ";", each
/// a channel with its values, "after", and one-qubit, two-qubit or names of operations.
/// @throws InputError quoting the rule that is not understood
NoiseModel parse_noise(std::string_view text);
std::string to_string(const NoiseModel& noise);

/// A channel at its place in a circuit.
struct NoiseStep {
  const Channel* channel;  ///< of the noise model
  std::vector<int> qubits;
  std::vector<Matrix<Complex>> kraus() const;
};
/// What follows an operation, in order.
/// @throws InputError for noise after an operation on more than two qubits
std::vector<NoiseStep> noise_after(const Operation& operation, const NoiseModel& noise);

/// The definition: the density matrix of the final state, 2^qubits square, by dense matrices. Slow and
/// obviously correct. @throws InputError above 10 qubits, if slots are open, or as noise_after()
Matrix<Complex> dense_density(const Circuit& circuit, const NoiseModel& noise);

}  // namespace qupel
