#include "qupel/engine/noisy_batch/program.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>
#include <utility>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"
#include "qupel/engine/windows.h"

namespace qupel::noisy_batch {
namespace {

using std::numbers::pi;

// A constant matrix on one qubit joins a step on two qubits if that costs no more entries than this: to apply
// it alone would read and write all coefficients once more.
constexpr std::size_t most_added_entries = 16;

// A tile of four qubits takes 16 KiB, and two fit a first-level cache.
constexpr int largest_window = 4;
// A gradient holds the tiles between the steps of a window: 1 MiB, a second-level cache.
constexpr std::size_t most_steps = 64;

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

/// A step while the circuit is read.
struct OpenRun {
  int qubit;
  std::vector<OpenFactor> factors;
};
struct OpenPair {
  int low, high;
  Matrix<double> matrix;
};
struct OpenRotation {
  PauliString pauli;
  int angle;
};
using OpenStep = std::variant<OpenRun, OpenPair, OpenRotation>;

std::vector<int> qubits_of(const OpenStep& step) {
  if (const auto* run = std::get_if<OpenRun>(&step)) return {run->qubit};
  if (const auto* pair = std::get_if<OpenPair>(&step)) return {pair->low, pair->high};
  std::vector<int> qubits;
  for (const auto& [qubit, letter] : std::get<OpenRotation>(step).pauli.letters()) qubits.push_back(qubit);
  return qubits;
}

/// All indices whose digits of other qubits are 0, ascending.
std::vector<std::size_t> indices_on(const std::vector<int>& qubits) {
  std::vector<std::size_t> indices{0};
  for (const int q : qubits) {
    const auto size = indices.size();
    for (std::size_t digit = 1; digit < 4; ++digit)
      for (std::size_t k = 0; k < size; ++k) indices.push_back(indices[k] + (digit << (2 * q)));
  }
  return indices;
}

std::vector<int> others(const std::vector<int>& qubits, int all) {
  std::vector<int> result;
  for (int q = 0; q < all; ++q)
    if (!std::ranges::binary_search(qubits, q)) result.push_back(q);
  return result;
}

/// @param qubits of the matrix, ascending
SparseRows sparse(const Matrix<double>& matrix, const std::vector<int>& qubits, bool transposed) {
  const auto places = indices_on(qubits);
  SparseRows result;
  for (std::size_t row = 0; row < 16; ++row) {
    result.rows[row].to = places[row];
    for (std::size_t column = 0; column < 16; ++column) {
      const double value = transposed ? matrix(column, row) : matrix(row, column);
      if (value != 0) result.rows[row].entries.push_back({places[column], value});
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
  Compiler(int qubits, std::vector<Angle>& angles)
      : angles_(angles),
        pending_(static_cast<std::size_t>(qubits)),
        last_(static_cast<std::size_t>(qubits), none) {}

  void add(const Operation& operation) {
    if (operation.spec->idle()) return;
    const auto size = operation.qubits.size();
    const bool rotation = operation.spec->structure == Structure::pauli_rotation;
    if (size <= 2 && bound(operation)) {
      add_constant(operation.qubits, operation.angles.empty() ? known(operation) : transfer(operation));
    } else if (size == 1 && operation.angles.size() == 1 && operation.spec->spectrum.back() <= 1) {
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

  std::vector<OpenStep> take() {
    for (std::size_t q = 0; q < pending_.size(); ++q) flush(static_cast<int>(q));
    return std::move(steps_);
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
      auto* pair = std::get_if<OpenPair>(&steps_[before]);
      if (pair != nullptr) {
        pair->matrix = product(matrix, pair->matrix);
        return;
      }
    }
    last_[static_cast<std::size_t>(low)] = last_[static_cast<std::size_t>(high)] = steps_.size();
    steps_.emplace_back(OpenPair{low, high, matrix});
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
      last_[static_cast<std::size_t>(q)] = steps_.size();
    }
    steps_.emplace_back(
        OpenRotation{PauliString(operation.letters(), operation.qubits), number(operation.angles[0])});
  }

  void flush(int qubit) {
    auto& factors = pending_[static_cast<std::size_t>(qubit)];
    if (factors.empty()) return;
    const bool constant = factors.size() == 1 && factors[0].angle < 0;
    if (!constant || !joined(qubit, factors[0].constant)) {
      last_[static_cast<std::size_t>(qubit)] = steps_.size();
      steps_.emplace_back(OpenRun{qubit, std::move(factors)});
    }
    factors.clear();
  }

  /// Whether the matrix became part of the last step on its qubit.
  bool joined(int qubit, const Matrix<double>& matrix) {
    if (matrix == transfer_identity()) return true;
    const auto before = last_[static_cast<std::size_t>(qubit)];
    if (before == none) return false;
    auto* pair = std::get_if<OpenPair>(&steps_[before]);
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
    const auto found = std::ranges::find(angles_, angle);
    if (found == angles_.end()) {
      angles_.push_back(angle);
      return static_cast<int>(angles_.size()) - 1;
    }
    return static_cast<int>(found - angles_.begin());
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

  std::vector<Angle>& angles_;
  std::vector<OpenStep> steps_;
  std::vector<std::vector<OpenFactor>> pending_;        // by qubit: since its last step
  std::vector<std::size_t> last_;                       // by qubit: the last step on it
  std::map<const OpSpec*, Matrix<double>> operations_;  // those without angles
  std::map<std::tuple<const ChannelSpec*, std::vector<double>, std::size_t>, Matrix<double>> channels_;
};

/// Steps as they act on the qubits of a window.
class WindowSteps {
 public:
  WindowSteps(const std::vector<int>& qubits, std::size_t& matrices) : qubits_(qubits), matrices_(matrices) {}

  Step operator()(const OpenRun& open) {
    Run run{place(open.qubit), {}, true, matrices_};
    for (const auto& factor : open.factors) {
      run.factors.push_back(factor.made());
      run.unital = run.unital && factor.unital();
    }
    matrices_ += run.factors.size();
    return run;
  }
  Step operator()(const OpenPair& open) {
    const std::vector<int> on{place(open.low), place(open.high)};
    const auto rest = others(on, static_cast<int>(qubits_.size()));
    return Pair{sparse(open.matrix, on, false), sparse(open.matrix, on, true), indices_on(rest)};
  }
  Step operator()(const OpenRotation& open) {
    PauliString pauli;
    for (const auto& [qubit, letter] : open.pauli.letters()) pauli.set(place(qubit), letter);
    return Rotation{pauli.index(), open.angle};
  }

 private:
  int place(int qubit) const { return static_cast<int>(std::ranges::find(qubits_, qubit) - qubits_.begin()); }

  const std::vector<int>& qubits_;
  std::size_t& matrices_;  // so far
};

}  // namespace

Program::Program(const Circuit& circuit, const CircuitNoise& noise, std::size_t first, std::size_t end)
    : qubits(circuit.qubits()) {
  circuit.require_unitary();
  Compiler compiler(qubits, angles);
  for (std::size_t k = first; k < end; ++k) {
    compiler.add(circuit.operations()[k]);
    for (const auto& step : noise.steps_after(k)) compiler.add(step);
  }
  const auto steps = compiler.take();
  std::vector<std::vector<int>> acts_on;
  for (const auto& step : steps) acts_on.push_back(qubits_of(step));
  for (auto& [window, members] : windows_of(acts_on, qubits, std::min(qubits, largest_window), most_steps)) {
    auto& made = windows.emplace_back();
    WindowSteps places(window, matrices);
    for (const auto step : members) made.steps.push_back(std::visit(places, steps[step]));
    made.inside = indices_on(window);
    made.outside = indices_on(others(window, qubits));
    made.qubits = std::move(window);
  }
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
