#include "qupel/engine/batch/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch_planner.h"
#include "qupel/engine/batch/implementation.h"
#include "qupel/engine/batch/large_states.h"
#include "qupel/engine/normal_form.h"
#include "qupel/engine/shapes.h"
#include "qupel/engine/statevector/blocks.h"

namespace qupel {
namespace {

using statevector::Block;
using statevector::for_each_block;
using statevector::Program;

// What a block's derivatives by angle mean for the features of those angles.
template <class T>
void add_feature_gradients(const Block<T>& block, Matrix<double>& features) {
  const auto& angles = block.call.program.layers.angles;
  for (std::size_t a = 0; a < angles.size(); ++a) {
    const T* derivatives = block.work.sums + a * block.kernels.lanes;
    for (const auto& [slot, coefficient] : angles[a].angle.terms) {
      if (slot.kind != Slot::Kind::feature) continue;
      const auto index = static_cast<std::size_t>(slot.index);
      for (std::size_t lane = 0; lane < block.count; ++lane)
        features(block.first + lane, index) += coefficient * static_cast<double>(derivatives[lane]);
    }
  }
}

// The same for parameters, of all samples since sums began.
template <class T>
void add_parameter_gradients(const Block<T>& block, std::span<double> parameters) {
  block.kernels.add_up(block.call, block.work);
  for (const auto& [angle, parameter, coefficient] : block.call.program.layers.parameters)
    parameters[parameter] += coefficient * block.work.totals[angle];
}

template <class T>
Matrix<double> block_values(const Block<T>& block, std::span<double> buffer) {
  block.kernels.measure(block.call, block.work, buffer.data());
  Matrix<double> values(block.count, block.call.program.observable_count);
  for (std::size_t lane = 0; lane < values.rows(); ++lane) {
    for (std::size_t o = 0; o < values.columns(); ++o)
      values(lane, o) = buffer[o * block.kernels.lanes + lane];
  }
  return values;
}

template <class T>
Matrix<double> expectations(const Program& program, tiled::Runners& runners, const Matrix<double>& features,
                            std::span<const double> parameters, int threads) {
  const auto inputs = heisenberg::Inputs::of(program, parameters);
  const auto path = choose_path(program, inputs, features.rows(), statevector::kernels<T>().lanes);
  if (path == BatchPath::apart)
    return batch::expectations_apart<T>(program, runners, features, parameters, threads);
  if (path == BatchPath::polynomials)
    return heisenberg::expectations<T>(program, *inputs, features, parameters, threads);
  Matrix<double> values(features.rows(), program.observable_count);
  for_each_block<T>(program, features, parameters, threads, false, [&](const Block<T>& block) {
    std::vector<double> buffer(program.observable_count * block.kernels.lanes);
    const auto block_result = block_values(block, buffer);
    std::ranges::copy(block_result.values(), values.row(block.first).data());
  });
  return values;
}

template <class T>
BatchGradient gradient(const Program& program, tiled::Runners& runners, const Matrix<double>& features,
                       std::span<const double> parameters, const Cotangent& cotangent, bool feature_gradient,
                       int threads) {
  if (choose_path(program, features.rows(), statevector::kernels<T>().lanes) == BatchPath::apart)
    return batch::gradient_apart<T>(program, runners, features, parameters, cotangent, feature_gradient,
                                    threads);
  BatchGradient result{
      Matrix<double>(features.rows(), program.observable_count), std::vector<double>(parameters.size()),
      feature_gradient ? Matrix<double>(features.rows(), features.columns()) : Matrix<double>()};
  Matrix<double> sums(statevector::chunk_count<T>(program, features.rows()), parameters.size());
  for_each_block<T>(program, features, parameters, threads, true, [&](const Block<T>& block) {
    const std::size_t lanes = block.kernels.lanes;
    std::vector<double> buffer(program.observable_count * lanes);
    const auto values = block_values(block, buffer);
    Matrix<double> derivatives(values.rows(), values.columns());
    cotangent(block.first, values, derivatives);
    std::ranges::copy(values.values(), result.values.row(block.first).data());
    std::ranges::fill(buffer, 0);
    for (std::size_t lane = 0; lane < values.rows(); ++lane) {
      for (std::size_t o = 0; o < values.columns(); ++o) buffer[o * lanes + lane] = derivatives(lane, o);
    }
    block.kernels.backward(block.call, block.work, buffer.data(), block.begins || feature_gradient);
    if (feature_gradient) add_feature_gradients(block, result.features);
    if (block.ends || feature_gradient) add_parameter_gradients(block, sums.row(block.chunk));
  });
  for (std::size_t chunk = 0; chunk < sums.rows(); ++chunk) {
    for (std::size_t p = 0; p < sums.columns(); ++p) result.parameters[p] += sums(chunk, p);
  }
  return result;
}

// Angles are scales times values. Up to 1e15 they are reduced to one turn without loss.
double largest_value(const Circuit& circuit) {
  constexpr double largest_angle = 1e15;
  double scale = 1;
  for (const auto& operation : circuit.operations()) {
    for (const auto& angle : operation.angles) scale = std::max(scale, std::abs(angle.scale));
  }
  return largest_angle / scale;
}

void require_values(std::string_view kind, std::span<const double> values, double largest) {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::abs(values[k]) <= largest) continue;
    throw InputError(fmt::format("{} {} is {}: this circuit takes numbers up to {:.3g} in size", kind, k,
                                 values[k], largest));
  }
}

}  // namespace

