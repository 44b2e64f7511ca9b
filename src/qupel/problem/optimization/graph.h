#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// An undirected graph with weights on its edges.
struct Graph {
  struct Edge {
    std::uint32_t a = 0, b = 0;  ///< a below b
    double weight = 1;
  };
  std::vector<std::string> names;  ///< of the nodes
  std::vector<Edge> edges;         ///< each pair once
};

inline constexpr std::size_t most_nodes = 20'000;

/// Reads an edge list (two nodes and, if there is one, a weight a line; nodes may have any names; lines that
/// begin with # or % are left out), a DIMACS file ("p edge N M", "e I J [W]") or a file of the Gset (a line
/// "N M", then M lines of two nodes from 1 on and a weight). An edge list whose first line could be the
/// Gset's is taken for one if as many edges follow as that line says.
/// @param source what errors call the file
/// @throws InputError for loops, an edge that stands twice, and what is no such file
Graph read_graph(std::string_view text, std::string_view source);

/// How many parts a graph falls into.
std::size_t components(const Graph& graph);

/// A graph whose nodes have `degree` edges each, all such graphs about alike likely (pairing of half-edges,
/// again until there is no loop and no pair twice). @throws InputError if there is no such graph
Graph random_regular_graph(std::size_t nodes, std::size_t degree, std::uint64_t seed);

/// The nodes with these numbers and the edges between them.
Graph part_of(const Graph& graph, const std::vector<std::size_t>& nodes);

}  // namespace qupel
