#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/base/random.h"

namespace qupel {

struct ForestOptions {
  int trees = 200;
  std::size_t columns = 1;  ///< drawn for every split; more are looked at only while none of them splits
  int max_depth = 32;
  std::size_t leaf_rows = 1;  ///< fewest rows of a leaf
};

/// Columns cut at no more than 63 quantiles of the training rows, so that a split is found by counting.
class Bins {
 public:
  static constexpr std::size_t limit = 64;

  explicit Bins(const Matrix<double>& x);
  std::uint8_t operator()(std::size_t row, std::size_t column) const { return bins_(row, column); }
  std::size_t columns() const { return cuts_.size(); }
  /// Values at most this lie in `bin` or below.
  double cut(std::size_t column, std::size_t bin) const { return cuts_[column][bin]; }
  std::size_t count(std::size_t column) const { return cuts_[column].size() + 1; }

 private:
  std::vector<std::vector<double>> cuts_;
  Matrix<std::uint8_t> bins_;
};

/// A classification tree; leaves hold the share of every class.
class Tree {
 public:
  /// Grows a tree on `rows` (with repetitions), which are reordered.
  Tree(const Bins& bins, std::span<const int> labels, int classes, std::span<std::size_t> rows,
       const ForestOptions& options, Random random);

  std::span<const double> shares(std::span<const double> row) const;
  std::size_t leaves() const { return shares_.size() / classes_; }

 private:
  friend class TreeGrower;
  struct Node {
    double threshold = 0;  // left: value <= threshold
    std::size_t column = 0;
    std::size_t left = 0, right = 0;  // of a leaf: left = its number, right = 0
  };
  std::size_t classes_;
  std::vector<Node> nodes_;
  std::vector<double> shares_;
};

/// Breiman 2001: trees on bootstrap samples, each split the largest decrease of the Gini impurity over a few
/// random columns; probabilities are the mean of the leaves' shares. Same bits for the same seed.
class Forest {
 public:
  Forest(const Matrix<double>& x, std::span<const int> labels, int classes, const ForestOptions& options,
         std::uint64_t seed);

  Matrix<double> probabilities(const Matrix<double>& x) const;
  std::size_t leaves() const;
  std::size_t trees() const { return trees_.size(); }

 private:
  std::size_t classes_;
  std::vector<Tree> trees_;
};

}  // namespace qupel