BatchProgram::Implementation::Implementation(const Circuit& c, std::vector<Observable> o, Precision p)
    : circuit(c),
      observables(std::move(o)),
      precision(p),
      largest_value(qupel::largest_value(c)),
      values(circuit, observables, Program::Use::values),
      states(circuit, {}, Program::Use::states) {}

void BatchProgram::Implementation::check(const Matrix<double>& features,
                                         std::span<const double> parameters) const {
  require_shapes(circuit.features(), circuit.parameters(), features, parameters);
  for (std::size_t i = 0; i < features.rows(); ++i) require_values("feature", features.row(i), largest_value);
  require_values("parameter", parameters, largest_value);
}

BatchProgram::BatchProgram(const Circuit& circuit, std::vector<Observable> observables, Precision precision) {
  if (circuit.qubits() > statevector::most_qubits) {
    throw InputError(fmt::format("a batch of state vectors takes up to {} qubits, not {}",
                                 statevector::most_qubits, circuit.qubits()));
  }
  require_on_qubits(observables, circuit.qubits());
  require_weights(observables);
  implementation_ = std::make_unique<Implementation>(circuit, std::move(observables), precision);
}

BatchProgram::~BatchProgram() = default;
BatchProgram::BatchProgram(BatchProgram&&) noexcept = default;
BatchProgram& BatchProgram::operator=(BatchProgram&&) noexcept = default;
const Circuit& BatchProgram::circuit() const { return implementation_->circuit; }
std::span<const Observable> BatchProgram::observables() const { return implementation_->observables; }
Precision BatchProgram::precision() const { return implementation_->precision; }

Matrix<double> BatchProgram::expectations(const Matrix<double>& features, std::span<const double> parameters,
                                          int threads) const {
  implementation_->check(features, parameters);
  return precision() == Precision::single
             ? qupel::expectations<float>(implementation_->values, implementation_->runners, features,
                                          parameters, threads)
             : qupel::expectations<double>(implementation_->values, implementation_->runners, features,
                                           parameters, threads);
}

BatchGradient BatchProgram::gradient(const Matrix<double>& features, std::span<const double> parameters,
                                     const Cotangent& cotangent, bool feature_gradient, int threads) const {
  implementation_->check(features, parameters);
  const auto run = [&]<class T>(T) {
    return qupel::gradient<T>(implementation_->values, implementation_->runners, features, parameters,
                              cotangent, feature_gradient, threads);
  };
  return precision() == Precision::single ? run(float{}) : run(double{});
}

}  // namespace qupel
