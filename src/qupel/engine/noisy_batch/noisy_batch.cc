#include "qupel/engine/noisy_batch/noisy_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/noisy_batch/blocks.h"
#include "qupel/engine/shapes.h"
#include "qupel/engine/walsh_hadamard.h"
#include "qupel/noise/readout.h"

namespace qupel {

using noisy_batch::Block;
using noisy_batch::lanes;
using noisy_batch::StatePlan;

struct NoisyBatch::Implementation {
  Implementation(const Circuit& circuit, const NoiseModel& noise, std::span<const Observable> observables)
      : features(circuit.features()),
        parameters(circuit.parameters()),
        program(circuit, CircuitNoise(circuit, noise), 0, circuit.operations().size()) {
    for (const auto& observable : observables) {
      auto& terms = read.emplace_back();
      for (const auto& [weight, pauli] : as_read(observable, noise).terms)
        terms.push_back({weight, lanes * pauli.index()});
    }
  }

  /// @param use takes (sample, lane, lines of the final state)
  template <class Use>
  void for_each_state(const Matrix<double>& x, std::span<const double> values, int threads, Use&& use) const {
    require_shapes(features, parameters, x, values);
    noisy_batch::for_each_block(program, StatePlan::of_values(), x, values, threads, [&](const Block& block) {
      const double* state = block.work.run();
      for (std::size_t lane = 0; lane < block.count; ++lane) use(block.first + lane, lane, state);
    });
  }

  void measure(const double* state, std::size_t lane, std::span<double> values) const {
    for (std::size_t o = 0; o < read.size(); ++o) {
      double sum = 0;
      for (const auto& [weight, line] : read[o]) sum += weight * state[line + lane];
      values[o] = sum;
    }
  }

  /// Adds the derivative of a loss by the state.
  void add_effect(std::span<const double> derivatives, std::size_t lane, double* effect) const {
    for (std::size_t o = 0; o < read.size(); ++o)
      for (const auto& [weight, line] : read[o]) effect[line + lane] += weight * derivatives[o];
  }

  /// Of a loss by slots, from those by angles of a block's samples.
  void add_derivatives(const Block& block, const double* by_angle, std::span<double> by_parameter,
                       Matrix<double>& by_feature) const {
    for (std::size_t a = 0; a < program.angles.size(); ++a) {
      const auto& [scale, slot, offset] = program.angles[a];
      const auto index = static_cast<std::size_t>(slot.index);
      const double* line = by_angle + a * lanes;
      for (std::size_t lane = 0; lane < block.count; ++lane) {
        if (slot.kind == Slot::Kind::parameter)
          by_parameter[index] += scale * line[lane];
        else if (slot.kind == Slot::Kind::feature && !by_feature.empty())
          by_feature(block.first + lane, index) += scale * line[lane];
      }
    }
  }

  struct Term {
    double weight;
    std::size_t line;  ///< where the numbers of the string begin
  };
  int features, parameters;
  noisy_batch::Program program;
  std::vector<std::vector<Term>> read;  ///< by observable: what measurements average to
};

NoisyBatch::NoisyBatch(const Circuit& circuit, const NoiseModel& noise, std::vector<Observable> observables) {
  require_qubits(circuit.qubits());
  for (const auto& observable : observables) {
    if (observable.qubits() > circuit.qubits())
      throw InputError(fmt::format("the observable {} acts on qubit {}, and the circuit's last is {}",
                                   to_string(observable), observable.qubits() - 1, circuit.qubits() - 1));
  }
  implementation_ = std::make_unique<Implementation>(circuit, noise, observables);
}

void NoisyBatch::require_qubits(int qubits) {
  if (qubits > most_qubits)
    throw InputError(
        fmt::format("a batch of mixed states takes up to {} qubits, not {}: circuits run one by "
                    "one, or as trajectories",
                    most_qubits, qubits));
}

NoisyBatch::~NoisyBatch() = default;
NoisyBatch::NoisyBatch(NoisyBatch&&) noexcept = default;
NoisyBatch& NoisyBatch::operator=(NoisyBatch&&) noexcept = default;

Matrix<double> NoisyBatch::expectations(const Matrix<double>& features, std::span<const double> parameters,
                                        int threads) const {
  Matrix<double> values(features.rows(), implementation_->read.size());
  implementation_->for_each_state(features, parameters, threads,
                                  [&](std::size_t sample, std::size_t lane, const double* state) {
                                    implementation_->measure(state, lane, values.row(sample));
                                  });
  return values;
}

BatchGradient NoisyBatch::gradient(const Matrix<double>& features, std::span<const double> parameters,
                                   const Cotangent& cotangent, bool feature_gradient, int threads) const {
  const auto& made = *implementation_;
  require_shapes(made.features, made.parameters, features, parameters);
  BatchGradient result{
      Matrix<double>(features.rows(), made.read.size()), std::vector<double>(parameters.size()),
      feature_gradient ? Matrix<double>(features.rows(), features.columns()) : Matrix<double>()};
  Matrix<double> by_parameter((features.rows() + lanes - 1) / lanes, parameters.size());  // by block
  const auto plan = StatePlan::of_gradient(made.program, feature_gradient);
  noisy_batch::for_each_block(made.program, plan, features, parameters, threads, [&](const Block& block) {
    const double* state = block.work.run();
    Matrix<double> values(block.count, made.read.size()), derivatives(block.count, made.read.size());
    for (std::size_t lane = 0; lane < block.count; ++lane) made.measure(state, lane, values.row(lane));
    cotangent(block.first, values, derivatives);
    std::ranges::copy(values.values(), result.values.data() + block.first * values.columns());
    double* effect = block.work.clear_effect();
    for (std::size_t lane = 0; lane < block.count; ++lane)
      made.add_effect(derivatives.row(lane), lane, effect);
    made.add_derivatives(block, block.work.differentiate(), by_parameter.row(block.number()),
                         result.features);
  });
  for (std::size_t b = 0; b < by_parameter.rows(); ++b)
    for (std::size_t p = 0; p < by_parameter.columns(); ++p) result.parameters[p] += by_parameter(b, p);
  return result;
}

Matrix<double> NoisyBatch::coefficients(const Matrix<double>& features, std::span<const double> parameters,
                                        int threads) const {
  const auto size = implementation_->program.coefficients();
  noisy_batch::require_memory(features.rows(), size);
  Matrix<double> all(features.rows(), size);
  implementation_->for_each_state(features, parameters, threads,
                                  [&](std::size_t sample, std::size_t lane, const double* state) {
                                    for (std::size_t i = 0; i < size; ++i)
                                      all(sample, i) = state[i * lanes + lane];
                                  });
  return all;
}

Matrix<double> NoisyBatch::probabilities(const Matrix<double>& features, std::span<const double> parameters,
                                         int threads) const {
  const int qubits = implementation_->program.qubits;
  const auto size = std::size_t{1} << qubits;
  noisy_batch::require_memory(features.rows(), size);
  Matrix<double> all(features.rows(), size);
  implementation_->for_each_state(
      features, parameters, threads, [&](std::size_t sample, std::size_t lane, const double* state) {
        std::vector<double> chances(size);
        for (std::size_t zs = 0; zs < size; ++zs)
          chances[zs] = std::ldexp(state[PauliString::of_masks(0, zs).index() * lanes + lane], -qubits);
        walsh_hadamard(chances);
        std::ranges::transform(chances, all.row(sample).begin(),
                               [](double chance) { return std::max(0.0, chance); });
      });
  return all;
}

double NoisyBatch::work() const { return noisy_batch::work(implementation_->program); }

}  // namespace qupel
