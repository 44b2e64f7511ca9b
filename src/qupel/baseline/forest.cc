#include "qupel/baseline/forest.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

/// Middles between neighbouring distinct values, about equally many rows apart.
std::vector<double> quantile_cuts(std::vector<double> values, std::size_t limit) {
  std::sort(values.begin(), values.end());
  std::vector<double> cuts;
  const double share = static_cast<double>(values.size()) / static_cast<double>(limit);
  double next = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] == values[i - 1] || static_cast<double>(i) < next || cuts.size() + 1 == limit) continue;
    cuts.push_back(std::midpoint(values[i - 1], values[i]));
    next = static_cast<double>(i) + share;
  }
  return cuts;
}

struct TreeSplit {
  std::size_t column, bin;
  double purity;  ///< the larger the purer both sides are
};

// What tree growing asks of its targets: a node's total, a histogram over the bins of one column, and how
// pure two sides are when the bins up to one go left.

/// Counts of classes. Purity is the sum over both sides of sum_c count_c^2 / rows, which is largest where the
/// Gini impurity is least.
class ClassCounts {
 public:
  ClassCounts(std::span<const int> labels, std::size_t classes)
      : labels_(labels), counts_(Bins::for_classes * classes), left_(classes), total_(classes) {}

  void count(std::span<const std::size_t> rows) {
    std::fill(total_.begin(), total_.end(), 0);
    for (const auto row : rows) ++total_[label(row)];
  }
  bool pure(std::size_t rows) const { return *std::max_element(total_.begin(), total_.end()) == rows; }
  void add_leaf(std::size_t rows, std::vector<double>& values) const {
    for (const auto count : total_) values.push_back(static_cast<double>(count) / static_cast<double>(rows));
  }

  void clear(std::size_t first_bin, std::size_t last_bin) {
    const auto at = [this](std::size_t bin) {
      return counts_.begin() + static_cast<std::ptrdiff_t>(bin * total_.size());
    };
    std::fill(at(first_bin), at(last_bin + 1), 0);
    std::fill(left_.begin(), left_.end(), 0);
  }
  void add(std::size_t bin, std::size_t row) { ++counts_[bin * total_.size() + label(row)]; }
  /// How many rows the bin holds.
  std::size_t move_left(std::size_t bin) {
    std::size_t here = 0;
    for (std::size_t c = 0; c < total_.size(); ++c) {
      left_[c] += counts_[bin * total_.size() + c];
      here += counts_[bin * total_.size() + c];
    }
    return here;
  }
  double purity(double left_rows, double right_rows) const {
    double left = 0, right = 0;
    for (std::size_t c = 0; c < total_.size(); ++c) {
      const auto l = static_cast<double>(left_[c]), r = static_cast<double>(total_[c] - left_[c]);
      left += l * l;
      right += r * r;
    }
    return left / left_rows + right / right_rows;
  }

 private:
  std::size_t label(std::size_t row) const { return static_cast<std::size_t>(labels_[row]); }
  std::span<const int> labels_;
  std::vector<std::size_t> counts_, left_, total_;
};

/// Sums of numbers. Purity is the sum over both sides of sum^2 / rows, which is largest where the sum of
/// squared distances from the sides' means is least.
class NumberSums {
 public:
  explicit NumberSums(std::span<const double> targets) : targets_(targets), bins_(Bins::for_numbers) {}

  void count(std::span<const std::size_t> rows) {
    total_ = 0;
    low_ = high_ = targets_[rows.front()];
    for (const auto row : rows) {
      total_ += targets_[row];
      low_ = std::min(low_, targets_[row]);
      high_ = std::max(high_, targets_[row]);
    }
  }
  bool pure(std::size_t) const { return low_ == high_; }
  void add_leaf(std::size_t rows, std::vector<double>& values) const {
    values.push_back(pure(rows) ? low_ : total_ / static_cast<double>(rows));
  }

  void clear(std::size_t first_bin, std::size_t last_bin) {
    for (auto bin = first_bin; bin <= last_bin; ++bin) bins_[bin] = {};
    left_ = 0;
  }
  void add(std::size_t bin, std::size_t row) {
    bins_[bin].sum += targets_[row];
    ++bins_[bin].rows;
  }
  std::size_t move_left(std::size_t bin) {
    left_ += bins_[bin].sum;
    return bins_[bin].rows;
  }
  double purity(double left_rows, double right_rows) const {
    const double right = total_ - left_;
    return left_ * left_ / left_rows + right * right / right_rows;
  }

