#include "qupel/cli/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "qupel/base/error.h"

namespace qupel::cli {
namespace {

void require_closed(const Circuit& circuit) {
  for (const auto& operation : circuit.operations()) {
    for (const auto& angle : operation.angles) {
      if (angle.slot.kind == Slot::Kind::none) continue;
      throw InputError(
          fmt::format("the input \"{}{}\" has no value: replace it by a number to simulate the circuit",
                      angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index));
    }
  }
}

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

std::map<std::string, std::uint64_t> counted(const QasmProgram& program,
                                             std::span<const std::uint64_t> shots) {
  std::unordered_map<std::uint64_t, std::uint64_t> by_basis;
  for (const auto basis : shots) ++by_basis[basis];
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [basis, count] : by_basis) counts[bit_string(program, basis)] += count;
  return counts;
}

// O |state>, a term at a time: a Pauli string moves amplitude s to s ^ flips with a phase.
std::vector<Complex> applied(const Observable& observable, std::span<const Complex> state) {
  std::vector<Complex> result(state.size());
  for (const auto& term : observable.terms) {
    std::size_t flips = 0, signs = 0;
    Complex factor = term.weight;
    for (const auto& [qubit, letter] : term.pauli.letters) {
      const std::size_t bit = std::size_t{1} << qubit;
      if (letter != 'Z') flips |= bit;
      if (letter != 'X') signs |= bit;
      if (letter == 'Y') factor *= Complex{0, 1};
    }
    for (std::size_t s = 0; s < state.size(); ++s) {
      result[s ^ flips] += (std::popcount(s & signs) % 2 != 0 ? -factor : factor) * state[s];
    }
  }
  return result;
}

void measure(const Observable& observable, std::span<const Complex> state, Simulation& result) {
  const auto moved = applied(observable, state);
  double mean = 0, square = 0;
  for (std::size_t s = 0; s < state.size(); ++s) {
    mean += (std::conj(state[s]) * moved[s]).real();
    square += std::norm(moved[s]);
  }
  result.expectation = mean;
  result.variance = std::max(square - mean * mean, 0.0);
}

}  // namespace

Simulation simulate(const QasmProgram& program, const SimulationRequest& request) {
  require_closed(program.circuit);
  if (request.observable && request.observable->qubits() > program.circuit.qubits()) {
    throw InputError(fmt::format("the observable acts on qubit {}: the circuit has qubits 0 to {}",
                                 request.observable->qubits() - 1, program.circuit.qubits() - 1));
  }
  const BatchProgram engine(program.circuit, {}, request.precision);
  const Matrix<double> one_sample(1, 0);
  Simulation result;
  result.engine = "state vector";
  if (request.observable || request.state) {
    const auto states = engine.states(one_sample, {}, request.threads);
    if (request.observable) measure(*request.observable, states.row(0), result);
    if (request.state) result.state.assign(states.row(0).begin(), states.row(0).end());
  }
  if (request.shots > 0) {
    result.counts =
        counted(program, engine.sample(one_sample, {}, request.shots, request.seed, request.threads).row(0));
  }
  return result;
}

}  // namespace qupel::cli
