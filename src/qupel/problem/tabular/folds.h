#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace qupel {

/// Stratified folds over groups (rows of one group stay together): fold of each row, 0 .. folds-1.
std::vector<int> stratified_folds(std::span<const int> labels, std::span<const std::size_t> groups,
                                  int classes, int folds, std::uint64_t seed);

}  // namespace qupel
