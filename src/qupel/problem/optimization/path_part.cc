#include "qupel/problem/optimization/path_part.h"

#include <fmt/format.h>

#include <algorithm>

namespace qupel {

Qubo path_qubo(const Matrix<double>& distances, std::size_t before, const std::vector<std::size_t>& stops,
               std::size_t after) {
  const auto k = stops.size();
  std::vector<std::string> names;
  double longest = 1e-9;
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t t = 0; t < k; ++t) names.push_back(fmt::format("stop {} at {}", stops[i] + 1, t + 1));
  auto all = stops;
  all.push_back(before), all.push_back(after);
  for (const auto a : all)
    for (const auto b : all) longest = std::max(longest, distances(a, b));
  QuboBuilder builder(std::move(names));
  const double penalty = 2 * longest;  // leaving a stop out saves two ways at most, and breaks two rules
  for (std::size_t i = 0; i < k; ++i) {
    std::vector<std::pair<std::size_t, double>> places, there;
    for (std::size_t j = 0; j < k; ++j) places.emplace_back(i * k + j, 1), there.emplace_back(j * k + i, 1);
    builder.add_square(places, -1, penalty);
    builder.add_square(there, -1, penalty);
    builder.add(i * k, distances(before, stops[i]));
    builder.add(i * k + k - 1, distances(stops[i], after));
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t t = 0; i != j && t + 1 < k; ++t)
        builder.add(i * k + t, j * k + t + 1, distances(stops[i], stops[j]));
  }
  return std::move(builder).build();
}

std::size_t whole_root(std::size_t value) {
  std::size_t root = 0;
  while ((root + 1) * (root + 1) <= value) ++root;
  return root;
}

std::vector<std::size_t> path_of(const std::vector<std::size_t>& stops, std::span<const std::uint8_t> bits) {
  const auto k = stops.size();
  std::vector<std::size_t> order(k, k);
  std::vector<bool> placed(k);
  for (std::size_t i = 0; i < k; ++i)
    for (std::size_t t = 0; t < k; ++t) {
      if (bits[i * k + t] == 0) continue;
      if (order[t] != k || placed[i]) return {};  // two stops at one place, or a stop at two
      order[t] = i;
      placed[i] = true;
    }
  for (auto& stop : order) {
    if (stop == k) return {};
    stop = stops[stop];
  }
  return order;
}

}  // namespace qupel
