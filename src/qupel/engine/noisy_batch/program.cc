#include "qupel/engine/noisy_batch/program.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>
#include <utility>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"

namespace qupel::noisy_batch {
namespace {

using std::numbers::pi;

// A constant matrix on one qubit joins a step on two qubits if that costs no more entries than this: to apply
// it alone would read and write all coefficients once more.
constexpr std::size_t most_added_entries = 16;

/// Exact zeros and ones where rounding left almost that: zeros cost nothing to apply.
Matrix<double> cleaned(Matrix<double> matrix) {
  for (double& value : matrix.values()) {
    const double nearest = std::round(value);
    if (std::abs(value - nearest) < 1e-15) value = nearest;
  }
  return matrix;
}

Matrix<double> transfer(const Operation& operation) {
  const Matrix<Complex> unitary[] = {dense_matrix(operation)};
  return cleaned(transfer_matrix(unitary));
}

bool bound(const Operation& operation) {
  return std::ranges::all_of(operation.angles,
                             [](const Angle& angle) { return angle.slot.kind == Slot::Kind::none; });
}

Matrix<double> combination(double a, const Matrix<double>& x, double b, const Matrix<double>& y) {
  Matrix<double> sum(x.rows(), x.columns());
  for (std::size_t i = 0; i < sum.values().size(); ++i)
    sum.values()[i] = a * x.values()[i] + b * y.values()[i];
  return cleaned(sum);
}

LocalRows local_rows(const Matrix<double>& matrix) {
  LocalRows rows;
  std::copy_n(matrix.row(1).begin(), rows.size(), rows.begin());
  return rows;
}

/// A factor while the circuit is read: 4 x 4 matrices, the parts of cosine and sine with a row I of zeros.
struct OpenFactor {
  Matrix<double> constant, cosine, sine;
  int angle = -1;

  void follow_by(const Matrix<double>& matrix) {
    constant = product(matrix, constant);
    if (angle < 0) return;
    cosine = product(matrix, cosine);
    sine = product(matrix, sine);
  }
  void precede_by(const Matrix<double>& matrix) {
    constant = product(constant, matrix);
    cosine = product(cosine, matrix);
    sine = product(sine, matrix);
  }
  bool unital() const {
    return std::ranges::all_of(std::array{1, 2, 3}, [&](int row) {
      const auto r = static_cast<std::size_t>(row);
      return constant(r, 0) == 0 && (angle < 0 || (cosine(r, 0) == 0 && sine(r, 0) == 0));
    });
  }
  Factor made() const {
    if (angle < 0) return {local_rows(constant), {}, {}, -1};
    return {local_rows(constant), local_rows(cosine), local_rows(sine), angle};
  }
};

SparseRows sparse(const Matrix<double>& matrix, bool transposed) {
  SparseRows result;
  for (std::size_t row = 0; row < 16; ++row) {
    for (std::size_t column = 0; column < 16; ++column) {
      const double value = transposed ? matrix(column, row) : matrix(row, column);
      if (value != 0) result.rows[row].push_back({column, value});
    }
  }
  return result;
}

std::size_t entries(const Matrix<double>& matrix) {
  return matrix.values().size() - static_cast<std::size_t>(std::ranges::count(matrix.values(), 0.0));
}

/// The same matrix with its two digits exchanged.
Matrix<double> exchanged(const Matrix<double>& matrix) {
  const auto other = [](std::size_t index) { return index / 4 + 4 * (index % 4); };
  Matrix<double> result(16, 16);
  for (std::size_t row = 0; row < 16; ++row)
    for (std::size_t column = 0; column < 16; ++column)
      result(other(row), other(column)) = matrix(row, column);
  return result;
}

/// The matrix on one digit of two, the lower one or the higher.
Matrix<double> widened(const Matrix<double>& matrix, bool lower) {
  Matrix<double> result(16, 16);
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      for (std::size_t other = 0; other < 4; ++other)
        (lower ? result(row + 4 * other, column + 4 * other) : result(other + 4 * row, other + 4 * column)) =
            matrix(row, column);
  return result;
}

class Compiler {
 public:
  explicit Compiler(Program& program)
      : program_(program),
        pending_(static_cast<std::size_t>(program.qubits)),
        last_(static_cast<std::size_t>(program.qubits), none) {}

