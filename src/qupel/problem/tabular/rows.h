#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// Rows of each class.
std::vector<std::size_t> class_counts(const TabularProblem& problem);

/// Keeps the given rows, in the given order: labels, cells, missing counts and test rows; columns that became
/// constant are marked, with a Finding.
void keep_rows(TabularProblem& problem, std::span<const std::size_t> rows);

/// Sets the classes and labels of a table of numbers: the fifth of the rows, by their numbers, that each lies
/// in; fewer parts where many are equal.
void part_numbers(TabularProblem& problem);

/// `count` rows in their own order, drawn by the seed: from each class its share (largest remainders), but of
/// a rare class enough to be learned and tested: all its rows, 50, or count / (2 classes), whichever is
/// least, and two at least.
/// @throws InputError if that leaves no room for two rows a class, or fewer than min_rows
std::vector<std::size_t> stratified_draw(const TabularProblem& problem, std::size_t count,
                                         std::uint64_t seed);

}  // namespace qupel
