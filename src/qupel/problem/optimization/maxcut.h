#pragma once
#include <memory>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/graph.h"

namespace qupel {

/// A side, 0 or 1, for each node of a graph, so that the weight of the edges between the sides is largest.
/// One qubit a node, one two-qubit gate an edge and layer.
class MaxCut final : public Decision {
 public:
  explicit MaxCut(Graph graph) : graph_(std::move(graph)) {}
  const Graph& graph() const { return graph_; }

  std::string_view kind() const override { return "maxcut"; }
  bool maximised() const override { return true; }
  double objective(ValuesView sides) const override;
  std::string violation(ValuesView sides) const override { return not_bits(sides, graph_.names.size()); }
  Values first_answer() const override;
  std::size_t variables() const override { return graph_.names.size(); }
  Qubo qubo() const override;
  Values from_bits(std::span<const std::uint8_t> bits) const override { return values_of(bits); }
  /// By the semidefinite relaxation; of many nodes all edges of positive weight.
  std::optional<double> bound() const override;
  std::string solution(ValuesView sides) const override { return bits_by_name(graph_.names, sides); }
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  /// The nodes on two arcs, by their sides.
  std::optional<NetworkDrawing> drawing(ValuesView sides) const override;
  std::string size_words() const override;
  std::string digest() const override;

 private:
  Graph graph_;
};

/// @param facts their names and source are kept. @param known as DecisionProblem
std::unique_ptr<DecisionProblem> maxcut_problem(Facts facts, std::vector<Graph> graphs,
                                                std::vector<std::optional<Reference>> known = {});

}  // namespace qupel
