#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "qupel/mitigate/mitigation.h"
#include "qupel/mitigate/options.h"

// What techniques share that run many circuits with Paulis inserted by chance.
namespace qupel::mitigate {

/// Builds a circuit with Paulis between its gates. As devices do, a Pauli is carried out as a part of the
/// next gate on its qubit, so that it adds no noise and takes no time; those that no gate follows turn the
/// signs of what is measured.
class PauliFrame {
 public:
  explicit PauliFrame(const Job& job);

  /// The next operation of the circuit.
  void add(Operation operation);
  /// A Pauli here: letter k of the string on qubits[k].
  void insert(const PauliString& pauli, std::span<const int> qubits);
  /// The job with this circuit. @param factor of all its observables
  Job take(double factor) &&;

 private:
  Job job_;
  PauliString pending_;
};

/// For a Clifford gate without angles on two qubits: for each Pauli before it (numbered as
/// PauliString::of_index) the one after it that undoes it, up to a phase. Empty for any other gate.
std::vector<std::size_t> pauli_partners(const OpSpec& spec);

/// The mean over circuits that were drawn; its error is that of a mean, from their spread.
Estimate mean_of_draws(std::span<const Estimate> results);
/// The same where by chance no circuit that was drawn has a Pauli inserted: their values are equal, but the
/// error is not 0. It counts what was missed (circuit/standard_error.h) as if an inserted Pauli turned the
/// sign of a value, which is the most that it does in a Clifford circuit.
/// @param missed the probability that a drawn circuit has a Pauli inserted; 0 if one of these has
Estimate mean_of_insertions(std::span<const Estimate> results, double missed);

/// How many circuits a technique may draw.
inline constexpr std::size_t most_circuits = 1'000'000;
/// A number of circuits to draw, from the option of this name ("": the numbers without a word).
/// @throws InputError below 2
std::size_t circuits_drawn(const Options& options, std::string_view name, std::size_t usual);

}  // namespace qupel::mitigate
