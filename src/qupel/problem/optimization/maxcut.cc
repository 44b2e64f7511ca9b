#include "qupel/problem/optimization/maxcut.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "qupel/base/hash.h"
#include "qupel/problem/optimization/solution_reader.h"
#include "qupel/problem/optimization/vector_relaxation.h"
#include "qupel/problem/wording.h"

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
  return variables() > most_bounded ? sum : std::min(sum, -relaxed_bound(qubo()));
}

std::optional<NetworkDrawing> MaxCut::drawing(ValuesView sides) const {
  constexpr std::size_t most_drawn = 60;
  if (sides.size() > most_drawn) return std::nullopt;
  NetworkDrawing network;
  network.title = "the cut";
  std::size_t counts[2] = {0, 0}, done[2] = {0, 0};
  for (const auto side : sides) ++counts[side];
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto side = static_cast<std::size_t>(sides[i]);
    const double share = (static_cast<double>(done[side]++) + 0.5) / static_cast<double>(counts[side]);
    const double angle = std::numbers::pi * (share - 0.5) * 0.9 + (side == 0 ? std::numbers::pi : 0);
    network.nodes.push_back({graph_.names[i], std::cos(angle), std::sin(angle), static_cast<int>(side)});
  }
  for (const auto& edge : graph_.edges)
    network.edges.push_back({edge.a, edge.b, sides[edge.a] != sides[edge.b]});
  return network;
}

Values MaxCut::read_solution(std::string_view json) const { return numbers_by_name(json, graph_.names); }

std::string MaxCut::data() const {
  auto edges = nlohmann::json::array();
  for (const auto& edge : graph_.edges)
    edges.push_back({graph_.names[edge.a], graph_.names[edge.b], edge.weight});
  return text_of_json(nlohmann::json{{"nodes", graph_.names}, {"edges", edges}});
}

std::string MaxCut::size_words() const {
  return counted(graph_.names.size(), "node") + ", " + counted(graph_.edges.size(), "edge");
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