  void add(const Operation& operation) {
    if (operation.spec->idle()) return;
    const auto size = operation.qubits.size();
    const bool rotation = operation.spec->structure == Structure::pauli_rotation;
    if (size <= 2 && bound(operation)) {
      add_constant(operation.qubits, operation.angles.empty() ? known(operation) : transfer(operation));
    } else if (size == 1 && operation.angles.size() == 1) {
      add_turn(operation);
    } else if (rotation) {
      add_rotation(operation);
    } else {
      for (const auto& part : parts(operation)) add(part);
    }
  }

  void add(const NoiseStep& step) {
    const auto [at, added] =
        channels_.try_emplace({step.channel.spec, step.channel.parameters, step.qubits.size()});
    if (added) at->second = cleaned(transfer_matrix(step.kraus()));
    add_constant(step.qubits, at->second);
  }

  void finish() {
    for (std::size_t q = 0; q < pending_.size(); ++q) flush(static_cast<int>(q));
    for (auto& step : program_.steps) {
      if (auto* pair = std::get_if<Pair>(&step)) {
        pair->forward = sparse(pair->matrix, false);
        pair->transposed = sparse(pair->matrix, true);
      }
    }
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void add_constant(const std::vector<int>& qubits, const Matrix<double>& matrix) {
    if (qubits.size() == 1) {
      auto& factors = pending_[static_cast<std::size_t>(qubits[0])];
      if (factors.empty())
        factors.push_back({matrix, {}, {}, -1});
      else
        factors.back().follow_by(matrix);
    } else if (qubits[0] < qubits[1]) {
      add_pair(qubits[0], qubits[1], matrix);
    } else {
      add_pair(qubits[1], qubits[0], exchanged(matrix));
    }
  }

  void add_pair(int low, int high, const Matrix<double>& matrix) {
    flush(low);
    flush(high);
    const auto before = last_[static_cast<std::size_t>(low)];
    if (before != none && before == last_[static_cast<std::size_t>(high)]) {
      auto* pair = std::get_if<Pair>(&program_.steps[before]);
      if (pair != nullptr) {
        pair->matrix = product(matrix, pair->matrix);
        return;
      }
    }
    last_[static_cast<std::size_t>(low)] = last_[static_cast<std::size_t>(high)] = program_.steps.size();
    program_.steps.emplace_back(Pair{low, high, matrix, {}, {}});
  }

  /// A gate on one qubit with one angle, of which expectation values have the frequency 1: three angles tell
  /// its matrix.
  void add_turn(const Operation& operation) {
    const auto at = [&](double angle) {
      auto turned = operation;
      turned.angles = {angle};
      return transfer(turned);
    };
    const auto zero = at(0), half = at(pi);
    OpenFactor factor{combination(0.5, zero, 0.5, half),
                      combination(0.5, zero, -0.5, half),
                      {},
                      number(operation.angles[0])};
    factor.sine = combination(1, at(pi / 2), -1, factor.constant);
    auto& factors = pending_[static_cast<std::size_t>(operation.qubits[0])];
    if (!factors.empty() && factors.back().angle < 0) {
      factor.precede_by(factors.back().constant);
      factors.pop_back();
    }
    factors.push_back(std::move(factor));
  }

  void add_rotation(const Operation& operation) {
    for (const int q : operation.qubits) {
      flush(q);
      last_[static_cast<std::size_t>(q)] = program_.steps.size();
    }
    const PauliString pauli(operation.letters(), operation.qubits);
    program_.steps.emplace_back(Rotation{pauli.index(), number(operation.angles[0])});
  }

  void flush(int qubit) {
    auto& factors = pending_[static_cast<std::size_t>(qubit)];
    if (factors.empty()) return;
    const bool constant = factors.size() == 1 && factors[0].angle < 0;
    if (!constant || !joined(qubit, factors[0].constant)) {
      Run run{qubit, {}, true, program_.matrices};
      for (const auto& factor : factors) {
        run.factors.push_back(factor.made());
        run.unital = run.unital && factor.unital();
      }
      program_.matrices += factors.size();
      last_[static_cast<std::size_t>(qubit)] = program_.steps.size();
      program_.steps.emplace_back(std::move(run));
    }
    factors.clear();
  }

  /// Whether the matrix became part of the last step on its qubit.
  bool joined(int qubit, const Matrix<double>& matrix) {
    if (matrix == transfer_identity()) return true;
    const auto before = last_[static_cast<std::size_t>(qubit)];
    if (before == none) return false;
    auto* pair = std::get_if<Pair>(&program_.steps[before]);
    if (pair == nullptr) return false;
    auto both = product(widened(matrix, qubit == pair->low), pair->matrix);
    if (entries(both) > entries(pair->matrix) + most_added_entries) return false;
    pair->matrix = std::move(both);
    return true;
  }

  static const Matrix<double>& transfer_identity() {
    static const Matrix<double> one = [] {
      Matrix<double> made(4, 4);
      for (std::size_t i = 0; i < 4; ++i) made(i, i) = 1;
      return made;
    }();
    return one;
  }

  int number(const Angle& angle) {
    const auto found = std::ranges::find(program_.angles, angle);
    if (found == program_.angles.end()) {
      program_.angles.push_back(angle);
      return static_cast<int>(program_.angles.size()) - 1;
    }
    return static_cast<int>(found - program_.angles.begin());
  }

  /// A decomposition whose angles are those of the operation.
  static std::vector<Operation> parts(const Operation& operation) {
    const auto circuit = decomposition(operation);
    std::vector<Operation> all(circuit.operations().begin(), circuit.operations().end());
    for (auto& part : all) {
      for (int& q : part.qubits) q = operation.qubits[static_cast<std::size_t>(q)];
      for (auto& angle : part.angles) {
        if (angle.slot.kind == Slot::Kind::none) continue;
        const auto& from = operation.angles[static_cast<std::size_t>(angle.slot.index)];
        angle = {angle.scale * from.scale, from.slot, angle.scale * from.offset + angle.offset};
      }
    }
    return all;
  }

  const Matrix<double>& known(const Operation& operation) {
    const auto [at, added] = operations_.try_emplace(operation.spec);
    if (added) at->second = transfer(operation);
    return at->second;
  }

  Program& program_;
  std::vector<std::vector<OpenFactor>> pending_;        // by qubit: since its last step
  std::vector<std::size_t> last_;                       // by qubit: the last step on it
  std::map<const OpSpec*, Matrix<double>> operations_;  // those without angles
  std::map<std::tuple<const ChannelSpec*, std::vector<double>, std::size_t>, Matrix<double>> channels_;
};

}  // namespace

Program::Program(const Circuit& circuit, const CircuitNoise& noise, std::size_t first, std::size_t end)
    : qubits(circuit.qubits()) {
  circuit.require_unitary();
  Compiler compiler(*this);
  for (std::size_t k = first; k < end; ++k) {
    compiler.add(circuit.operations()[k]);
    for (const auto& step : noise.steps_after(k)) compiler.add(step);
  }
  compiler.finish();
}

PauliSigns::PauliSigns(std::uint64_t pauli) {
  constexpr std::uint64_t even = 0x5555555555555555;
  x_ = (pauli ^ (pauli >> 1)) & even;
  z_ = (pauli >> 1) & even;
  turned_ = z_ | (z_ ^ x_) << 1;
  support_ = x_ | z_;
  before_ = 0;
  for (int q = 0; q < 32; ++q) {
    const auto letter = pauli >> (2 * q) & 3;
    if (letter != 0) before_ |= (letter == 1 ? 3 : letter - 1) << (2 * q);
  }
}

}  // namespace qupel::noisy_batch
