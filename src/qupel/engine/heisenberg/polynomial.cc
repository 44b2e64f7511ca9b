#include "qupel/engine/heisenberg/polynomial.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/heisenberg/pauli_table.h"

namespace qupel::heisenberg {
namespace {

using statevector::Binding;
using statevector::Call;
using statevector::Program;
using statevector::Role;
using statevector::Workspace;

// A table of all strings takes 4^qubits numbers.
constexpr int most_qubits = 12;
// Monomials of the variables that are not nested: three or four of them, for which the first-level cache
// has room.
constexpr std::size_t most_low_size = 81;
// By measurement (expectations in batch/batch.perf.cc): nanoseconds in single precision with AVX-512.
// Only ratios matter.
constexpr double setup = 20e3, per_string = 0.13, per_term = 0.022, per_multiply_add = 0.03;

// Which of a qubit's expectation values of X, Y and Z are zero for all samples, while product gates act.
class Letters {
 public:
  void rotate(bool phase, double angle) {
    const std::size_t from = phase ? 0 : 2, to = phase ? 1 : 0;
    const double old = value_[from], c = std::cos(angle), s = std::sin(angle);
    value_[from] = c * old - s * value_[to];
    value_[to] = s * old + c * value_[to];
    if (differ_) mix(from, to);
  }
  // By angles that differ between samples.
  void vary(bool phase) {
    if (!std::exchange(differ_, true)) {
      for (std::size_t k = 0; k < 3; ++k) nonzero_[k] = std::abs(value_[k]) > 1e-15;
    }
    mix(phase ? 0 : 2, phase ? 1 : 0);
  }
  std::vector<char> nonzero() const {
    std::vector<char> letters;
    for (std::size_t k = 0; k < 3; ++k) {
      if (nonzero_[k]) letters.push_back("XYZ"[k]);
    }
    return letters;
  }

 private:
  void mix(std::size_t a, std::size_t b) { nonzero_[a] = nonzero_[b] = nonzero_[a] || nonzero_[b]; }

