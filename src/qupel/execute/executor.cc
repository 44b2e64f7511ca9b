#include "qupel/execute/executor.h"

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/circuit/measurement_group.h"
#include "qupel/engine/binomial.h"

namespace qupel {
namespace {

// Circuits that a device runs for one sample's estimates: one for each group of strings.
long long measured_circuits(const BatchProgram& program) {
  const auto strings = distinct_strings(program.observables());
  return static_cast<long long>(measurement_groups(strings, program.circuit().qubits()).size());
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

Executor::Job Executor::prepare(const Circuit& circuit, std::vector<Observable> observables) const {
  return Job(BatchProgram(circuit, std::move(observables), precision_), circuit.cost());
}

Matrix<double> Executor::expectations(const Job& job, const Matrix<double>& features,
                                      std::span<const double> parameters) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto values = job.program_.expectations(features, parameters, threads_);
  ledger_.add_circuits(job.cost_, static_cast<long long>(features.rows()), 0);
  return values;
}

BatchGradient Executor::gradient(const Job& job, const Matrix<double>& features,
                                 std::span<const double> parameters, const Cotangent& cotangent,
                                 bool feature_gradient) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto gradient = job.program_.gradient(features, parameters, cotangent, feature_gradient, threads_);
  ledger_.add_circuits(job.cost_, static_cast<long long>(features.rows()), 0);
  ledger_.gradients += static_cast<long long>(features.rows());
  return gradient;
}

Matrix<double> Executor::estimate(const Job& job, const Matrix<double>& features,
                                  std::span<const double> parameters, std::size_t shots, std::uint64_t seed) {
  const StageTimer timer(&ledger_, Stage::execute);
  auto values = job.program_.estimate(features, parameters, shots, seed, threads_);
  ledger_.add_circuits(job.cost_, static_cast<long long>(features.rows()) * measured_circuits(job.program_),
                       static_cast<long long>(shots));
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
  auto pairs = static_cast<long long>(kernel.rows()) * static_cast<long long>(kernel.columns());
  if (symmetric) {
    for (std::size_t i = 0; i < kernel.rows(); ++i) {
      kernel(i, i) = 1;
      for (std::size_t j = 0; j < i; ++j) kernel(i, j) = kernel(j, i);
    }
    pairs = (pairs - static_cast<long long>(kernel.rows())) / 2;
  }
  ledger_.add_circuits(compute_uncompute(job.cost_), pairs, static_cast<long long>(shots));
  return kernel;
}

}  // namespace qupel
