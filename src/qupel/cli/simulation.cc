#include "qupel/cli/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/circuit/final_measurements.h"

namespace qupel::cli {

std::string basis_text(int qubits, std::uint64_t basis) {
  std::string text;
  for (int qubit = qubits; qubit-- > 0;) text += ((basis >> qubit) & 1) != 0 ? '1' : '0';
  return text;
}

std::string bits_text(const Circuit& circuit, std::string_view bits) {
  std::string text;
  const auto registers = circuit.registers();
  for (auto each = registers.rbegin(); each != registers.rend(); ++each) {
    if (each->name.empty()) continue;
    if (!text.empty()) text += ' ';
    const auto end = bits.size() - static_cast<std::size_t>(each->first);
    text += bits.substr(end - static_cast<std::size_t>(each->size), static_cast<std::size_t>(each->size));
  }
  return text;
}

Execution execution_of(const SimulationRequest& request) {
  return {.noise = request.noise,
          .trajectories = request.trajectories,
          .precision = request.precision,
          .engine = request.engine,
          .seed = request.seed};
}

// Of a pure state a variance takes the terms times the amplitudes, of a mixed one the terms' square.
bool wants_variance(const SimulationRequest& request, const Circuit& circuit) {
  if (!request.observable) return false;
  if (request.variance) return *request.variance;
  const auto terms = static_cast<double>(request.observable->terms.size());
  constexpr double few_terms = 8, most_mixed_terms = 100, most_work = 2e8;
  if (terms <= few_terms) return true;
  if (!request.noise.empty() || !split_final_measurements(circuit).body.unitary())
    return terms <= most_mixed_terms;
  return std::ldexp(terms, circuit.qubits()) <= most_work;
}

Question question_of(const SimulationRequest& request, const Circuit& circuit) {
  Question question{.state = request.state, .shots = request.shots};
  if (request.observable) question.observables = {*request.observable};
  question.variances = wants_variance(request, circuit) ? 1 : 0;
  return question;
}

Circuit circuit_of(const QasmProgram& program, const SimulationRequest& request) {
  auto circuit = program.circuit;
  constexpr int most_counted_qubits = 64;
  if (request.shots == 0 || circuit.measures() || circuit.qubits() <= most_counted_qubits) return circuit;
  const int qubits = program.declared_qubits(), first = circuit.add_bits("all qubits", qubits);
  for (int q = 0; q < qubits; ++q) circuit.measure(q, first + q);
  return circuit;
}

Simulation simulate(const QasmProgram& program, const SimulationRequest& request) {
  Executor executor(execution_of(request), request.threads);
  const auto circuit = circuit_of(program, request);
  auto outcome = executor.run(circuit, question_of(request, circuit));
  Simulation result;
  result.engine = std::move(outcome.engine);
  result.state = std::move(outcome.state);
  if (request.state) result.state.resize(std::size_t{1} << program.declared_qubits());
  if (request.observable) {
    result.expectation = outcome.expectations[0];
    if (!outcome.errors.empty()) result.standard_error = outcome.errors[0];
    if (!outcome.variances.empty()) result.variance = outcome.variances[0];
  }
  for (const auto& [basis, count] : outcome.counts)
    result.counts[basis_text(program.declared_qubits(), basis)] += count;
  for (const auto& [bits, count] : outcome.bit_counts) result.counts[bits_text(circuit, bits)] += count;
  return result;
}

}  // namespace qupel::cli
