#include "qupel/engine/branching/program.h"

#include <algorithm>

#include "qupel/circuit/dense.h"

namespace qupel::branching {
namespace {

Step step_of(const Operation& operation) {
  Step step{.conditions = operation.conditions};
  switch (operation.spec->structure) {
    case Structure::measure:
      step.chances.push_back({operation.qubits, kraus_operators(*operation.spec), operation.bits[0]});
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
  for (const auto& operation : circuit.operations()) {
    auto step = step_of(operation);
    for (const auto& channel : noise_after(operation, noise))
      step.chances.push_back({channel.qubits, channel.kraus()});
    all.push_back(std::move(step));
  }
  return all;
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
