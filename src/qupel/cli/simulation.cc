#include "qupel/cli/simulation.h"

#include <fmt/format.h>

#include <algorithm>

namespace qupel::cli {
namespace {

bool measures(const QasmProgram& program) {
  return std::ranges::any_of(program.measured, [](const ClassicalRegister& each) {
    return std::ranges::any_of(each.bits, [](const ClassicalBit& bit) { return bit.qubit >= 0; });
  });
}

std::string bit_string(const QasmProgram& program, std::uint64_t basis) {
  const auto digit = [&](int qubit) { return ((basis >> qubit) & 1) != 0 ? '1' : '0'; };
  std::string text;
  if (!measures(program)) {
    for (int qubit = program.circuit.qubits(); qubit-- > 0;) text += digit(qubit);
    return text;
  }
  for (auto each = program.measured.rbegin(); each != program.measured.rend(); ++each) {
    if (!text.empty()) text += ' ';
    for (auto bit = each->bits.rbegin(); bit != each->bits.rend(); ++bit) {
      text += bit->qubit >= 0 ? digit(bit->qubit) : bit->value ? '1' : '0';
    }
  }
  return text;
}

}  // namespace

Execution execution_of(const SimulationRequest& request) {
  return {.noise = request.noise,
          .trajectories = request.trajectories,
          .precision = request.precision,
          .seed = request.seed};
}

Question question_of(const SimulationRequest& request) {
  Question question{.state = request.state, .shots = request.shots};
  if (request.observable) question.observables = {*request.observable, squared(*request.observable)};
  return question;
}

Simulation simulate(const QasmProgram& program, const SimulationRequest& request) {
  Executor executor(execution_of(request), request.threads);
  auto outcome = executor.run(program.circuit, question_of(request));
  Simulation result;
  result.engine = std::move(outcome.engine);
  result.state = std::move(outcome.state);
  if (request.observable) {
    const double mean = outcome.expectations[0];
    result.expectation = mean;
    if (!outcome.errors.empty()) result.standard_error = outcome.errors[0];
    result.variance = std::max(outcome.expectations[1] - mean * mean, 0.0);  // rounding may leave less than 0
  }
  for (const auto& [basis, count] : outcome.counts) result.counts[bit_string(program, basis)] += count;
  return result;
}

}  // namespace qupel::cli
