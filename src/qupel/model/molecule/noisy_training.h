#pragma once
#include "qupel/model/molecule/vqe.h"

namespace qupel {

/// Goes on from an optimum of exact energies by those that the context's executor measures, with shots (1000
/// of each circuit if its execution names none), by simultaneous perturbation (SPSA). Does nothing where the
/// executor is exact.
/// @param on_qubits makes the circuit and the Hamiltonian, if they are needed
/// @throws InputError and OverBudget as Executor::expectations()
void train_under_noise(const std::function<ElectronicCircuit()>& on_qubits, VqeOptimum& found,
                       const FitContext& context);

}  // namespace qupel
