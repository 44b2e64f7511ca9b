#include "qupel/engine/density/transfer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"

namespace qupel::density {
namespace {

// A window looks so many transfers ahead, so that long circuits are scheduled in linear time.
constexpr std::size_t look_ahead = 4096;

/// Exact zeros and ones where rounding left almost that: they cost nothing to apply.
Matrix<double> cleaned(Matrix<double> matrix) {
  for (double& value : matrix.values()) {
    const double nearest = std::round(value);
    if (std::abs(value - nearest) < 1e-15) value = nearest;
  }
  return matrix;
}

/// Joins what it is given with what waits for the same qubits.
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

/// Keeps the matrices of what comes again: operations without angles, and channels.
class Compiler {
 public:
  explicit Compiler(int qubits) : fusion_(qubits) {}

  void add(const Operation& operation) {
    const auto& spec = *operation.spec;
    if (spec.idle() || spec.classical()) return;
    if (!spec.gate()) {
      const auto make = [&] { return cleaned(transfer_matrix(kraus_operators(spec))); };
      fusion_.add({operation.qubits, known(&spec, 0, make)});
    } else if (operation.qubits.size() > 2) {
      for (const auto& part : parts(operation)) add(part);
    } else if (operation.angles.empty()) {
      fusion_.add({operation.qubits, known(operation.spec, 0, [&] { return matrix(operation); })});
    } else {
      fusion_.add({operation.qubits, matrix(operation)});
    }
  }
  void add(const NoiseStep& step) {
    const auto make = [&] { return cleaned(transfer_matrix(step.kraus())); };
    fusion_.add({step.qubits, known(step.channel, step.qubits.size(), make)});
  }
  std::vector<Transfer> take() { return fusion_.take(); }

 private:
  static Matrix<double> matrix(const Operation& operation) {
    const Matrix<Complex> unitary[] = {dense_matrix(operation)};
    return cleaned(transfer_matrix(unitary));
  }
  static std::vector<Operation> parts(const Operation& operation) {
    std::vector<double> angles;
    for (const auto& angle : operation.angles) angles.push_back(angle.value({}, {}));
    const auto circuit = decomposition(operation).bind({}, angles);
    std::vector<Operation> all(circuit.operations().begin(), circuit.operations().end());
    for (auto& part : all) {
      for (int& q : part.qubits) q = operation.qubits[static_cast<std::size_t>(q)];
    }
    return all;
  }
  template <class Make>
  const Matrix<double>& known(const void* record, std::size_t qubits, Make&& make) {
    const auto [at, added] = known_.try_emplace({record, qubits});
    if (added) at->second = make();
    return at->second;
  }

  Fusion fusion_;
  std::map<std::pair<const void*, std::size_t>, Matrix<double>> known_;
};

}  // namespace

std::vector<Transfer> transfers(const Circuit& circuit, const NoiseModel& noise) {
  circuit.require_unitary();
  return transfers(circuit.operations(), circuit.qubits(), noise);
}

std::vector<Transfer> transfers(std::span<const Operation> operations, int qubits, const NoiseModel& noise) {
  Compiler compiler(qubits);
  for (const auto& operation : operations) {
    compiler.add(operation);
    for (const auto& step : noise_after(operation, noise)) compiler.add(step);
  }
  return compiler.take();
}

std::vector<Transfer> noise_transfers(const Operation& operation, int qubits, const NoiseModel& noise) {
  Compiler compiler(qubits);
  for (const auto& step : noise_after(operation, noise)) compiler.add(step);
  return compiler.take();
}

std::size_t index_of(const PauliString& pauli) {
  std::size_t index = 0;
  for (const auto& [qubit, letter] : pauli.letters)
    index |= static_cast<std::size_t>(letter - 'X' + 1) << (2 * qubit);
  return index;
}

std::vector<Sweep> schedule(std::vector<Transfer> transfers, int qubits, int window) {
  std::vector<Sweep> sweeps;
  std::vector<bool> done(transfers.size());
  for (std::size_t first = 0; first < transfers.size();) {
    std::vector<bool> inside(static_cast<std::size_t>(qubits)), blocked(inside.size());
    int free = window;
    Sweep sweep;
    for (std::size_t i = first; i < std::min(transfers.size(), first + look_ahead); ++i) {
      if (done[i]) continue;
      const auto count = [&](const std::vector<bool>& set) {
        return static_cast<int>(std::ranges::count_if(
            transfers[i].qubits, [&](int q) { return set[static_cast<std::size_t>(q)]; }));
      };
      const int added = static_cast<int>(transfers[i].qubits.size()) - count(inside);
      done[i] = count(blocked) == 0 && added <= free;
      if (done[i]) free -= added;
      for (const int q : transfers[i].qubits)
        (done[i] ? inside : blocked)[static_cast<std::size_t>(q)] = true;
      if (done[i]) sweep.transfers.push_back(std::move(transfers[i]));
    }
    while (first < transfers.size() && done[first]) ++first;
    // The highest qubits fill the window up: the lowest ones are best left to the vectors.
    for (auto q = inside.size(); q-- > 0 && free > 0;) {
      if (!inside[q]) inside[q] = true, --free;
    }
    for (std::size_t q = 0; q < inside.size(); ++q) {
      if (inside[q]) sweep.window.push_back(static_cast<int>(q));
    }
    sweeps.push_back(std::move(sweep));
  }
  return sweeps;
}

}  // namespace qupel::density
