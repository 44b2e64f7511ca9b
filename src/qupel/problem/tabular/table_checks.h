#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "qupel/problem/check.h"
#include "qupel/problem/tabular/tabular.h"

// The checks that look at the table alone (study/checks.h lists them all).
namespace qupel {

/// Refused: a column is the target under other names, or columns together are (a value of its own for every
/// class but one, as one-hot copies have). Warning: a column alone is nearly always right, or much better
/// than every other and than the most frequent class, or tells one of several classes exactly.
Check leak_check(const DataSet& data);

/// @param groups duplicate_groups(data)
Check duplicate_check(const DataSet& data, const std::vector<std::size_t>& groups);

/// Equal rows with equal labels on both sides of a split (all of a test set: refused).
Check train_is_test_check(const DataSet& data, const std::vector<std::size_t>& groups,
                          std::span<const std::vector<std::size_t>> test_sets);

/// @param metric that decides
Check imbalance_check(const DataSet& data, std::string_view metric);

}  // namespace qupel
