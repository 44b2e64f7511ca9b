#include "qupel/engine/density/sweep_plan.h"

#include <algorithm>

namespace qupel::density {
namespace {

using Entry = TileStep::Entry;

std::size_t power(int digits) { return std::size_t{1} << (2 * digits); }

/// Where the qubits of a sweep lie.
struct Layout {
  std::vector<int> window, lanes, outside;

  Layout(const std::vector<int>& chosen, int qubits) : window(chosen) {
    for (int q = 0; q < qubits; ++q) {
      if (std::ranges::binary_search(window, q)) continue;
      (lanes.size() < lane_qubits ? lanes : outside).push_back(q);
    }
  }
  /// Between letters of a qubit in the tile.
  std::size_t stride(int qubit) const {
    if (const auto lane = std::ranges::find(lanes, qubit); lane != lanes.end())
      return power(static_cast<int>(lane - lanes.begin()));
    return line * power(static_cast<int>(std::ranges::find(window, qubit) - window.begin()));
  }
};

/// The offsets of all letters of some qubits: sums of digit times stride, in which the first digit changes
/// fastest.
std::vector<std::size_t> sums(std::span<const std::size_t> strides) {
  std::vector<std::size_t> all{0};
  for (const std::size_t stride : strides) {
    const std::size_t size = all.size();
    for (std::size_t digit = 1; digit < 4; ++digit) {
      for (std::size_t i = 0; i < size; ++i) all.push_back(all[i] + digit * stride);
    }
  }
  return all;
}

TileStep local(const Matrix<double>& matrix, std::size_t stride) {
  TileStep step{.strides = {stride, stride}, .rows = {}};
  std::ranges::copy(matrix.values(), step.matrix.begin());
  const bool unital = matrix(1, 0) == 0 && matrix(2, 0) == 0 && matrix(3, 0) == 0;
  step.kind = unital ? TileStep::Kind::unital : TileStep::Kind::local;
  return step;
}

/// The cycles of a matrix with one entry a row and column; none if it is another.
std::vector<std::vector<Entry>> cycles(const Matrix<double>& matrix, std::span<const std::size_t> offsets) {
  const std::size_t size = matrix.rows();
  std::vector<std::size_t> source(size, size);
  std::vector<bool> used(size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      if (matrix(i, j) == 0) continue;
      if (source[i] != size || used[j]) return {};
      source[i] = j;
      used[j] = true;
    }
    if (source[i] == size) return {};
  }
  std::vector<std::vector<Entry>> found;
  std::vector<bool> seen(size);
  for (std::size_t start = 0; start < size; ++start) {
    std::vector<Entry> cycle;
    for (std::size_t i = start; !seen[i]; i = source[i]) {
      seen[i] = true;
      cycle.push_back({offsets[i], offsets[source[i]], matrix(i, source[i])});
    }
    if (!cycle.empty() && !(cycle.size() == 1 && cycle[0].value == 1)) found.push_back(std::move(cycle));
  }
  return found;
}

/// The entries of the rows that differ from those of the identity.
std::vector<std::vector<Entry>> changed_rows(const Matrix<double>& matrix,
                                             std::span<const std::size_t> offsets) {
  std::vector<std::vector<Entry>> found;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    std::vector<Entry> row;
    for (std::size_t j = 0; j < matrix.columns(); ++j) {
      if (matrix(i, j) != 0) row.push_back({offsets[i], offsets[j], matrix(i, j)});
    }
    if (row.empty()) row.push_back({offsets[i], offsets[i], 0});
    const bool same = row.size() == 1 && row[0].to == row[0].from && row[0].value == 1;
    if (!same) found.push_back(std::move(row));
  }
  return found;
}

TileStep step_of(const Transfer& transfer, const Layout& layout) {
  const std::size_t first = layout.stride(transfer.qubits[0]);
  if (transfer.qubits.size() == 1) return local(transfer.matrix, first);
  const std::size_t strides[] = {first, layout.stride(transfer.qubits[1])};
  const auto offsets = sums(strides);
  TileStep step{.kind = TileStep::Kind::monomial,
                .strides = {std::min(strides[0], strides[1]), std::max(strides[0], strides[1])},
                .rows = cycles(transfer.matrix, offsets)};
  if (step.rows.empty()) {
    step.kind = TileStep::Kind::sparse;
    step.rows = changed_rows(transfer.matrix, offsets);
  }
  return step;
}

/// Groups of 16 coefficients: the letters of the two lowest qubits.
void lay_out(const Layout& layout, SweepPlan& plan) {
  std::vector<int> moved;
  std::ranges::merge(layout.window, layout.lanes, std::back_inserter(moved));
  std::vector<std::size_t> from, to;
  for (const int q : moved) {
    if (q < lane_qubits) continue;
    from.push_back(power(q));
    to.push_back(layout.stride(q));
  }
  plan.from = sums(from);
  plan.to = sums(to);
  const std::size_t low[] = {layout.stride(0), layout.stride(1)};
  std::ranges::copy(sums(low), plan.spread.begin());
  plan.contiguous = low[0] == 1 && low[1] == 4;
}

}  // namespace

SweepPlan plan(const Sweep& sweep, std::span<const char> touched) {
  const Layout layout(sweep.window, static_cast<int>(touched.size()));
  SweepPlan plan;
  plan.size = line * power(static_cast<int>(sweep.window.size()));
  for (const auto& transfer : sweep.transfers) plan.steps.push_back(step_of(transfer, layout));
  lay_out(layout, plan);
  plan.tiles = {0};
  for (const int q : layout.outside) {
    const std::size_t size = plan.tiles.size();
    for (std::size_t letter = 1; letter < 4; ++letter) {
      if (letter < 3 && touched[static_cast<std::size_t>(q)] == 0) continue;
      for (std::size_t i = 0; i < size; ++i) plan.tiles.push_back(plan.tiles[i] + letter * power(q));
    }
  }
  return plan;
}

}  // namespace qupel::density
