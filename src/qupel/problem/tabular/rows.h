#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// The values of the given rows, in their order; none of none.
template <typename T>
std::vector<T> taken(const std::vector<T>& values, std::span<const std::size_t> rows) {
  std::vector<T> some;
  if (values.empty()) return some;
  some.reserve(rows.size());
  for (const auto row : rows) some.push_back(values[row]);
  return some;
}

/// Rows of each class, or of each fifth of the numbers.
std::vector<std::size_t> strata_counts(const DataSet& data);

/// Keeps the given rows, in the given order: labels, cells, missing counts and test rows; columns that became
/// constant are marked, with a Finding.
void keep_rows(DataSet& data, std::span<const std::size_t> rows);

/// Sets `fifths` of a table of numbers: sorted by their numbers the rows are cut into five parts of one size,
/// and each row gets the place of its part. Equal numbers stay in one part, so there may be fewer than five.
void set_fifths(DataSet& data);

/// `count` rows in their own order, drawn by the seed: from each class (or fifth of the numbers) its share
/// (largest remainders), but of a rare class enough to be learned and tested: all its
/// rows, 50, or count / (2 classes), whichever is least, and two at least.
/// @throws InputError if that leaves no room for two rows a class, or fewer than min_rows
std::vector<std::size_t> stratified_draw(const DataSet& data, std::size_t count, std::uint64_t seed);

}  // namespace qupel