  std::array<double, 3> value_{0, 0, 1};
  std::array<bool, 3> nonzero_{};
  bool differ_ = false;
};

Mask string_of(char letter, int qubit) {
  const auto word = PauliString{{qubit, letter}}.word();
  return string(word.x, word.z);
}

// The rotations behind the product states, backward. The first rotations on a qubit are its product gates.
std::vector<Conjugation> conjugations(const Program& program, const Inputs& inputs,
                                      std::span<const double> parameters) {
  std::vector<std::size_t> skipped(static_cast<std::size_t>(program.qubits));
  for (const auto& factor : inputs.factors) skipped[static_cast<std::size_t>(factor.qubit)] = factor.gates;
  std::vector<Conjugation> result;
  for (const auto& rotation : program.rotations) {
    const Mask bits = rotation.x | rotation.z;
    if (bits == 0) continue;
    auto& left = skipped[static_cast<std::size_t>(std::countr_zero(bits))];
    if (std::has_single_bit(bits) && left > 0) {
      --left;
    } else {
      result.push_back({string(rotation.x, rotation.z), rotation.angle.uniform_part(parameters)});
    }
  }
  std::ranges::reverse(result);
  return result;
}

// An observable taken back to the product states, as coefficients of letters there.
template <class T>
AlignedVector<T> coefficients(const Program& program, int observable,
                              std::span<const Conjugation> conjugations, const Terms& terms,
                              std::span<const Mask> constant, int threads) {
  PauliTable<T> table(program.qubits);
  for (const auto& measurement : program.measurements) {
    for (const auto& term : measurement.terms) {
      if (term.observable == observable)
        table.add(string(measurement.x, measurement.masks[static_cast<std::size_t>(term.mask)]),
                  term.amplitude);
    }
  }
  table.conjugate(conjugations, threads);
  AlignedVector<T> result;
  result.reserve(terms.strings.size());
  for (const Mask letters : terms.strings) {
    double sum = 0;
    for (const Mask rest : constant) sum += table[letters | rest];
    const int y = std::popcount(letters & letters >> 1 & x_bits);
    result.push_back(static_cast<T>((y & 2) == 0 ? sum : -sum));
  }
  return result;
}

// Products of Z on the qubits that are |0> in every sample.
std::vector<Mask> constant_strings(const Program& program, const Inputs& inputs) {
  std::vector<Mask> letters;
  for (int q = 0; q < program.qubits; ++q) {
    if (std::ranges::find(inputs.factors, q, &Factor::qubit) == inputs.factors.end())
      letters.push_back(string_of('Z', q));
  }
  return rotations::sums(letters);
}

}  // namespace

std::optional<Inputs> Inputs::of(const Program& program, std::span<const double> parameters) {
  const auto& layers = program.layers;
  for (const auto& use : layers.angles) {
    if (use.role != Role::product && use.angle.varies()) return {};
  }
  std::vector<Factor> factors;
  for (int q = 0; q < program.qubits; ++q) {
    Factor factor{q, 0, {}};
    Letters letters;
    const auto& gates = layers.product[static_cast<std::size_t>(q)];
    const auto angle = [&](const auto& gate) -> const auto& {
      return layers.angles[static_cast<std::size_t>(gate.angle)].angle;
    };
    for (std::size_t g = 0; g < gates.size(); ++g) {
      if (angle(gates[g]).varies()) factor.gates = g + 1;
    }
    for (const auto& gate : std::span(gates).first(factor.gates)) {
      angle(gate).varies() ? letters.vary(gate.phase)
                           : letters.rotate(gate.phase, angle(gate).uniform_part(parameters));
    }
    factor.letters = letters.nonzero();
    if (factor.gates > 0) factors.push_back(std::move(factor));
  }
  return Inputs{std::move(factors)};
}

std::size_t Inputs::letters() const {
  std::size_t sum = 0;
  for (const auto& factor : factors) sum += factor.letters.size();
  return sum;
}

std::size_t Inputs::terms() const {
  std::size_t count = 1;
  for (const auto& factor : factors) count *= factor.letters.size() + 1;
  return count;
}

Terms::Terms(const Inputs& inputs) : strings{0} {
  std::size_t letters = 0;
  for (const auto& factor : inputs.factors) {
    const std::size_t size = strings.size();
    variables.push_back({factor.letters.size(), letters, size});
    letters += factor.letters.size();
    for (const char letter : factor.letters) {
      for (std::size_t k = 0; k < size; ++k) strings.push_back(strings[k] | string_of(letter, factor.qubit));
    }
  }
  for (; 2 * low < variables.size() && low_size * (variables[low].letters + 1) <= most_low_size; ++low)
    low_size *= variables[low].letters + 1;
}

bool pays(const Program& program, const Inputs& inputs, std::size_t samples) {
  if (program.qubits > most_qubits) return false;
  const double observables = static_cast<double>(program.observable_count),
               count = static_cast<double>(samples);
  const double once = setup + per_string * static_cast<double>(program.rotations.size()) *
                                  std::ldexp(1.0, 2 * program.qubits);
  const double each = per_term * static_cast<double>(inputs.terms());
  return observables * (once + count * each) <
         count * per_multiply_add * statevector::multiply_adds(program.layers);
}

template <class T>
Matrix<double> expectations(const Program& program, const Inputs& inputs, const Matrix<double>& features,
                            std::span<const double> parameters, int threads) {
  const auto& kernels = heisenberg::kernels<T>();
  const std::size_t samples = features.rows(), group = group_vectors * kernels.lanes;
  const Terms terms(inputs);
  const auto back = conjugations(program, inputs, parameters);
  const auto constant = constant_strings(program, inputs);
  std::vector<AlignedVector<T>> observables;
  for (std::size_t o = 0; o < program.observable_count; ++o)
    observables.push_back(coefficients<T>(program, static_cast<int>(o), back, terms, constant, threads));

  const Binding<T> binding(program, parameters);
  const Call<T> call{program, program.plans(kernels.lanes * sizeof(T)), binding, features, parameters};
  struct Mine {
    Workspace<T> work;
    AlignedVector<T> letters, monomials, values;
  };
  Pool<Mine> pool([&] {
    return std::make_unique<Mine>(Mine{Workspace<T>(program, binding, kernels.lanes, false),
                                       AlignedVector<T>(group * inputs.letters()),
                                       AlignedVector<T>(group * terms.low_size), AlignedVector<T>(group)});
  });
  Matrix<double> result(samples, program.observable_count);
  const std::size_t chunk = group * std::max<std::size_t>(1, 4096 / terms.strings.size());
  parallel_for((samples + chunk - 1) / chunk, threads, [&](std::size_t c) {
    pool.lend([&](Mine& mine) {
      for (std::size_t first = c * chunk; first < std::min(samples, (c + 1) * chunk); first += group) {
        const std::size_t count = std::min(group, samples - first);
        kernels.letters(call, mine.work, inputs, first, count, mine.letters.data());
        for (std::size_t o = 0; o < program.observable_count; ++o) {
          kernels.evaluate(terms, observables[o].data(), mine.letters.data(), mine.monomials.data(),
                           mine.values.data());
          for (std::size_t i = 0; i < count; ++i)
            result(first + i, o) = program.constants[o] + static_cast<double>(mine.values[i]);
        }
      }
    });
  });
  return result;
}

template Matrix<double> expectations<float>(const Program&, const Inputs&, const Matrix<double>&,
                                            std::span<const double>, int);
template Matrix<double> expectations<double>(const Program&, const Inputs&, const Matrix<double>&,
                                             std::span<const double>, int);

}  // namespace qupel::heisenberg
