#include "qupel/compile/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/compile/target.h"

namespace qupel {
namespace {

struct Layer {
  double loss = 0;   // -log of what of an expectation value it leaves
  double depth = 0;  // operations after each other that take time
};

// -log of what an operation with this average error on d levels leaves; endless if it leaves nothing.
double loss_of(double error, double levels) {
  return std::abs(std::log(std::max(0.0, 1 - error * levels / (levels - 1))));
}

double median(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double median_error(const Device& device, const OpSpec& spec) {
  std::vector<double> errors;
  for (const auto& gate : device.gates)
    if (gate.spec == &spec) errors.push_back(gate.error);
  return median(std::move(errors));
}

// Of any gate on one qubit, in the device's operations.
Layer one_qubit_layer(const CompileTarget& target) {
  const auto& basis = target.one_qubit();
  using Kind = OneQubitBasis::Kind;
  const double count = basis.kind == Kind::quarter_turns || basis.kind == Kind::ion ? 2 : 1;
  const OpSpec* spec = basis.kind == Kind::quarter_turns ? basis.quarter
                       : basis.kind == Kind::ion         ? &operation("gpi2")
                       : basis.kind == Kind::phased      ? &operation("prx")
                                                         : &operation("u");
  return {count * loss_of(median_error(target.device(), *spec), 2), count};
}

// Of Z on one qubit that is read.
double readout_loss(const Device& device) {
  constexpr double nothing_told = 1e-12;  // a finite loss, which the median counts
  std::vector<double> losses;
  for (const auto& qubit : device.qubits)
    if (qubit.live)
      losses.push_back(
          std::abs(std::log(std::max(nothing_told, 1 - qubit.one_for_zero - qubit.zero_for_one))));
  return median(std::move(losses));
}

double two_qubit_loss(const CompileTarget& target) {
  std::vector<double> errors;
  for (int a = 0; a < target.size(); ++a)
    for (const int b : target.neighbours(a))
      if (a < b) errors.push_back(-std::expm1(-target.cheapest_cost(a, b)));
  return loss_of(median(std::move(errors)), 4);
}

Layer layer(const CompileTarget& target, int qubits) {
  const auto one = one_qubit_layer(target);
  if (qubits == 1) return one;  // what a pair loses, which may be all, is nothing to it
  return {qubits * one.loss + qubits / 2 * two_qubit_loss(target), one.depth + 1};
}

}  // namespace

double depth_limit(const Device& device, int qubits) {
  if (qubits < 1 || qubits > device.size())
    throw InputError(
        fmt::format("a depth limit of {} qubits: device \"{}\" has {}", qubits, device.name, device.size()));
  const auto each = layer(CompileTarget(device), qubits);
  return each.depth / each.loss;
}

int effective_qubits(const Device& device) {
  const CompileTarget target(device);
  int qubits = 1;
  const double readout = readout_loss(device);
  const auto keeps = [&](int n) { return n * (layer(target, n).loss + readout) <= 1; };
  while (qubits < static_cast<int>(target.component().size()) && keeps(qubits + 1)) ++qubits;
  return qubits;
}

}  // namespace qupel
