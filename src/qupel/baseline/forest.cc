#include "qupel/baseline/forest.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

/// Middles between neighbouring distinct values, about equally many rows apart.
std::vector<double> quantile_cuts(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<double> cuts;
  const double share = static_cast<double>(values.size()) / static_cast<double>(Bins::limit);
  double next = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] == values[i - 1] || static_cast<double>(i) < next || cuts.size() + 1 == Bins::limit)
      continue;
    cuts.push_back(std::midpoint(values[i - 1], values[i]));
    next = static_cast<double>(i) + share;
  }
  return cuts;
}

struct Split {
  std::size_t column, bin;
  double purity;  ///< sum over both sides of sum_c count_c^2 / rows: larger is purer
};

}  // namespace

Bins::Bins(const Matrix<double>& x) : bins_(x.rows(), x.columns()) {
  for (std::size_t c = 0; c < x.columns(); ++c) {
    std::vector<double> values(x.rows());
    for (std::size_t r = 0; r < x.rows(); ++r) values[r] = x(r, c);
    cuts_.push_back(quantile_cuts(values));
    for (std::size_t r = 0; r < x.rows(); ++r)
      bins_(r, c) = static_cast<std::uint8_t>(std::lower_bound(cuts_[c].begin(), cuts_[c].end(), values[r]) -
                                              cuts_[c].begin());
  }
}

/// Grows one tree from its root; keeps the buffers that all nodes use.
class TreeGrower {
 public:
  TreeGrower(Tree& tree, const Bins& bins, std::span<const int> labels, const ForestOptions& options,
             Random random)
      : tree_(tree),
        bins_(bins),
        labels_(labels),
        options_(options),
        random_(random),
        columns_(bins.columns()),
        counts_(Bins::limit * tree.classes_),
        left_(tree.classes_),
        total_(tree.classes_) {
    std::iota(columns_.begin(), columns_.end(), std::size_t{0});
  }

  /// The number of the node that holds these rows.
  std::size_t grow(std::span<std::size_t> rows, int depth) {
    count_classes(rows);
    const auto number = tree_.nodes_.size();
    tree_.nodes_.emplace_back();
    const auto split = depth < options_.max_depth && !pure(rows.size()) ? find_split(rows) : std::nullopt;
    if (!split) {
      tree_.nodes_[number].left = add_leaf(rows.size());
      return number;
    }
    const auto [column, bin, purity] = *split;
    const auto middle =
        std::partition(rows.begin(), rows.end(),
                       [this, c = column, b = bin](std::size_t row) { return bins_(row, c) <= b; });
    const auto left_rows = static_cast<std::size_t>(middle - rows.begin());
    const auto left = grow(rows.first(left_rows), depth + 1),
               right = grow(rows.subspan(left_rows), depth + 1);
    tree_.nodes_[number] = {bins_.cut(column, bin), column, left, right};
    return number;
  }

 private:
  void count_classes(std::span<const std::size_t> rows) {
    std::fill(total_.begin(), total_.end(), 0);
    for (const auto row : rows) ++total_[static_cast<std::size_t>(labels_[row])];
  }

  bool pure(std::size_t rows) const { return *std::max_element(total_.begin(), total_.end()) == rows; }

  std::size_t add_leaf(std::size_t rows) {
    for (const auto count : total_)
      tree_.shares_.push_back(static_cast<double>(count) / static_cast<double>(rows));
    return tree_.leaves() - 1;
  }

  std::optional<Split> find_split(std::span<const std::size_t> rows) {
    std::optional<Split> best;
    for (std::size_t tried = 0; tried < columns_.size() && (tried < options_.columns || !best); ++tried) {
      std::swap(columns_[tried], columns_[tried + random_.below(columns_.size() - tried)]);
      try_column(rows, columns_[tried], best);
    }
    return best;
  }

  void try_column(std::span<const std::size_t> rows, std::size_t column, std::optional<Split>& best) {
    const std::size_t classes = total_.size(), bins = bins_.count(column);
    std::fill_n(counts_.begin(), bins * classes, 0);
    for (const auto row : rows)
      ++counts_[bins_(row, column) * classes + static_cast<std::size_t>(labels_[row])];
    std::fill(left_.begin(), left_.end(), 0);
    std::size_t left_rows = 0;
    for (std::size_t bin = 0; bin + 1 < bins; ++bin) {
      std::size_t here = 0;
      for (std::size_t c = 0; c < classes; ++c) {
        left_[c] += counts_[bin * classes + c];
        here += counts_[bin * classes + c];
      }
      left_rows += here;
      if (here == 0 || left_rows < options_.leaf_rows || rows.size() - left_rows < options_.leaf_rows)
        continue;
      if (left_rows == rows.size()) break;
      const double purity = purity_of(left_rows, rows.size() - left_rows);
      if (!best || purity > best->purity) best = Split{column, bin, purity};
    }
  }

  double purity_of(std::size_t left_rows, std::size_t right_rows) const {
    double left = 0, right = 0;
    for (std::size_t c = 0; c < total_.size(); ++c) {
      const auto l = static_cast<double>(left_[c]), r = static_cast<double>(total_[c] - left_[c]);
      left += l * l;
      right += r * r;
    }
    return left / static_cast<double>(left_rows) + right / static_cast<double>(right_rows);
  }

  Tree& tree_;
  const Bins& bins_;
  std::span<const int> labels_;
  const ForestOptions& options_;
  Random random_;
  std::vector<std::size_t> columns_, counts_, left_, total_;
};

Tree::Tree(const Bins& bins, std::span<const int> labels, int classes, std::span<std::size_t> rows,
           const ForestOptions& options, Random random)
    : classes_(static_cast<std::size_t>(classes)) {
  TreeGrower(*this, bins, labels, options, random).grow(rows, 0);
}

std::span<const double> Tree::shares(std::span<const double> row) const {
  const Node* node = nodes_.data();
  while (node->right != 0)
    node = nodes_.data() + (row[node->column] <= node->threshold ? node->left : node->right);
  return std::span(shares_).subspan(node->left * classes_, classes_);
}

Forest::Forest(const Matrix<double>& x, std::span<const int> labels, int classes,
               const ForestOptions& options, std::uint64_t seed)
    : classes_(static_cast<std::size_t>(classes)) {
  const Bins bins(x);
  std::vector<std::size_t> rows(x.rows());
  for (int t = 0; t < options.trees; ++t) {
    check_interrupt();
    Random random(derive(seed, {key_of("tree"), static_cast<std::uint64_t>(t)}));
    for (auto& row : rows) row = random.below(x.rows());
    trees_.emplace_back(bins, labels, classes, rows, options, random);
  }
}

Matrix<double> Forest::probabilities(const Matrix<double>& x) const {
  Matrix<double> probabilities(x.rows(), classes_);
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (const auto& tree : trees_) {
      const auto shares = tree.shares(x.row(r));
      for (std::size_t c = 0; c < classes_; ++c) probabilities(r, c) += shares[c];
    }
  for (double& probability : probabilities.values()) probability /= static_cast<double>(trees_.size());
  return probabilities;
}

std::size_t Forest::leaves() const {
  return std::accumulate(trees_.begin(), trees_.end(), std::size_t{0},
                         [](std::size_t sum, const Tree& tree) { return sum + tree.leaves(); });
}

}  // namespace qupel
