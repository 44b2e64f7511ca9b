#include "qupel/cli/simulation.h"

#include <fmt/format.h>

#include <algorithm>

namespace qupel::cli {
namespace {

std::string basis_text(int qubits, std::uint64_t basis) {
  std::string text;
  for (int qubit = qubits; qubit-- > 0;) text += ((basis >> qubit) & 1) != 0 ? '1' : '0';
  return text;
}

// Registers apart, the last one first; what has no name is not the program's.
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

}  // namespace

Execution execution_of(const SimulationRequest& request) {
  return {.noise = request.noise,
          .trajectories = request.trajectories,
          .precision = request.precision,
          .engine = request.engine,
          .seed = request.seed};
}

Question question_of(const SimulationRequest& request) {
  Question question{.state = request.state, .shots = request.shots};
  if (request.observable) question.observables = {*request.observable};
  question.variances = question.observables.size();
  return question;
}

Simulation simulate(const QasmProgram& program, const SimulationRequest& request) {
  Executor executor(execution_of(request), request.threads);
  auto outcome = executor.run(program.circuit, question_of(request));
  Simulation result;
  result.engine = std::move(outcome.engine);
  result.state = std::move(outcome.state);
  if (request.observable) {
    result.expectation = outcome.expectations[0];
    if (!outcome.errors.empty()) result.standard_error = outcome.errors[0];
    result.variance = outcome.variances[0];
  }
  const auto& circuit = program.circuit;
  for (const auto& [basis, count] : outcome.counts)
    result.counts[basis_text(circuit.qubits(), basis)] += count;
  for (const auto& [bits, count] : outcome.bit_counts) result.counts[bits_text(circuit, bits)] += count;
  return result;
}

}  // namespace qupel::cli
