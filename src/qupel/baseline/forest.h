#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/archive.h"
#include "qupel/base/matrix.h"
#include "qupel/base/random.h"

namespace qupel {

struct ForestOptions {
  int trees = 200;
  std::size_t columns = 1;  ///< drawn for every split; more are looked at only while none of them splits
  int max_depth = 32;
  std::size_t leaf_rows = 1;  ///< fewest rows of a leaf
};

/// Columns cut at quantiles of the training rows, so that a split is found by counting.
class Bins {
 public:
  /// For classes, and for numbers: there a coarse cut costs accuracy (on a smooth table of 1001 rows 64 bins
  /// cost a forest 3 % of RMSE).
  static constexpr std::size_t for_classes = 64, for_numbers = 256;

  /// @param limit most bins of a column, up to 256
  explicit Bins(const Matrix<double>& x, std::size_t limit = for_classes);
  std::uint8_t operator()(std::size_t row, std::size_t column) const { return bins_(row, column); }
  std::size_t rows() const { return bins_.rows(); }
  std::size_t columns() const { return cuts_.size(); }
  /// Values at most this lie in `bin` or below.
  double cut(std::size_t column, std::size_t bin) const { return cuts_[column][bin]; }
  std::size_t count(std::size_t column) const { return cuts_[column].size() + 1; }

 private:
  std::vector<std::vector<double>> cuts_;
  Matrix<std::uint8_t> bins_;
};

/// A tree for classes or numbers. A leaf holds the share of every class, or the mean of its numbers.
class Tree {
 public:
  /// Grows a tree on `rows` (with repetitions), which are reordered. Splits lower the Gini impurity most.
  Tree(const Bins& bins, std::span<const int> labels, int classes, std::span<std::size_t> rows,
       const ForestOptions& options, Random random);
  /// Splits lower the variance most.
  Tree(const Bins& bins, std::span<const double> targets, std::span<std::size_t> rows,
       const ForestOptions& options, Random random);

  /// What the leaf of a row holds.
  std::span<const double> leaf(std::span<const double> row) const;
  std::size_t leaves() const { return values_.size() / width_; }

  Archive to_archive() const;
  /// @throws InputError unless it is a tree of so many columns and values a leaf
  static Tree from(const Archive& saved, std::size_t columns, std::size_t width);

 private:
  explicit Tree(std::size_t width) : width_(width) {}
  template <typename Statistic>
  friend class TreeGrower;
  struct Node {
    double threshold = 0;  // left: value <= threshold
    std::size_t column = 0;
    std::size_t left = 0, right = 0;  // of a leaf: left = its number, right = 0
  };
  std::size_t width_;  // values a leaf
  std::vector<Node> nodes_;
  std::vector<double> values_;
};

/// Breiman 2001: trees on bootstrap samples, each split the best over a few random columns; the answer is the
/// mean of the leaves. Same bits for the same seed.
class Forest {
 public:
  Forest(const Matrix<double>& x, std::span<const int> labels, int classes, const ForestOptions& options,
         std::uint64_t seed);
  /// @param targets best around 0: sums of squares lose the digits that all targets share
  Forest(const Matrix<double>& x, std::span<const double> targets, const ForestOptions& options,
         std::uint64_t seed);

  /// The mean of the leaves that hold each row: rows x classes, or x 1.
  Matrix<double> mean(const Matrix<double>& x) const;
  std::size_t leaves() const;
  std::size_t trees() const { return trees_.size(); }
  std::size_t columns() const { return columns_; }
  std::size_t width() const { return width_; }  ///< values a row: classes, or 1

  std::vector<Archive> to_archives() const;
  static Forest from(const std::vector<Archive>& saved, std::size_t columns, std::size_t width);

 private:
  Forest(std::size_t columns, std::size_t width) : columns_(columns), width_(width) {}
  /// @param grow makes a tree of (bins, rows, random)
  template <typename Grow>
  void plant(const Bins& bins, int trees, std::uint64_t seed, const Grow& grow);

  std::size_t columns_;
  std::size_t width_;
  std::vector<Tree> trees_;
};

}  // namespace qupel