 private:
  struct Bin {
    double sum = 0;
    std::size_t rows = 0;
  };
  std::span<const double> targets_;
  std::vector<Bin> bins_;
  double total_ = 0, low_ = 0, high_ = 0, left_ = 0;
};

}  // namespace

Bins::Bins(const Matrix<double>& x, std::size_t limit) : bins_(x.rows(), x.columns()) {
  for (std::size_t c = 0; c < x.columns(); ++c) {
    std::vector<double> values(x.rows());
    for (std::size_t r = 0; r < x.rows(); ++r) values[r] = x(r, c);
    cuts_.push_back(quantile_cuts(values, limit));
    for (std::size_t r = 0; r < x.rows(); ++r)
      bins_(r, c) = static_cast<std::uint8_t>(std::lower_bound(cuts_[c].begin(), cuts_[c].end(), values[r]) -
                                              cuts_[c].begin());
  }
}

/// Grows one tree from its root; keeps the buffers that all nodes use.
template <typename Statistic>
class TreeGrower {
 public:
  TreeGrower(Tree& tree, const Bins& bins, Statistic statistic, const ForestOptions& options, Random random)
      : tree_(tree),
        bins_(bins),
        statistic_(std::move(statistic)),
        options_(options),
        random_(random),
        columns_(bins.columns()) {
    std::iota(columns_.begin(), columns_.end(), std::size_t{0});
  }

