#include "qupel/problem/optimization/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {

std::size_t components(const Graph& graph) {
  std::vector<std::size_t> parent(graph.names.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto root = [&](std::size_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
  };
  auto count = graph.names.size();
  for (const auto& edge : graph.edges) {
    const auto a = root(edge.a), b = root(edge.b);
    if (a == b) continue;
    parent[a] = b;
    --count;
  }
  return count;
}

namespace {

/// One pairing of half-edges, or nothing where it would make a loop or a pair twice.
std::optional<std::set<std::pair<std::size_t, std::size_t>>> pairing(std::size_t nodes, std::size_t degree,
                                                                     Random& random) {
  std::vector<std::size_t> ends;
  for (std::size_t node = 0; node < nodes; ++node) ends.insert(ends.end(), degree, node);
  std::set<std::pair<std::size_t, std::size_t>> edges;
  while (!ends.empty()) {
    constexpr int patience = 100;
    int vain = 0;
    for (; vain < patience; ++vain) {
      const auto i = random.below(ends.size()), j = random.below(ends.size());
      const auto edge = std::minmax(ends[i], ends[j]);
      if (edge.first == edge.second || edges.contains({edge.first, edge.second})) continue;
      edges.emplace(edge.first, edge.second);
      for (const auto at : {std::max(i, j), std::min(i, j)}) ends[at] = ends.back(), ends.pop_back();
      break;
    }
    if (vain == patience) return std::nullopt;
  }
  return edges;
}

}  // namespace

Graph random_regular_graph(std::size_t nodes, std::size_t degree, std::uint64_t seed) {
  if (degree >= nodes || nodes * degree % 2 != 0)
    throw InputError(fmt::format(
        "a graph of {} nodes with {} edges each: the degree must be below the nodes, their product even",
        nodes, degree));
  Random random(seed);
  Graph graph;
  for (std::size_t node = 0; node < nodes; ++node) graph.names.push_back(std::to_string(node));
  for (;;) {
    const auto edges = pairing(nodes, degree, random);
    if (!edges) continue;
    for (const auto& [a, b] : *edges)
      graph.edges.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), 1});
    return graph;
  }
}

Graph part_of(const Graph& graph, const std::vector<std::size_t>& nodes) {
  constexpr auto none = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> number(graph.names.size(), none);
  Graph part;
  for (const auto node : nodes) {
    number[node] = static_cast<std::uint32_t>(part.names.size());
    part.names.push_back(graph.names[node]);
  }
  for (const auto& edge : graph.edges) {
    const auto [a, b] = std::minmax(number[edge.a], number[edge.b]);
    if (b != none) part.edges.push_back({a, b, edge.weight});
  }
  return part;
}

}  // namespace qupel
