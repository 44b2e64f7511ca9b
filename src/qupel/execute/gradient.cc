#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"

namespace qupel {
namespace {

/// Rows of the circuit with free angles: for each sample in turn its angles with each shift.
Matrix<double> shifted_rows(const Circuit& circuit, const Matrix<double>& features,
                            std::span<const double> parameters, std::span<const SlotShift> shifts,
                            std::size_t first, std::size_t end) {
  Matrix<double> rows;
  for (std::size_t sample = first; sample < end; ++sample) {
    const auto angles = slot_angles(circuit, features.row(sample), parameters);
    if (rows.empty()) rows = Matrix<double>((end - first) * shifts.size(), angles.size());
    for (std::size_t s = 0; s < shifts.size(); ++s) {
      const auto row = rows.row((sample - first) * shifts.size() + s);
      std::ranges::copy(angles, row.begin());
      row[shifts[s].angle] += shifts[s].shift;
    }
  }
  return rows;
}

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

bool Executor::differentiates(const Prepared::Implementation& circuit) const {
  return exact() && execution_.mitigation == nullptr && (in_batches() || in_noisy_batches(circuit));
}

BatchGradient Executor::gradient(const Prepared& prepared, const Matrix<double>& features,
                                 std::span<const double> parameters, const Cotangent& cotangent,
                                 bool feature_gradient, Stream stream) {
  admit([&] { return forecast_gradient(prepared, features.rows(), feature_gradient); });
  const StageTimer timer(&ledger_, Stage::execute);
  const auto& circuit = as_run(*prepared.implementation_);
  auto gradient = differentiates(circuit)
                      ? adjoint_gradient(circuit, features, parameters, cotangent, feature_gradient)
                      : shifted_gradient(circuit, features, parameters, cotangent, feature_gradient,
                                         exact() ? 0 : next_seed(stream));
  ledger_.gradients += static_cast<long long>(features.rows());
  return gradient;
}

BatchGradient Executor::adjoint_gradient(const Prepared::Implementation& circuit,
                                         const Matrix<double>& features, std::span<const double> parameters,
                                         const Cotangent& cotangent, bool feature_gradient) {
  auto gradient = in_batches() ? circuit.program(execution_.precision)
                                     .gradient(features, parameters, cotangent, feature_gradient, threads_)
                               : gradient_noisy(circuit, features, parameters, cotangent, feature_gradient);
  const auto rows = static_cast<long long>(features.rows());
  ledger_.add_circuits(circuit.cost, rows, 0);
  ledger_.hardware_circuits +=
      rows * circuit.groups() * (1 + shifted_circuits(circuit.circuit, feature_gradient));
  return gradient;
}

void Executor::visit_shifts(const Prepared::Implementation& circuit, const Matrix<double>& features,
                            std::span<const double> parameters, bool feature_gradient, std::uint64_t seed,
                            const ShiftVisitor& visit) {
  constexpr std::size_t rows_together = 4096;
  const auto shifts = slot_shifts(circuit.circuit, feature_gradient);
  if (shifts.empty()) return;
  const auto samples = std::max<std::size_t>(1, rows_together / shifts.size());
  for (std::size_t first = 0; first < features.rows(); first += samples) {
    const auto end = std::min(first + samples, features.rows());
    const auto rows = shifted_rows(circuit.circuit, features, parameters, shifts, first, end);
    const auto values =
        measure(circuit.with_free_angles(), rows, {}, derive(seed, {key_of("shifts"), first})).values;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      const auto& [slot, angle, shift, weight] = shifts[i % shifts.size()];
      visit(first + i / shifts.size(), slot, weight, values.row(i));
    }
  }
}

BatchGradient Executor::shifted_gradient(const Prepared::Implementation& circuit,
                                         const Matrix<double>& features, std::span<const double> parameters,
                                         const Cotangent& cotangent, bool feature_gradient,
                                         std::uint64_t seed) {
  BatchGradient gradient{
      measure(circuit, features, parameters, seed).values, std::vector<double>(parameters.size()),
      feature_gradient ? Matrix<double>(features.rows(), features.columns()) : Matrix<double>()};
  Matrix<double> derivatives(gradient.values.rows(), gradient.values.columns());
  cotangent(0, gradient.values, derivatives);
  visit_shifts(circuit, features, parameters, feature_gradient, seed,
               [&](std::size_t sample, const Slot& slot, double weight, std::span<const double> values) {
                 const auto index = static_cast<std::size_t>(slot.index);
                 auto& target = slot.kind == Slot::Kind::parameter ? gradient.parameters[index]
                                                                   : gradient.features(sample, index);
                 target += weight * product(derivatives.row(sample), values);
               });
  return gradient;
}

}  // namespace qupel
