#include "qupel/engine/noisy_batch/noisy_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "qupel/base/error.h"
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

/// How many of the first operations come before the features of the second row.
std::size_t first_half(const Circuit& both, int features) {
  std::size_t length = 0;
  const auto is_second = [&](const Angle& angle) {
    return angle.is_feature() && angle.slot.index >= features;
  };
  for (const auto& operation : both.operations()) {
    if (std::ranges::any_of(operation.angles, is_second)) break;
    ++length;
  }
  return length;
}

/// Weights of an observable of I and Z, by the mask of its Z, whose expectation value before readout errors
/// equals the mean of `counted` (by basis state that is read) after them.
std::vector<double> weights_of(std::vector<double> counted, const NoiseModel& noise, int qubits) {
  for (int q = 0; q < qubits; ++q) {
    const auto error = noise.readout(q);
    const double zero = (1 - error.one_for_zero + error.zero_for_one) / 2,
                 one = (1 - error.zero_for_one + error.one_for_zero) / 2,
                 z = (1 - error.one_for_zero - error.zero_for_one) / 2;
    const auto bit = std::size_t{1} << q;
    for (std::size_t k = 0; k < counted.size(); ++k) {
      if ((k & bit) != 0) continue;
      const double read_zero = counted[k], read_one = counted[k | bit];
      counted[k] = read_zero * zero + read_one * one;
      counted[k | bit] = read_zero * z - read_one * z;
    }
  }
  return counted;
}

/// Counts 1 if all are read as 0.
std::vector<double> all_zero(int qubits) {
  std::vector<double> counted(std::size_t{1} << qubits);
  counted[0] = 1;
  return counted;
}

}  // namespace

struct NoisyKernel::Implementation {
  Implementation(const Circuit& both, std::size_t half, int features_each, const NoiseModel& noise,
                 const std::vector<std::vector<double>>& counted)
      : Implementation(both, half, features_each, CircuitNoise(both, noise)) {
    for (const auto& each : counted) measured.push_back(weights_of(each, noise, both.qubits()));
  }

  Implementation(const Circuit& both, std::size_t half, int features_each, const CircuitNoise& noise)
      : features(features_each),
        parameters(both.parameters()),
        compute(both.qubits(), noisy_batch::steps_of(both, noise, 0, half), true),
        uncompute(both.qubits(), noisy_batch::steps_of(both, noise, half, both.operations().size()), false) {
    for (auto& angle : uncompute.angles)  // a row of its own
      if (angle.is_feature()) angle.slot.index -= features;
  }

  std::size_t block_size() const { return compute.coefficients() * lanes; }

  /// The effects of consecutive rows of each number, block after block.
  /// @param blocks of each number
  void make_effects(const Matrix<double>& rows, std::span<const double> values, int threads,
                    std::size_t blocks, double* effects) const {
    for_each_block(uncompute, StatePlan::of_values(), rows, values, threads, [&](const Block& block) {
      for (std::size_t k = 0; k < measured.size(); ++k) {
        double* effect = block.work.clear_effect();
        for (std::size_t zs = 0; zs < measured[k].size(); ++zs)
          std::fill_n(effect + PauliString::of_masks(0, zs).index() * lanes, lanes, measured[k][zs]);
        std::copy_n(block.work.pull_back(), block_size(),
                    effects + (k * blocks + block.number()) * block_size());
      }
    });
  }

  double work() const {
    return noisy_batch::work(compute) + static_cast<double>(measured.size()) * noisy_batch::work(uncompute);
  }

  int features, parameters;
  Program compute, uncompute;
  std::vector<std::vector<double>> measured;  ///< of each number the weights of strings, by their Z
};

NoisyKernel::NoisyKernel(const Circuit& circuit, const NoiseModel& noise) {
  NoisyBatch::require_qubits(circuit.qubits());
  implementation_ = std::make_unique<Implementation>(
      compute_uncompute(circuit), circuit.operations().size(), circuit.features(), noise,
      std::vector<std::vector<double>>{all_zero(circuit.qubits())});
}

NoisyKernel::NoisyKernel(const Circuit& both, int features, const NoiseModel& noise,
                         const std::vector<std::vector<double>>& counted) {
  NoisyBatch::require_qubits(both.qubits());
  if (!separates(both, features))
    throw InputError("a kernel's circuit must use all features of the first row before those of the second");
  for (const auto& each : counted)
    if (each.size() != std::size_t{1} << both.qubits())
      throw InputError(fmt::format("{} counts for readings of {} qubits", each.size(), both.qubits()));
  implementation_ =
      std::make_unique<Implementation>(both, first_half(both, features), features, noise, counted);
}

bool NoisyKernel::separates(const Circuit& both, int features) {
  const auto half = static_cast<std::ptrdiff_t>(first_half(both, features));
  const auto is_first = [&](const Angle& angle) { return angle.is_feature() && angle.slot.index < features; };
  const auto operations = both.operations();
  return std::none_of(operations.begin() + half, operations.end(), [&](const Operation& operation) {
    return std::ranges::any_of(operation.angles, is_first);
  });
}

NoisyKernel::~NoisyKernel() = default;
NoisyKernel::NoisyKernel(NoisyKernel&&) noexcept = default;
NoisyKernel& NoisyKernel::operator=(NoisyKernel&&) noexcept = default;

std::vector<Matrix<double>> NoisyKernel::entries(const Matrix<double>& a, const Matrix<double>& b,
                                                 std::span<const double> parameters, int threads) const {
  const auto& made = *implementation_;
  for (const auto* rows : {&a, &b}) require_shapes(made.features, made.parameters, *rows, parameters);
  const auto size = made.block_size(), wanted = made.measured.size();
  const auto bytes = static_cast<double>(size * wanted * sizeof(double));
  const auto panel = lanes * std::max<std::size_t>(1, static_cast<std::size_t>(most_effect_bytes / bytes));
  const auto held = std::min(panel, (b.rows() + lanes - 1) / lanes * lanes);
  noisy_batch::require_memory(held, wanted * made.compute.coefficients());
  std::vector<Matrix<double>> results(wanted, Matrix<double>(a.rows(), b.rows()));
  const auto blocks = held / lanes;
  HugeArray<double> effects(wanted * blocks * size, false);
  for (std::size_t first = 0; first < b.rows(); first += panel) {
    std::vector<std::size_t> numbers;
    for (std::size_t j = first; j < std::min(first + panel, b.rows()); ++j) numbers.push_back(j);
    made.make_effects(take_rows(b, numbers), parameters, threads, blocks, effects.data());
    for_each_block(made.compute, StatePlan::of_values(), a, parameters, threads, [&](const Block& block) {
      const double* state = block.work.run();
      alignas(64) double products[lanes * lanes];
      for (std::size_t k = 0; k < wanted; ++k)
        for (std::size_t j = 0; j < numbers.size(); ++j) {
          const double* effect = effects.data() + (k * blocks + j / lanes) * size;
          if (j % lanes == 0) noisy_batch::kernels().dots(state, lanes, effect, size, products);
          for (std::size_t i = 0; i < block.count; ++i)
            results[k](block.first + i, first + j) = products[lanes * i + j % lanes];
        }
    });
  }
  return results;
}

double NoisyKernel::work() const { return implementation_->work(); }

}  // namespace qupel
