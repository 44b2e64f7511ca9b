#include "qupel/engine/statevector/batch.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

using Vector = std::vector<Complex>;

std::size_t local_index(std::size_t index, std::span<const int> qubits) {
  std::size_t bits = 0;
  for (std::size_t k = 0; k < qubits.size(); ++k) bits |= ((index >> qubits[k]) & 1) << k;
  return bits;
}

Vector act(const Matrix<Complex>& matrix, std::span<const int> qubits, const Vector& state, bool adjoint) {
  std::size_t mask = 0;
  for (const int q : qubits) mask |= std::size_t{1} << q;
  Vector result(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) {
    const auto row = local_index(i, qubits);
    for (std::size_t c = 0; c < matrix.columns(); ++c) {
      std::size_t from = i & ~mask;
      for (std::size_t k = 0; k < qubits.size(); ++k) from |= ((c >> k) & 1) << qubits[k];
      result[i] += (adjoint ? std::conj(matrix(c, row)) : matrix(row, c)) * state[from];
    }
  }
  return result;
}

Matrix<Complex> matrix_of(const Operation& op, std::span<const double> angles) {
  return op.spec->matrix ? full_matrix(*op.spec, angles) : pauli_rotation_matrix(op.letters(), angles[0]);
}

Matrix<Complex> derivative_of(const Operation& op, std::span<const double> angles, int k) {
  if (!op.spec->matrix) {
    auto d = pauli_rotation_matrix(op.letters(), angles[0] + std::numbers::pi);
    for (auto& v : d.values()) v *= 0.5;
    return d;
  }
  const auto inner = derivative(*op.spec, angles, k);
  const std::size_t size = std::size_t{1} << op.qubits.size();
  const std::size_t controls = static_cast<std::size_t>(op.spec->controls);
  const std::size_t on = (std::size_t{1} << controls) - 1;
  Matrix<Complex> full(size, size);
  for (std::size_t r = 0; r < inner.rows(); ++r)
    for (std::size_t c = 0; c < inner.columns(); ++c) full((r << controls) | on, (c << controls) | on) = inner(r, c);
  return full;
}

Vector act(const Observable& observable, const Vector& state) {
  Vector result(state.size());
  for (const auto& term : observable.terms) {
    for (std::size_t i = 0; i < state.size(); ++i) {
      std::size_t to = i;
      Complex phase = term.weight;
      for (const auto& [q, letter] : term.pauli.letters) {
        const bool one = (i >> q) & 1;
        if (letter != 'Z') to ^= std::size_t{1} << q;
        if (letter == 'Z' && one) phase = -phase;
        if (letter == 'Y') phase *= one ? Complex(0, -1) : Complex(0, 1);
      }
      result[to] += phase * state[i];
    }
  }
  return result;
}

double overlap(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (std::conj(a[i]) * b[i]).real();
  return sum;
}

}  // namespace

std::vector<std::string> instruction_sets() { return {"SCALAR"}; }
void force_instruction_set(std::string_view) {}

struct BatchProgram::Implementation {
  Circuit circuit;
  std::vector<Observable> observables;
  Precision precision;
};

BatchProgram::BatchProgram(const Circuit& circuit, std::vector<Observable> observables, Precision precision)
    : implementation_(new Implementation{circuit, std::move(observables), precision}) {}
BatchProgram::~BatchProgram() = default;
BatchProgram::BatchProgram(BatchProgram&&) noexcept = default;
BatchProgram& BatchProgram::operator=(BatchProgram&&) noexcept = default;
const Circuit& BatchProgram::circuit() const { return implementation_->circuit; }
std::span<const Observable> BatchProgram::observables() const { return implementation_->observables; }
Precision BatchProgram::precision() const { return implementation_->precision; }

Matrix<double> BatchProgram::expectations(const Matrix<double>& features, std::span<const double> parameters,
                                          int) const {
  Matrix<double> values(features.rows(), observables().size());
  for (std::size_t i = 0; i < features.rows(); ++i) {
    const auto state = dense_state(circuit(), features.row(i), parameters);
    for (std::size_t o = 0; o < values.columns(); ++o) values(i, o) = dense_expectation(observables()[o], state);
  }
  return values;
}

