#include "qupel/engine/density/density_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "qupel/base/error.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/density/state.h"
#include "qupel/engine/sampling.h"

namespace qupel {
namespace {

using density::padded;
using density::State;
using density::window_of;

template <class T>
State<T> final_state(const Circuit& circuit, const NoiseModel& noise, int threads) {
  State<T> state(circuit.qubits());
  density::Touched touched(static_cast<std::size_t>(padded(circuit.qubits())));
  state.apply(density::transfers(circuit, noise), touched, threads);
  return state;
}

}  // namespace

struct DensityMatrix::Implementation {
  template <typename T>
  explicit Implementation(State<T> of) : state(std::move(of)) {}

  double at(std::size_t index) const {
    return std::visit([&](const auto& each) { return each.at(index); }, state);
  }
  int qubits() const {
    return std::visit([](const auto& each) { return each.qubits(); }, state);
  }
  std::variant<State<float>, State<double>> state;
};

DensityMatrix::DensityMatrix(const Circuit& circuit, const NoiseModel& noise, Precision precision,
                             int threads) {
  circuit.require_bound();
  require_bytes(bytes(circuit.qubits(), precision),
                fmt::format("a density matrix of {} qubits", circuit.qubits()));
  implementation_ = precision == Precision::single
                        ? std::make_unique<Implementation>(final_state<float>(circuit, noise, threads))
                        : std::make_unique<Implementation>(final_state<double>(circuit, noise, threads));
}
DensityMatrix::~DensityMatrix() = default;
DensityMatrix::DensityMatrix(DensityMatrix&&) noexcept = default;
DensityMatrix& DensityMatrix::operator=(DensityMatrix&&) noexcept = default;

int DensityMatrix::qubits() const { return implementation_->qubits(); }

double DensityMatrix::expectation(const PauliString& pauli) const {
  return implementation_->at(pauli.index());
}

double DensityMatrix::expectation(const Observable& observable) const {
  return density::expectation(observable, [&](const PauliString& string) { return expectation(string); });
}

double DensityMatrix::variance(const Observable& observable) const {
  return density::variance(observable, [&](const PauliString& string) { return expectation(string); });
}

double DensityMatrix::purity() const {
  return std::visit(
      [](const auto& state) {
        double sum = 0;
        for (std::size_t i = 0; i < std::size_t{1} << (2 * state.qubits()); ++i)
          sum += state.at(i) * state.at(i);
        return std::ldexp(sum, -state.qubits());
      },
      implementation_->state);
}

std::vector<double> DensityMatrix::probabilities() const {
  return std::visit([](const auto& state) { return state.probabilities(); }, implementation_->state);
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> DensityMatrix::counts(std::uint64_t shots,
                                                                           std::uint64_t seed,
                                                                           int threads) const {
  return draw_counts(probabilities(), shots, seed, threads);
}

Matrix<Complex> DensityMatrix::matrix() const {
  const int n = qubits();
  const std::size_t size = std::size_t{1} << n;
  require_bytes(16.0 * static_cast<double>(size) * static_cast<double>(size), "the complex density matrix");
  // Digit q holds the letter of qubit q, then row bit + 2 column bit.
  std::vector<Complex> all(size * size);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = implementation_->at(i);
  const Complex i{0, 1};
  for (int q = 0; q < n; ++q) {
    const std::size_t stride = std::size_t{1} << (2 * q);
    for (std::size_t at = 0; at < all.size(); ++at) {
      if (((at / stride) & 3) != 0) continue;
      const Complex one = all[at], x = all[at + stride], y = all[at + 2 * stride], z = all[at + 3 * stride];
      all[at] = (one + z) / 2.0;
      all[at + stride] = (x + i * y) / 2.0;      // row 1, column 0
      all[at + 2 * stride] = (x - i * y) / 2.0;  // row 0, column 1
      all[at + 3 * stride] = (one - z) / 2.0;
    }
  }
  Matrix<Complex> result(size, size);
  for (std::size_t at = 0; at < all.size(); ++at) {
    std::size_t row = 0, column = 0;
    for (int q = 0; q < n; ++q) {
      row |= ((at >> (2 * q)) & 1) << q;
      column |= ((at >> (2 * q + 1)) & 1) << q;
    }
    result(row, column) = all[at];
  }
  return result;
}

double DensityMatrix::bytes(int qubits, Precision precision) {
  return std::ldexp(precision == Precision::single ? 4 : 8, 2 * padded(qubits));
}

DensityMatrix::Plan DensityMatrix::plan(const Circuit& circuit, const NoiseModel& noise) {
  auto transfers = density::transfers(circuit, noise);
  Plan plan;
  plan.transfers = static_cast<int>(transfers.size());
  for (const auto& transfer : transfers) {
    const auto entries = transfer.matrix.values();
    plan.work += static_cast<double>(std::ranges::count_if(entries, [](double e) { return e != 0; })) /
                 static_cast<double>(transfer.matrix.rows());
  }
  const int qubits = circuit.qubits();
  plan.work *= std::ldexp(1.0, 2 * padded(qubits));
  plan.sweeps =
      static_cast<int>(density::schedule(std::move(transfers), padded(qubits), window_of(qubits)).size());
  return plan;
}

}  // namespace qupel
