#include "qupel/problem/optimization/maxcut.h"

#include <fmt/format.h>

#include "qupel/base/hash.h"

namespace qupel {

double MaxCut::objective(ValuesView sides) const {
  double cut = 0;
  for (const auto& edge : graph_.edges)
    if (sides[edge.a] != sides[edge.b]) cut += edge.weight;
  return cut;
}

Values MaxCut::first_answer() const { return values_of(greedy_bits(qubo())); }

Qubo MaxCut::qubo() const {
  QuboBuilder builder(graph_.names);
  for (const auto& edge : graph_.edges) {
    builder.add(edge.a, -edge.weight);
    builder.add(edge.b, -edge.weight);
    builder.add(edge.a, edge.b, 2 * edge.weight);
  }
  return std::move(builder).build();
}

std::optional<double> MaxCut::bound() const {
  double sum = 0;
  for (const auto& edge : graph_.edges)
    if (edge.weight > 0) sum += edge.weight;
  return sum;
}

std::string MaxCut::digest() const {
  std::string all = fmt::format("maxcut {}\n", graph_.names.size());
  for (const auto& edge : graph_.edges) all += fmt::format("{} {} {}\n", edge.a, edge.b, edge.weight);
  return sha256(all);
}

std::unique_ptr<DecisionProblem> maxcut_problem(Facts facts, std::vector<Graph> graphs,
                                                std::vector<std::optional<Reference>> known) {
  facts.target = "the largest cut";
  std::vector<DecisionProblem::Row> rows;
  for (auto& graph : graphs) rows.push_back(std::make_shared<const MaxCut>(std::move(graph)));
  return std::make_unique<DecisionProblem>(
      std::move(facts), std::move(rows),
      FloorWords{"greedy", "the greedy cut", "putting node after node on the side where it cuts more"},
      std::move(known));
}

}  // namespace qupel
