#pragma once
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// The order of some stops between two that stay where they are, as a QUBO: bit i k + t says that the i-th of
/// k stops is at place t. Distances as a tour's.
Qubo path_qubo(const Matrix<double>& distances, std::size_t before, const std::vector<std::size_t>& stops,
               std::size_t after);
/// The largest number whose square is no more.
std::size_t whole_root(std::size_t value);
/// The order that such bits stand for; empty if they stand for none.
std::vector<std::size_t> path_of(const std::vector<std::size_t>& stops, std::span<const std::uint8_t> bits);

}  // namespace qupel
