#include "qupel/engine/branching/program.h"

#include <algorithm>
#include <cmath>

#include "qupel/circuit/dense.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::branching {
namespace {

// Ways 0 and 1 are read as they are, ways 2 and 3 wrong: the qubit is in |1> and read as 0, and the reverse.
Chance measurement(const Operation& operation, const ReadoutError& error) {
  Chance made{operation.qubits, kraus_operators(*operation.spec), operation.bits[0]};
  if (error.none()) return made;
  made.ways = {made.ways[0], made.ways[1], made.ways[1], made.ways[0]};
  for (std::size_t way = 0; way < made.ways.size(); ++way) {
    const bool read = way % 2 == 1, in_one = way == 1 || way == 2;
    for (auto& entry : made.ways[way].values()) entry *= std::sqrt(error.probability(read, in_one));
  }
  return made;
}

Step step_of(const Operation& operation, const NoiseModel& noise) {
  Step step{.conditions = operation.conditions};
  switch (operation.spec->structure) {
    case Structure::measure:
      step.chances.push_back(measurement(operation, noise.readout(operation.qubits[0])));
      break;
    case Structure::reset:
      step.chances.push_back({operation.qubits, kraus_operators(*operation.spec)});
      break;
    case Structure::set:
    case Structure::clear:
      step.bit = operation.bits[0];
      step.value = operation.spec->structure == Structure::set;
      break;
    case Structure::barrier:
    case Structure::delay:
      break;
    default:
      step.gates = placed(operation);
  }
  return step;
}

}  // namespace

bool Step::happens(const std::vector<bool>& bits) const {
  return std::ranges::all_of(conditions, [&](const Condition& each) { return each.holds(bits); });
}

std::vector<Step> steps(const Circuit& circuit, const NoiseModel& noise) {
  std::vector<Step> all;
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    auto step = step_of(circuit.operations()[k], noise);
    for (const auto& channel : placed.steps_after(k))
      step.chances.push_back({channel.qubits, channel.kraus()});
    if (!step.conditions.empty()) {
      for (const auto& channel : placed.steps_instead(k))
        step.instead.push_back({channel.qubits, channel.kraus()});
    }
    all.push_back(std::move(step));
  }
  return all;
}

Placed taken(const Chance& chance, std::size_t way, double probability) {
  Placed result{chance.ways[way], chance.qubits};
  for (auto& entry : result.matrix.values()) entry /= std::sqrt(probability);
  return result;
}

std::vector<double> probabilities(const Chance& chance, const Matrix<Complex>& reduced) {
  std::vector<double> result;
  for (const auto& way : chance.ways) {
    const auto after = product(product(way, reduced), adjoint(way));
    double trace = 0;
    for (std::size_t k = 0; k < after.rows(); ++k) trace += after(k, k).real();
    result.push_back(std::max(trace, 0.0));
  }
  return result;
}

}  // namespace qupel::branching
