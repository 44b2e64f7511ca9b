#include "qupel/engine/noisy_batch/noisy_readings.h"

#include <algorithm>

#include "qupel/base/pool.h"
#include "qupel/engine/noisy_batch/blocks.h"
#include "qupel/engine/noisy_batch/chances.h"
#include "qupel/engine/noisy_batch/noisy_batch.h"
#include "qupel/engine/shapes.h"

namespace qupel {

using noisy_batch::Block;
using noisy_batch::lanes;
using noisy_batch::OpenStep;
using noisy_batch::Program;
using noisy_batch::StatePlan;
using noisy_batch::Workspace;

namespace {

/// Sequences of steps as their common beginning and what follows it in each.
struct Shared {
  std::vector<OpenStep> common;
  std::vector<std::vector<OpenStep>> rests;
};

/// A step is common if all sequences have it at the same place, and none has another one before it on its
/// qubits.
Shared shared(std::vector<std::vector<OpenStep>> sequences, int qubits) {
  Shared made{{}, std::vector<std::vector<OpenStep>>(sequences.size())};
  std::vector<bool> apart(static_cast<std::size_t>(qubits));
  const auto together = [&](const OpenStep& step) {
    const auto acts_on = noisy_batch::qubits_of(step);
    return std::ranges::none_of(acts_on, [&](int q) { return apart[static_cast<std::size_t>(q)]; });
  };
  std::size_t longest = 0;
  for (const auto& sequence : sequences) longest = std::max(longest, sequence.size());
  for (std::size_t k = 0; k < longest; ++k) {
    const bool common = std::ranges::all_of(sequences, [&](const auto& sequence) {
      return k < sequence.size() && k < sequences[0].size() && together(sequence[k]) &&
             noisy_batch::alike(sequence[k], sequences[0][k]);
    });
    if (common) {
      made.common.push_back(std::move(sequences[0][k]));
      continue;
    }
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      if (k >= sequences[s].size()) continue;
      for (const int q : noisy_batch::qubits_of(sequences[s][k])) apart[static_cast<std::size_t>(q)] = true;
      made.rests[s].push_back(std::move(sequences[s][k]));
    }
  }
  return made;
}

std::vector<OpenStep> steps_of(const Circuit& circuit, const NoiseModel& noise) {
  return noisy_batch::steps_of(circuit, CircuitNoise(circuit, noise), 0, circuit.operations().size());
}

std::vector<std::vector<OpenStep>> steps_of(const std::vector<Circuit>& circuits, const NoiseModel& noise) {
  std::vector<std::vector<OpenStep>> all;
  for (const auto& circuit : circuits) all.push_back(steps_of(circuit, noise));
  return all;
}

}  // namespace

struct NoisyReadings::Implementation {
  Implementation(const Circuit& circuit, Shared parts)
      : features(circuit.features()),
        parameters(circuit.parameters()),
        common_steps(parts.common.size()),
        common(circuit.qubits(), std::move(parts.common), true) {
    for (auto& rest : parts.rests) {
      most_steps = std::max(most_steps, common_steps + rest.size());
      rests.emplace_back(circuit.qubits(), std::move(rest), false);
    }
  }

  int features, parameters;
  std::size_t common_steps, most_steps = 0;
  Program common;
  std::vector<Program> rests;  // by circuit
};

NoisyReadings::NoisyReadings(const std::vector<Circuit>& circuits, const NoiseModel& noise) {
  NoisyBatch::require_qubits(circuits.front().qubits());
  implementation_ = std::make_unique<Implementation>(
      circuits.front(), shared(steps_of(circuits, noise), circuits.front().qubits()));
}

NoisyReadings::~NoisyReadings() = default;
NoisyReadings::NoisyReadings(NoisyReadings&&) noexcept = default;
NoisyReadings& NoisyReadings::operator=(NoisyReadings&&) noexcept = default;

double NoisyReadings::common_share() const {
  const auto& made = *implementation_;
  return made.most_steps == 0 ? 1
                              : static_cast<double>(made.common_steps) / static_cast<double>(made.most_steps);
}

std::vector<Matrix<double>> NoisyReadings::probabilities(const Matrix<double>& features,
                                                         std::span<const double> parameters,
                                                         int threads) const {
  const auto& made = *implementation_;
  require_shapes(made.features, made.parameters, features, parameters);
  const int qubits = made.common.qubits;
  const auto size = std::size_t{1} << qubits;
  noisy_batch::require_memory(features.rows(), made.rests.size() * size);
  std::vector<Matrix<double>> all(made.rests.size(), Matrix<double>(features.rows(), size));
  std::vector<std::unique_ptr<Pool<Workspace>>> workspaces;
  for (const auto& rest : made.rests)
    workspaces.push_back(std::make_unique<Pool<Workspace>>(
        [&] { return std::make_unique<Workspace>(rest, StatePlan::of_values(), parameters); }));
  for_each_block(made.common, StatePlan::of_values(), features, parameters, threads, [&](const Block& block) {
    const double* begun = block.work.run();
    for (std::size_t r = 0; r < made.rests.size(); ++r)
      workspaces[r]->lend([&](Workspace& work) {
        work.bind(features, block.first, block.count);
        std::copy_n(begun, made.common.coefficients() * lanes, work.first_state());
        const double* state = work.run();
        for (std::size_t lane = 0; lane < block.count; ++lane)
          noisy_batch::write_chances(state, lane, qubits, all[r].row(block.first + lane));
      });
  });
  return all;
}

}  // namespace qupel
