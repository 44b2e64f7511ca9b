#include "qupel/engine/noisy_batch/noisy_kernel.h"

#include <algorithm>
#include <vector>

#include "qupel/engine/noisy_batch/blocks.h"
#include "qupel/engine/noisy_batch/noisy_batch.h"
#include "qupel/engine/shapes.h"

namespace qupel {

using noisy_batch::Block;
using noisy_batch::lanes;
using noisy_batch::Program;
using noisy_batch::StatePlan;

namespace {

// Effects that are held at the same time; for more, the states are made again.
constexpr double most_effect_bytes = 0x1p28;

Circuit compute_uncompute(const Circuit& circuit) {
  auto both = circuit;
  both.append(circuit.inverse(), circuit.features());
  return both;
}

/// What reading 0 on all qubits is, by index of the strings of I and Z.
std::vector<double> all_zero(const NoiseModel& noise, int qubits) {
  std::vector<double> weights{1};
  for (int q = 0; q < qubits; ++q) {
    const auto error = noise.readout(q);
    const double one = (1 - error.one_for_zero + error.zero_for_one) / 2,
                 z = (1 - error.one_for_zero - error.zero_for_one) / 2;
    for (std::size_t k = 0, size = weights.size(); k < size; ++k) {
      weights.push_back(weights[k] * z);
      weights[k] *= one;
    }
  }
  return weights;
}

}  // namespace

struct NoisyKernel::Implementation {
  Implementation(const Circuit& circuit, const NoiseModel& noise)
      : Implementation(circuit, noise, compute_uncompute(circuit)) {}

  Implementation(const Circuit& circuit, const NoiseModel& noise, const Circuit& both)
      : Implementation(circuit, both, CircuitNoise(both, noise), all_zero(noise, circuit.qubits())) {}

  Implementation(const Circuit& circuit, const Circuit& both, const CircuitNoise& noise,
                 std::vector<double> zeros)
      : features(circuit.features()),
        parameters(circuit.parameters()),
        compute(circuit.qubits(), noisy_batch::steps_of(both, noise, 0, circuit.operations().size()), true),
        uncompute(circuit.qubits(),
                  noisy_batch::steps_of(both, noise, circuit.operations().size(), both.operations().size()),
                  false),
        measured(std::move(zeros)) {
    for (auto& angle : uncompute.angles)  // a row of its own
      if (angle.slot.kind == Slot::Kind::feature) angle.slot.index -= features;
  }

  /// The effects of consecutive rows, block after block.
  void make_effects(const Matrix<double>& rows, std::span<const double> values, int threads,
                    double* effects) const {
    const auto size = compute.coefficients() * lanes;
    for_each_block(uncompute, StatePlan::of_values(), rows, values, threads, [&](const Block& block) {
      double* effect = block.work.clear_effect();
      for (std::size_t zs = 0; zs < measured.size(); ++zs)
        std::fill_n(effect + PauliString::of_masks(0, zs).index() * lanes, lanes, measured[zs]);
      std::copy_n(block.work.pull_back(), size, effects + block.number() * size);
    });
  }

  double work() const { return noisy_batch::work(compute) + noisy_batch::work(uncompute); }

  int features, parameters;
  Program compute, uncompute;
  std::vector<double> measured;
};

NoisyKernel::NoisyKernel(const Circuit& circuit, const NoiseModel& noise) {
  NoisyBatch::require_qubits(circuit.qubits());
  implementation_ = std::make_unique<Implementation>(circuit, noise);
}

NoisyKernel::~NoisyKernel() = default;
NoisyKernel::NoisyKernel(NoisyKernel&&) noexcept = default;
NoisyKernel& NoisyKernel::operator=(NoisyKernel&&) noexcept = default;

Matrix<double> NoisyKernel::entries(const Matrix<double>& a, const Matrix<double>& b,
                                    std::span<const double> parameters, int threads) const {
  const auto& made = *implementation_;
  for (const auto* rows : {&a, &b}) require_shapes(made.features, made.parameters, *rows, parameters);
  const auto size = made.compute.coefficients() * lanes;
  const auto panel =
      lanes * std::max<std::size_t>(1, static_cast<std::size_t>(most_effect_bytes) / (size * sizeof(double)));
  const auto held = std::min(panel, (b.rows() + lanes - 1) / lanes * lanes);
  noisy_batch::require_memory(held, made.compute.coefficients());
  Matrix<double> result(a.rows(), b.rows());
  HugeArray<double> effects(held / lanes * size, false);
  for (std::size_t first = 0; first < b.rows(); first += panel) {
    std::vector<std::size_t> numbers;
    for (std::size_t j = first; j < std::min(first + panel, b.rows()); ++j) numbers.push_back(j);
    made.make_effects(take_rows(b, numbers), parameters, threads, effects.data());
    for_each_block(made.compute, StatePlan::of_values(), a, parameters, threads, [&](const Block& block) {
      const double* state = block.work.run();
      alignas(64) double products[lanes * lanes];
      for (std::size_t j = 0; j < numbers.size(); ++j) {
        if (j % lanes == 0)
          noisy_batch::kernels().dots(state, lanes, effects.data() + j / lanes * size, size, products);
        for (std::size_t i = 0; i < block.count; ++i)
          result(block.first + i, first + j) = products[lanes * i + j % lanes];
      }
    });
  }
  return result;
}

double NoisyKernel::work() const { return implementation_->work(); }

}  // namespace qupel
