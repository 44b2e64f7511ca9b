#pragma once
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/execute/qaoa_runs.h"
#include "qupel/problem/optimization/qubo.h"

// Circuits of QAOAs that differ from the usual one (qaoa_circuit()) in their start, mixer or angles.
namespace qupel {

struct VariantCircuit {
  Circuit circuit;
  std::vector<double> start;  ///< of the parameters: where training begins
};

/// An angle for every term of the cost and for every qubit, in each layer (ma-QAOA: Herrman et al., Sci. Rep.
/// 12, 6781, 2022). It starts at the usual QAOA with known angles.
VariantCircuit multi_angle_circuit(const Qubo& qubo, std::size_t layers);

/// Begins with the product state in which qubit i is 1 with the given probability, and mixes about it (Egger,
/// Marecek and Woerner, Quantum 5, 479, 2021). With probabilities of 1/2 it is the usual QAOA.
VariantCircuit warm_start_circuit(const Qubo& qubo, const std::vector<double>& ones, std::size_t layers);

/// After each mixer exp(-i alpha A) with A the first commutator of mixer and cost, Trotterised: each Z string
/// of the cost with one of its Z replaced by Y, in turn (DC-QAOA: Chandarana et al., PRR 4, 013141, 2022).
/// With alpha = 0, where it starts, it is the usual QAOA.
VariantCircuit counterdiabatic_circuit(const Qubo& qubo, std::size_t layers);

/// The mixer exp(-i beta |s><s|) about the even superposition s, under which strings of one cost keep one
/// amplitude (Baertschi and Eidenbenz, arXiv:2006.00354), as 2^n - 1 rotations about Z strings between
/// Hadamard gates. @throws InputError above most_grover_qubits variables
VariantCircuit grover_circuit(const Qubo& qubo, std::size_t layers);
inline constexpr std::size_t most_grover_qubits = 10;

}  // namespace qupel
