#include "qupel/engine/density/transfer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"
#include "qupel/engine/windows.h"

namespace qupel::density {
namespace {

/// Multiplies a transfer with the one before it, where both act on the same qubits and nothing lies between.
class Fusion {
 public:
  explicit Fusion(int qubits) : last_(static_cast<std::size_t>(qubits), none) {}

  void add(Transfer transfer) {
    const auto at = joinable(transfer.qubits);
    if (at == none) {
      for (const int q : transfer.qubits) last_[static_cast<std::size_t>(q)] = all_.size();
      all_.push_back(std::move(transfer));
    } else {
      all_[at].matrix = product(transfer.matrix, all_[at].matrix);
    }
  }
  std::vector<Transfer> take() { return std::move(all_); }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// The last transfer on all of these qubits, if it acts on no others.
  std::size_t joinable(const std::vector<int>& qubits) const {
    const auto at = last_[static_cast<std::size_t>(qubits.front())];
    if (at == none || all_[at].qubits != qubits) return none;
    const bool same =
        std::ranges::all_of(qubits, [&](int q) { return last_[static_cast<std::size_t>(q)] == at; });
    return same ? at : none;
  }

  std::vector<std::size_t> last_;  // by qubit: the last transfer on it
  std::vector<Transfer> all_;
};

/// Makes transfers of operations and channels. Matrices of what may come again are made once: of operations
/// without angles, and of channels.
class TransferBuilder {
 public:
  explicit TransferBuilder(int qubits) : fusion_(qubits) {}

  void add(const Operation& operation) {
    const auto& spec = *operation.spec;
    if (spec.idle() || spec.classical()) return;
    if (operation.qubits.size() > 2) {
      for (const auto& part : decomposed_in_place(operation)) add(part);
    } else if (operation.angles.empty()) {
      fusion_.add({operation.qubits, known(operation)});
    } else {
      fusion_.add({operation.qubits, matrix(operation)});
    }
  }
  void add(const NoiseStep& step) {
    const auto [at, added] =
        channels_.try_emplace({step.channel.spec, step.channel.parameters, step.qubits.size()});
    if (added) at->second = cleaned(transfer_matrix(step.kraus()));
    fusion_.add({step.qubits, at->second});
  }
  std::vector<Transfer> take() { return fusion_.take(); }

 private:
  static Matrix<double> matrix(const Operation& operation) {
    if (!operation.spec->gate()) return cleaned(transfer_matrix(kraus_operators(*operation.spec)));
    const Matrix<Complex> unitary[] = {dense_matrix(operation)};
    return cleaned(transfer_matrix(unitary));
  }
  const Matrix<double>& known(const Operation& operation) {
    const auto [at, added] = operations_.try_emplace(operation.spec);
    if (added) at->second = matrix(operation);
    return at->second;
  }

  Fusion fusion_;
  std::map<const OpSpec*, Matrix<double>> operations_;  // those without angles
  std::map<std::tuple<const ChannelSpec*, std::vector<double>, std::size_t>, Matrix<double>> channels_;
};

}  // namespace

std::vector<Transfer> transfers(const Circuit& circuit, const NoiseModel& noise) {
  circuit.require_unitary();
  return transfers(circuit, CircuitNoise(circuit, noise), 0, circuit.operations().size());
}

std::vector<Transfer> transfers(const Circuit& circuit, const CircuitNoise& noise, std::size_t first,
                                std::size_t end) {
  TransferBuilder builder(circuit.qubits());
  for (std::size_t k = first; k < end; ++k) {
    builder.add(circuit.operations()[k]);
    for (const auto& step : noise.steps_after(k)) builder.add(step);
  }
  return builder.take();
}

std::vector<Transfer> transfers(std::span<const NoiseStep> steps, int qubits) {
  TransferBuilder builder(qubits);
  for (const auto& step : steps) builder.add(step);
  return builder.take();
}

std::vector<Sweep> schedule(std::vector<Transfer> transfers, int qubits, int window) {
  std::vector<std::vector<int>> acts_on;
  for (const auto& transfer : transfers) acts_on.push_back(transfer.qubits);
  std::vector<Sweep> sweeps;
  for (auto& [inside, steps] : windows_of(acts_on, qubits, window, transfers.size())) {
    auto& sweep = sweeps.emplace_back(Sweep{std::move(inside), {}});
    for (const auto step : steps) sweep.transfers.push_back(std::move(transfers[step]));
  }
  return sweeps;
}

}  // namespace qupel::density
