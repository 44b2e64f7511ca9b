#pragma once
#include <algorithm>
#include <cstddef>

#include "qupel/base/matrix.h"

namespace qupel {

/// Which rows are compared: all of one set with all of another, or each pair of one set once. Refers to them.
class RowPairs {
 public:
  /// @param of_itself both sets are one
  RowPairs(const Matrix<double>& first, const Matrix<double>& second, bool of_itself)
      : first_(first), second_(second), of_itself_(of_itself) {}

  const Matrix<double>& first() const { return first_; }
  const Matrix<double>& second() const { return second_; }
  bool of_itself() const { return of_itself_; }
  std::size_t count() const {
    return of_itself_ ? first_.rows() * (first_.rows() - 1) / 2 : first_.rows() * second_.rows();
  }

  /// Calls visit(row of the first set, row of the second) for every pair, in order.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < first_.rows(); ++i)
      for (std::size_t j = of_itself_ ? i + 1 : 0; j < second_.rows(); ++j) visit(i, j);
  }

  /// The features of each pair, one row's after the other's.
  Matrix<double> features() const {
    Matrix<double> rows(count(), first_.columns() + second_.columns());
    std::size_t next = 0;
    for_each([&](std::size_t i, std::size_t j) {
      const auto row = rows.row(next++);
      std::ranges::copy(second_.row(j), std::ranges::copy(first_.row(i), row.begin()).out);
    });
    return rows;
  }

 private:
  const Matrix<double>&first_, &second_;
  bool of_itself_;
};

}  // namespace qupel
