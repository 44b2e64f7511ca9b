#include "qupel/engine/noisy_batch/program.h"

#include <algorithm>

#include "qupel/engine/windows.h"

namespace qupel::noisy_batch {
namespace {

// A tile of four qubits takes 16 KiB, and two fit a first-level cache.
constexpr int largest_window = 4;
// A gradient holds the tiles between the steps of a window: 1 MiB, a second-level cache.
constexpr std::size_t most_steps = 64;

LocalRows local_rows(const Matrix<double>& matrix) {
  LocalRows rows;
  std::copy_n(matrix.row(1).begin(), rows.size(), rows.begin());
  return rows;
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

bool unital(const OpenFactor& factor) {
  return std::ranges::all_of(
      std::array{&factor.constant, &factor.cosine, &factor.sine}, [](const Matrix<double>* part) {
        return part->empty() || ((*part)(1, 0) == 0 && (*part)(2, 0) == 0 && (*part)(3, 0) == 0);
      });
}

/// Arranges steps for a program.
class Arrangement {
 public:
  Arrangement(Program& program, const std::vector<int>& qubits) : program_(program), qubits_(qubits) {}

  Step operator()(const OpenRun& open) const {
    Run run{place(open.qubit), {}, true, program_.matrices};
    for (const auto& factor : open.factors) {
      run.factors.push_back(made(factor));
      run.unital = run.unital && unital(factor);
    }
    program_.matrices += run.factors.size();
    return run;
  }
  Step operator()(const OpenPair& open) const {
    const std::vector<int> on{place(open.low), place(open.high)};
    const auto rest = others(on, static_cast<int>(qubits_.size()));
    return Pair{sparse(open.matrix, on, false), sparse(open.matrix, on, true), indices_on(rest)};
  }
  Step operator()(const OpenRotation& open) const {
    PauliString pauli;
    for (const auto& [qubit, letter] : open.pauli.letters()) pauli.set(place(qubit), letter);
    return Rotation{pauli.index(), number(open.angle)};
  }

 private:
  int place(int qubit) const { return static_cast<int>(std::ranges::find(qubits_, qubit) - qubits_.begin()); }

  Factor made(const OpenFactor& open) const {
    if (open.fixed()) return {local_rows(open.constant), {}, {}, -1};
    return {local_rows(open.constant), local_rows(open.cosine), local_rows(open.sine), number(open.angle)};
  }

  int number(const Angle& angle) const {
    auto& angles = program_.angles;
    const auto found = std::ranges::find(angles, angle);
    const auto place = static_cast<int>(found - angles.begin());
    if (found == angles.end()) angles.push_back(angle);
    return place;
  }

  Program& program_;
  const std::vector<int>& qubits_;  // of the window
};

/// Takes out the runs that are first on their qubits.
std::vector<OpenRun> take_first_runs(std::vector<OpenStep>& steps, int qubits) {
  std::vector<OpenRun> runs;
  std::vector<OpenStep> rest;
  std::vector<bool> begun(static_cast<std::size_t>(qubits));
  for (auto& step : steps) {
    auto* run = std::get_if<OpenRun>(&step);
    const bool first = run != nullptr && !begun[static_cast<std::size_t>(run->qubit)];
    for (const int q : qubits_of(step)) begun[static_cast<std::size_t>(q)] = true;
    first ? runs.push_back(std::move(*run)) : rest.push_back(std::move(step));
  }
  steps = std::move(rest);
  return runs;
}

}  // namespace

Program::Program(int of_qubits, std::vector<OpenStep> open, bool begins)
    : qubits(of_qubits), from_zero(begins) {
  std::vector<int> all;
  for (int q = 0; q < qubits; ++q) all.push_back(q);
  if (from_zero) {
    const Arrangement on_all(*this, all);
    for (const auto& run : take_first_runs(open, qubits)) start.push_back(on_all(run));
  }
  std::vector<std::vector<int>> acts_on;
  for (const auto& step : open) acts_on.push_back(qubits_of(step));
  for (auto& [window, members] : windows_of(acts_on, qubits, std::min(qubits, largest_window), most_steps)) {
    auto& made = windows.emplace_back();
    const Arrangement on_window(*this, window);
    for (const auto step : members) made.steps.push_back(std::visit(on_window, open[step]));
    made.inside = indices_on(window);
    made.outside = indices_on(others(window, qubits));
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