BatchGradient BatchProgram::gradient(const Matrix<double>& features, std::span<const double> parameters,
                                     const Cotangent& cotangent, bool feature_gradient, int threads) const {
  BatchGradient g{expectations(features, parameters, threads), std::vector<double>(parameters.size()),
                  Matrix<double>(feature_gradient ? features.rows() : 0, features.columns())};
  Matrix<double> derivatives(g.values.rows(), g.values.columns());
  cotangent(0, g.values, derivatives);
  const auto ops = circuit().operations();
  for (std::size_t i = 0; i < features.rows(); ++i) {
    auto state = dense_state(circuit(), features.row(i), parameters);
    Vector lambda(state.size());
    for (std::size_t o = 0; o < observables().size(); ++o) {
      const auto image = act(observables()[o], state);
      for (std::size_t s = 0; s < state.size(); ++s) lambda[s] += derivatives(i, o) * image[s];
    }
    for (std::size_t k = ops.size(); k-- > 0;) {
      std::vector<double> angles;
      for (const auto& a : ops[k].angles) angles.push_back(a.value(features.row(i), parameters));
      const auto matrix = matrix_of(ops[k], angles);
      state = act(matrix, ops[k].qubits, state, true);
      for (std::size_t a = 0; a < angles.size(); ++a) {
        const auto& angle = ops[k].angles[a];
        if (angle.slot.kind == Slot::Kind::none) continue;
        const auto moved = act(derivative_of(ops[k], angles, static_cast<int>(a)), ops[k].qubits, state, false);
        const double d = 2 * angle.scale * overlap(lambda, moved);
        const auto index = static_cast<std::size_t>(angle.slot.index);
        if (angle.slot.kind == Slot::Kind::parameter) g.parameters[index] += d;
        else if (feature_gradient) g.features(i, index) += d;
      }
      lambda = act(matrix, ops[k].qubits, lambda, true);
    }
  }
  return g;
}

Matrix<Complex> BatchProgram::states(const Matrix<double>& features, std::span<const double> parameters, int) const {
  Matrix<Complex> result(features.rows(), std::size_t{1} << circuit().qubits());
  for (std::size_t i = 0; i < features.rows(); ++i) {
    const auto state = dense_state(circuit(), features.row(i), parameters);
    std::copy(state.begin(), state.end(), result.row(i).begin());
  }
  return result;
}

Matrix<double> BatchProgram::probabilities(const Matrix<double>& features, std::span<const double> parameters,
                                           int threads) const {
  const auto psi = states(features, parameters, threads);
  Matrix<double> p(psi.rows(), psi.columns());
  std::transform(psi.values().begin(), psi.values().end(), p.data(), [](Complex a) { return std::norm(a); });
  return p;
}

StateSet BatchProgram::prepare(const Matrix<double>& features, std::span<const double> parameters, int threads) const {
  const auto psi = states(features, parameters, threads);
  StateSet set;
  set.samples_ = psi.rows();
  set.qubits_ = circuit().qubits();
  set.precision_ = precision();
  for (const auto a : psi.values()) set.double__.insert(set.double__.end(), {a.real(), a.imag()});
  return set;
}

Matrix<double> fidelities(const StateSet& a, const StateSet& b, int) {
  const std::size_t size = std::size_t{1} << a.qubits_;
  Matrix<double> result(a.samples_, b.samples_);
  const auto* x = reinterpret_cast<const Complex*>(a.double__.data());
  const auto* y = reinterpret_cast<const Complex*>(b.double__.data());
  for (std::size_t i = 0; i < a.samples_; ++i)
    for (std::size_t j = 0; j < b.samples_; ++j) {
      Complex sum = 0;
      for (std::size_t s = 0; s < size; ++s) sum += std::conj(x[i * size + s]) * y[j * size + s];
      result(i, j) = std::norm(sum);
    }
  return result;
}

Matrix<std::uint64_t> BatchProgram::sample(const Matrix<double>& features, std::span<const double> parameters,
                                           std::size_t shots, std::uint64_t seed, int threads) const {
  const auto p = probabilities(features, parameters, threads);
  Matrix<std::uint64_t> drawn(p.rows(), shots);
  for (std::size_t i = 0; i < p.rows(); ++i) {
    Random random(derive(seed, {i}));
    for (auto& d : drawn.row(i)) {
      double u = random.uniform();
      while (d + 1 < p.columns() && (u -= p(i, d)) >= 0) ++d;
    }
  }
  return drawn;
}

Matrix<double> BatchProgram::estimate(const Matrix<double>& features, std::span<const double> parameters,
                                      std::size_t shots, std::uint64_t seed, int threads) const {
  auto values = expectations(features, parameters, threads);
  for (std::size_t i = 0; i < values.rows(); ++i) {
    Random random(derive(seed, {i}));
    for (auto& v : values.row(i)) {
      double sum = 0;
      for (std::size_t s = 0; s < shots; ++s) sum += random.uniform() < (1 + v) / 2 ? 1 : -1;
      v = sum / static_cast<double>(shots);
    }
  }
  return values;
}

}  // namespace qupel
