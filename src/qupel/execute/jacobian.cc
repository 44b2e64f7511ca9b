#include <algorithm>
#include <vector>

#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"

namespace qupel {
namespace {

/// Angles of a circuit that have a slot, in the order of slot_angles().
std::vector<Angle> slotted_angles(const Circuit& circuit) {
  std::vector<Angle> angles;
  for (const auto& operation : circuit.operations())
    for (const auto& angle : operation.angles)
      if (angle.slot.kind != Slot::Kind::none) angles.push_back(angle);
  return angles;
}

/// The entry for a slot in a row of derivatives.
double& entry(Jacobian& jacobian, std::size_t row, const Slot& slot) {
  auto& matrix = slot.kind == Slot::Kind::parameter ? jacobian.parameters : jacobian.features;
  return matrix(row, static_cast<std::size_t>(slot.index));
}

}  // namespace

// Every angle is a feature of its own, so that its derivative is not summed over samples.
Jacobian Executor::adjoint_jacobian(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                    std::span<const double> parameters) {
  const auto angles = slotted_angles(circuit.circuit);
  const std::size_t rows = features.rows(), observables = circuit.observables.size();
  Matrix<double> values(rows, angles.size());
  for (std::size_t r = 0; r < rows; ++r)
    std::ranges::copy(slot_angles(circuit.circuit, features.row(r), parameters), values.row(r).begin());
  Jacobian found{Matrix<double>(rows, observables), Matrix<double>(rows * observables, parameters.size()),
                 Matrix<double>(rows * observables, features.columns())};
  for (std::size_t k = 0; k < observables; ++k) {
    const auto gradient = adjoint_gradient(
        circuit.with_free_angles(), values, {},
        [k](std::size_t, const Matrix<double>& block, Matrix<double>& derivatives) {
          for (std::size_t r = 0; r < block.rows(); ++r)
            for (std::size_t o = 0; o < block.columns(); ++o) derivatives(r, o) = o == k ? 1 : 0;
        },
        true);
    found.values = gradient.values;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t a = 0; a < angles.size(); ++a)
        entry(found, r * observables + k, angles[a].slot) += angles[a].scale * gradient.features(r, a);
  }
  return found;
}

Jacobian Executor::jacobian(const Prepared& prepared, const Matrix<double>& features,
                            std::span<const double> parameters, Stream stream) {
  const auto& circuit = as_run(*prepared.implementation_);
  const std::size_t observables = circuit.observables.size();
  admit([&] {
    if (!differentiates(circuit)) return forecast_gradient(prepared, features.rows(), true);
    // The values, and an adjoint pass for each observable.
    return cost_of(circuit, static_cast<long long>(features.rows() * (1 + observables)));
  });
  const StageTimer timer(&ledger_, Stage::execute);
  ledger_.gradients += static_cast<long long>(features.rows() * observables);
  // Wrong numbers of features and parameters are found by whoever runs the circuit itself.
  const auto seed = exact() ? 0 : next_seed(stream);
  auto values = measure(circuit, features, parameters, seed).values;
  if (differentiates(circuit)) return adjoint_jacobian(circuit, features, parameters);
  Jacobian found{std::move(values), Matrix<double>(features.rows() * observables, parameters.size()),
                 Matrix<double>(features.rows() * observables, features.columns())};
  visit_shifts(circuit, features, parameters, true, seed,
               [&](std::size_t sample, const Slot& slot, double weight, std::span<const double> shifted) {
                 for (std::size_t k = 0; k < observables; ++k)
                   entry(found, sample * observables + k, slot) += weight * shifted[k];
               });
  return found;
}

}  // namespace qupel
