#pragma once
#include <span>
#include <utility>

#include "qupel/base/matrix.h"
#include "qupel/problem/instance.h"

namespace qupel {

/// Rows of a table as a contender sees them: columns of numbers and, to learn from, what each row is.
struct Samples : Instance {
  /// Rows to answer for.
  explicit Samples(Matrix<double> columns) : x(std::move(columns)) {}
  /// Rows of classes 0 .. count-1. What the span shows must outlive this.
  Samples(Matrix<double> columns, std::span<const int> labels, int count)
      : x(std::move(columns)), y(labels), classes(count) {}
  /// Rows with a number each.
  Samples(Matrix<double> columns, std::span<const double> numbers)
      : x(std::move(columns)), targets(numbers) {}

  bool is_classification() const { return classes > 0; }

  Matrix<double> x;
  std::span<const int> y;
  int classes = 0;
  std::span<const double> targets;
};

}  // namespace qupel
