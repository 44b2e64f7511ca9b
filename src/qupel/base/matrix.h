#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace qupel {

/// A dense row-major matrix; row r is the contiguous span row(r).
template <typename T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t columns, T fill = T{})
      : rows_(rows), columns_(columns), values_(rows * columns, fill) {}

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  bool empty() const { return values_.empty(); }

  T& operator()(std::size_t r, std::size_t c) { return values_[r * columns_ + c]; }
  const T& operator()(std::size_t r, std::size_t c) const { return values_[r * columns_ + c]; }
  std::span<T> row(std::size_t r) { return std::span<T>(values_).subspan(r * columns_, columns_); }
  std::span<const T> row(std::size_t r) const {
    return std::span<const T>(values_).subspan(r * columns_, columns_);
  }
  std::span<T> values() { return values_; }
  std::span<const T> values() const { return values_; }
  T* data() { return values_.data(); }
  const T* data() const { return values_.data(); }

  friend bool operator==(const Matrix&, const Matrix&) = default;

 private:
  std::size_t rows_ = 0, columns_ = 0;
  std::vector<T> values_;
};

/// The first so many columns of a matrix; all of them if it has no more.
template <typename T>
Matrix<T> first_columns(Matrix<T> matrix, std::size_t columns) {
  if (columns >= matrix.columns()) return matrix;
  Matrix<T> kept(matrix.rows(), columns);
  for (std::size_t r = 0; r < matrix.rows(); ++r)
    std::copy_n(matrix.row(r).begin(), columns, kept.row(r).begin());
  return kept;
}

/// The given rows of a matrix, in the given order.
template <typename T>
Matrix<T> take_rows(const Matrix<T>& matrix, std::span<const std::size_t> rows) {
  Matrix<T> taken(rows.size(), matrix.columns());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto from = matrix.row(rows[i]);
    std::copy(from.begin(), from.end(), taken.row(i).begin());
  }
  return taken;
}

}  // namespace qupel