  /// The number of the node that holds these rows.
  std::size_t grow(std::span<std::size_t> rows, int depth) {
    statistic_.count(rows);
    const auto number = tree_.nodes_.size();
    tree_.nodes_.emplace_back();
    const auto split =
        depth < options_.max_depth && !statistic_.pure(rows.size()) ? find_split(rows) : std::nullopt;
    if (!split) {
      statistic_.add_leaf(rows.size(), tree_.values_);
      tree_.nodes_[number].left = tree_.leaves() - 1;
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
  std::optional<TreeSplit> find_split(std::span<const std::size_t> rows) {
    std::optional<TreeSplit> best;
    for (std::size_t tried = 0; tried < columns_.size() && (tried < options_.columns || !best); ++tried) {
      std::swap(columns_[tried], columns_[tried + random_.below(columns_.size() - tried)]);
      try_column(rows, columns_[tried], best);
    }
    return best;
  }

  void try_column(std::span<const std::size_t> rows, std::size_t column, std::optional<TreeSplit>& best) {
    std::size_t first = bins_.count(column), last = 0;  // small nodes fill few of the bins
    for (const auto row : rows) {
      const std::size_t bin = bins_(row, column);
      statistic_.add(bin, row);
      first = std::min(first, bin);
      last = std::max(last, bin);
    }
    std::size_t left_rows = 0;
    for (std::size_t bin = first; bin < last; ++bin) {
      const auto here = statistic_.move_left(bin);
      left_rows += here;
      if (here == 0 || left_rows < options_.leaf_rows || rows.size() - left_rows < options_.leaf_rows)
        continue;
      const double purity =
          statistic_.purity(static_cast<double>(left_rows), static_cast<double>(rows.size() - left_rows));
      if (!best || purity > best->purity) best = TreeSplit{column, bin, purity};
    }
    statistic_.clear(first, last);
  }

  Tree& tree_;
  const Bins& bins_;
  Statistic statistic_;
  const ForestOptions& options_;
  Random random_;
  std::vector<std::size_t> columns_;
};

Tree::Tree(const Bins& bins, std::span<const int> labels, int classes, std::span<std::size_t> rows,
           const ForestOptions& options, Random random)
    : width_(static_cast<std::size_t>(classes)) {
  TreeGrower(*this, bins, ClassCounts(labels, width_), options, random).grow(rows, 0);
}

Tree::Tree(const Bins& bins, std::span<const double> targets, std::span<std::size_t> rows,
           const ForestOptions& options, Random random)
    : width_(1) {
  TreeGrower(*this, bins, NumberSums(targets), options, random).grow(rows, 0);
}

std::span<const double> Tree::leaf(std::span<const double> row) const {
  const Node* node = nodes_.data();
  while (node->right != 0)
    node = nodes_.data() + (row[node->column] <= node->threshold ? node->left : node->right);
  return std::span(values_).subspan(node->left * width_, width_);
}

template <typename Grow>
void Forest::plant(const Bins& bins, int trees, std::uint64_t seed, const Grow& grow) {
  std::vector<std::size_t> rows(bins.rows());
  for (int t = 0; t < trees; ++t) {
    check_interrupt();
    Random random(derive(seed, {key_of("tree"), static_cast<std::uint64_t>(t)}));
    for (auto& row : rows) row = random.below(bins.rows());
    trees_.push_back(grow(bins, rows, random));
  }
}

Archive Tree::to_archive() const {
  std::vector<double> thresholds;
  std::vector<std::size_t> columns, left, right;
  for (const auto& node : nodes_) {
    thresholds.push_back(node.threshold);
    columns.push_back(node.column);
    left.push_back(node.left);
    right.push_back(node.right);
  }
  Archive archive;
  archive.set("thresholds", std::move(thresholds));
  archive.set_wholes("columns", columns);
  archive.set_wholes("left", left);
  archive.set_wholes("right", right);
  archive.set("values", values_);
  return archive;
}

Tree Tree::from(const Archive& saved, std::size_t columns, std::size_t width) {
  constexpr std::int64_t most_nodes = std::int64_t{1} << 32;
  const auto& thresholds = saved.numbers("thresholds");
  const auto column = saved.wholes<std::size_t>("columns", 0, static_cast<std::int64_t>(columns) - 1);
  const auto left = saved.wholes<std::size_t>("left", 0, most_nodes),
             right = saved.wholes<std::size_t>("right", 0, most_nodes);
  Tree tree(width);
  tree.values_ = saved.numbers("values");
  const auto nodes = thresholds.size();
  require_saved(nodes > 0 && column.size() == nodes && left.size() == nodes && right.size() == nodes &&
                    tree.values_.size() % width == 0,
                "a threshold, a column and two branches for each node of a tree");
  for (std::size_t i = 0; i < nodes; ++i) {
    const bool is_leaf = right[i] == 0;
    require_saved(is_leaf ? left[i] < tree.leaves()
                          : left[i] > i && right[i] > i && left[i] < nodes && right[i] < nodes,
                  "branches of a tree that lead down");
    tree.nodes_.push_back({thresholds[i], column[i], left[i], right[i]});
  }
  return tree;
}

std::vector<Archive> Forest::to_archives() const {
  std::vector<Archive> archives;
  for (const auto& tree : trees_) archives.push_back(tree.to_archive());
  return archives;
}

Forest Forest::from(const std::vector<Archive>& saved, std::size_t columns, std::size_t width) {
  Forest forest(columns, width);
  for (const auto& tree : saved) forest.trees_.push_back(Tree::from(tree, columns, width));
  require_saved(!forest.trees_.empty(), "trees");
  return forest;
}

Forest::Forest(const Matrix<double>& x, std::span<const int> labels, int classes,
               const ForestOptions& options, std::uint64_t seed)
    : columns_(x.columns()), width_(static_cast<std::size_t>(classes)) {
  plant(Bins(x), options.trees, seed,
        [&](const Bins& bins, std::span<std::size_t> rows, const Random& random) {
          return Tree(bins, labels, classes, rows, options, random);
        });
}

Forest::Forest(const Matrix<double>& x, std::span<const double> targets, const ForestOptions& options,
               std::uint64_t seed)
    : columns_(x.columns()), width_(1) {
  plant(Bins(x, Bins::for_numbers), options.trees, seed,
        [&](const Bins& bins, std::span<std::size_t> rows, const Random& random) {
          return Tree(bins, targets, rows, options, random);
        });
}

Matrix<double> Forest::mean(const Matrix<double>& x) const {
  Matrix<double> sums(x.rows(), width_);
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (const auto& tree : trees_) {
      const auto leaf = tree.leaf(x.row(r));
      for (std::size_t c = 0; c < width_; ++c) sums(r, c) += leaf[c];
    }
  for (double& sum : sums.values()) sum /= static_cast<double>(trees_.size());
  return sums;
}

std::size_t Forest::leaves() const {
  return std::accumulate(trees_.begin(), trees_.end(), std::size_t{0},
                         [](std::size_t sum, const Tree& tree) { return sum + tree.leaves(); });
}

}  // namespace qupel
