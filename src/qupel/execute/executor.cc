#include "qupel/execute/executor.h"

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/circuit/measurement_group.h"
#include "qupel/engine/binomial.h"

namespace qupel {
namespace {

// Circuits that a device runs for one sample's estimates.
long long measured_groups(const BatchProgram& program) {
  const auto strings = distinct_strings(program.observables());
  return static_cast<long long>(measurement_groups(strings, program.circuit().qubits()).size());
}

// Shifted circuits that the parameter-shift rule runs for the slots of a kind: two a frequency of an angle.
long long shifted_circuits(const Circuit& circuit, Slot::Kind kind) {
  long long count = 0;
  for (const auto& operation : circuit.operations())
    for (const auto& angle : operation.angles)
      if (angle.slot.kind == kind) count += 2 * static_cast<long long>(operation.spec->spectrum.size());
  return count;
}

// Kernel entries that a device measures: of a set with itself each pair once, and the diagonal is known.
long long measured_pairs(const StateSet& a, const StateSet& b) {
  const auto rows = static_cast<long long>(a.samples()), columns = static_cast<long long>(b.samples());
  return &a == &b ? rows * (rows - 1) / 2 : rows * columns;
}

// The circuit of one state followed by the inverse of another's.
CircuitCost compute_uncompute(CircuitCost cost) {
  for (auto& [name, count] : cost.gates) count *= 2;
  for (long* count : {&cost.one_qubit, &cost.two_qubit, &cost.larger, &cost.depth, &cost.two_qubit_depth}) {
    *count *= 2;
  }
  return cost;
}

}  // namespace

Executor::Job::Job(BatchProgram program)
    : program_(std::move(program)), cost_(program_.circuit().cost()), groups_(measured_groups(program_)) {}

Executor::Job Executor::prepare(const Circuit& circuit, std::vector<Observable> observables) const {
  return Job(BatchProgram(circuit, std::move(observables), precision_));
}

Matrix<double> Executor::expectations(const Job& job, const Matrix<double>& features,
                                      std::span<const double> parameters) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto values = job.program_.expectations(features, parameters, threads_);
  const auto rows = static_cast<long long>(features.rows());
  ledger_.add_circuits(job.cost_, rows, 0);
  ledger_.hardware_circuits += rows * job.groups_;
  return values;
}

BatchGradient Executor::gradient(const Job& job, const Matrix<double>& features,
                                 std::span<const double> parameters, const Cotangent& cotangent,
                                 bool feature_gradient) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto gradient = job.program_.gradient(features, parameters, cotangent, feature_gradient, threads_);
  const auto rows = static_cast<long long>(features.rows());
  ledger_.add_circuits(job.cost_, rows, 0);
  ledger_.gradients += rows;
  auto shifted = shifted_circuits(job.circuit(), Slot::Kind::parameter);
  if (feature_gradient) shifted += shifted_circuits(job.circuit(), Slot::Kind::feature);
  ledger_.hardware_circuits += rows * job.groups_ * (1 + shifted);
  return gradient;
}

Matrix<double> Executor::estimate(const Job& job, const Matrix<double>& features,
                                  std::span<const double> parameters, std::size_t shots, std::uint64_t seed) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto values = job.program_.estimate(features, parameters, shots, seed, threads_);
  const auto circuits = static_cast<long long>(features.rows()) * job.groups_;
  ledger_.add_circuits(job.cost_, circuits, static_cast<long long>(shots));
  ledger_.hardware_circuits += circuits;
  return values;
}

StateSet Executor::states(const Job& job, const Matrix<double>& features,
                          std::span<const double> parameters) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto states = job.program_.prepare(features, parameters, threads_);
  ledger_.add_circuits(job.cost_, static_cast<long long>(features.rows()), 0);
  return states;
}

Matrix<double> Executor::kernel(const StateSet& a, const StateSet& b) {
  const StageTimer timer(&ledger_, Stage::execute);
  ledger_.hardware_circuits += measured_pairs(a, b);
  return fidelities(a, b, threads_);
}

Matrix<double> Executor::estimate_kernel(const Job& job, const StateSet& a, const StateSet& b,
                                         std::size_t shots, std::uint64_t seed) {
  if (shots == 0) throw InputError("a kernel estimated from 0 shots: at least 1 is needed");
  const StageTimer timer(&ledger_, Stage::execute);
  auto kernel = fidelities(a, b, threads_);
  const bool symmetric = &a == &b;  // a device measures each pair once, and knows the diagonal
  parallel_for(kernel.rows(), threads_, [&](std::size_t i) {
    for (std::size_t j = symmetric ? i + 1 : 0; j < kernel.columns(); ++j) {
      Random random(derive(seed, {i, j}));
      kernel(i, j) = static_cast<double>(binomial(random, shots, kernel(i, j))) / static_cast<double>(shots);
    }
  });
  if (symmetric) {
    for (std::size_t i = 0; i < kernel.rows(); ++i) {
      kernel(i, i) = 1;
      for (std::size_t j = 0; j < i; ++j) kernel(i, j) = kernel(j, i);
    }
  }
  const auto pairs = measured_pairs(a, b);
  ledger_.add_circuits(compute_uncompute(job.cost_), pairs, static_cast<long long>(shots));
  ledger_.hardware_circuits += pairs;
  return kernel;
}

}  // namespace qupel
