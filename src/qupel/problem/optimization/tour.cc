#include "qupel/problem/optimization/tour.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/problem/optimization/path_part.h"
#include "qupel/problem/optimization/solution_reader.h"

namespace qupel {
namespace {

constexpr std::size_t quickly_solved = 20;   // stops: half a second
constexpr std::size_t most_qubo_stops = 64;  // a quarter of a million couplings

std::string not_a_tour(ValuesView order, std::size_t stops) {
  if (order.size() != stops) return fmt::format("{} stops, not {}", order.size(), stops);
  std::vector<bool> seen(stops);
  for (const auto stop : order) {
    if (stop < 0 || stop >= static_cast<std::int64_t>(stops))
      return fmt::format("a stop {}, of {}", stop, stops);
    if (seen[static_cast<std::size_t>(stop)]) return fmt::format("stop {} is visited twice", stop);
    seen[static_cast<std::size_t>(stop)] = true;
  }
  return "";
}

}  // namespace

double Tour::objective(ValuesView order) const {
  double way = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    way += file_.distances(static_cast<std::size_t>(order[i]),
                           static_cast<std::size_t>(order[(i + 1) % order.size()]));
  return way;
}

std::string Tour::violation(ValuesView order) const { return not_a_tour(order, stops()); }

Values Tour::first_answer() const { return nearest_neighbour_tour(file_.distances, 0); }

Values nearest_neighbour_tour(const Matrix<double>& distances, std::size_t first) {
  Values order{static_cast<std::int64_t>(first)};
  std::vector<bool> seen(distances.rows());
  seen[first] = true;
  for (auto at = first; order.size() < distances.rows();) {
    std::size_t next = distances.rows();
    for (std::size_t stop = 0; stop < distances.rows(); ++stop)
      if (!seen[stop] && (next == distances.rows() || distances(at, stop) < distances(at, next))) next = stop;
    seen[next] = true;
    order.push_back(static_cast<std::int64_t>(next));
    at = next;
  }
  return order;
}

// Bit (i - 1) (n - 1) + t - 1: stop i is at place t; stop 0 is at place 0.
Qubo Tour::qubo() const {
  const auto n = stops(), m = n - 1;
  if (n > most_qubo_stops)
    throw InputError(fmt::format("the QUBO of {} stops has {} bits: Qupel makes it for up to {} stops", n,
                                 m * m, most_qubo_stops));
  std::vector<std::string> names;
  double longest = 0;
  for (std::size_t i = 1; i < n; ++i)
    for (std::size_t t = 1; t < n; ++t) names.push_back(fmt::format("stop {} at {}", file_.names[i], t));
  for (const double d : file_.distances.values()) longest = std::max(longest, d);
  QuboBuilder builder(std::move(names));
  const auto bit = [m](std::size_t stop, std::size_t place) { return (stop - 1) * m + place - 1; };
  const double penalty =
      2 * std::max(longest, 1e-9);  // leaving a stop out saves two ways at most, and breaks two rules
  for (std::size_t a = 1; a < n; ++a) {
    std::vector<std::pair<std::size_t, double>> places, stops_there;
    for (std::size_t b = 1; b < n; ++b)
      places.emplace_back(bit(a, b), 1), stops_there.emplace_back(bit(b, a), 1);
    builder.add_square(places, -1, penalty);
    builder.add_square(stops_there, -1, penalty);
    builder.add(bit(a, 1), file_.distances(0, a));
    builder.add(bit(a, m), file_.distances(a, 0));
    for (std::size_t b = 1; b < n; ++b)
      for (std::size_t t = 1; a != b && t < m; ++t)
        builder.add(bit(a, t), bit(b, t + 1), file_.distances(a, b));
  }
  return std::move(builder).build();
}

Values Tour::from_bits(std::span<const std::uint8_t> bits) const {
  const auto m = stops() - 1;
  Values order(stops(), -1);
  order[0] = 0;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t t = 0; t < m; ++t) {
      if (bits[i * m + t] == 0) continue;
      if (order[t + 1] != -1) return {};  // two stops at one place
      order[t + 1] = static_cast<std::int64_t>(i + 1);
    }
  return order;
}

DecisionPart Tour::part(const Values& now, std::size_t most_bits, Random& random) const {
  const auto n = stops();
  const auto count = std::min(whole_root(most_bits), n < 3 ? 0 : n - 2);
  if (count < 2) return {};
  auto order = now;
  std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(random.below(n)), order.end());
  std::vector<std::size_t> inner;
  for (std::size_t k = 1; k <= count; ++k) inner.push_back(static_cast<std::size_t>(order[k]));
  auto qubo = path_qubo(file_.distances, static_cast<std::size_t>(order[0]), inner,
                        static_cast<std::size_t>(order[count + 1]));
  return {std::move(qubo), [order, inner](std::span<const std::uint8_t> bits) {
            const auto path = path_of(inner, bits);
            if (path.empty()) return Values{};
            auto whole = order;
            for (std::size_t k = 0; k < path.size(); ++k) whole[k + 1] = static_cast<std::int64_t>(path[k]);
            return whole;
          }};
}

std::optional<double> Tour::proven_optimum() const {
  if (stops() > quickly_solved) return std::nullopt;
  return objective(held_karp(file_.distances));
}

std::optional<double> Tour::bound() const { return one_tree_bound(file_.distances); }

std::string Tour::solution(ValuesView order) const {
  std::vector<std::string> names;
  for (const auto stop : order) names.push_back(json_text(file_.names[static_cast<std::size_t>(stop)]));
  return fmt::format("[{}]", fmt::join(names, ", "));
}

std::string routing_data(const RoutingFile& file, const char* nodes) {
  auto distances = nlohmann::json::array(), places = nlohmann::json::array();
  for (std::size_t a = 0; a < file.names.size(); ++a) {
    const auto row = file.distances.row(a);
    distances.push_back(std::vector<double>(row.begin(), row.end()));
    if (!file.x.empty()) places.push_back({file.x[a], file.y[a]});
  }
  return text_of_json(nlohmann::json{{nodes, file.names}, {"distances", distances}, {"places", places}});
}

NetworkDrawing map_of(const RoutingFile& file, std::string title) {
  NetworkDrawing network;
  network.title = std::move(title);
  for (std::size_t i = 0; i < file.names.size(); ++i)
    network.nodes.push_back({file.names[i], file.x[i], file.y[i], 0});
  return network;
}

std::optional<NetworkDrawing> Tour::drawing(ValuesView order) const {
  if (file_.x.empty()) return std::nullopt;
  auto network = map_of(file_, "the tour");
  for (std::size_t i = 0; i < order.size(); ++i)
    network.edges.push_back(
        {static_cast<std::size_t>(order[i]), static_cast<std::size_t>(order[(i + 1) % order.size()]), true});
  return network;
}

Values Tour::read_solution(std::string_view json) const { return places_of_names(json, file_.names, "stop"); }

std::string Tour::data() const { return routing_data(file_, "stops"); }

std::string Tour::size_words() const { return fmt::format("{} stops", stops()); }

std::string Tour::digest() const {
  return sha256(fmt::format("tsp {} {}", stops(), file_.distances.values()));
}

RoutingFile part_of(const RoutingFile& file, const std::vector<std::size_t>& stops) {
  RoutingFile part;
  part.name = file.name;
  part.distances = Matrix<double>(stops.size(), stops.size());
  for (std::size_t a = 0; a < stops.size(); ++a) {
    part.names.push_back(file.names[stops[a]]);
    if (!file.x.empty()) part.x.push_back(file.x[stops[a]]), part.y.push_back(file.y[stops[a]]);
    for (std::size_t b = 0; b < stops.size(); ++b) part.distances(a, b) = file.distances(stops[a], stops[b]);
  }
  return part;
}

std::unique_ptr<DecisionProblem> tour_problem(Facts facts, std::vector<RoutingFile> files,
                                              std::vector<std::optional<Reference>> known) {
  facts.target = "the shortest tour";
  std::vector<DecisionProblem::Row> rows;
  for (auto& file : files) rows.push_back(std::make_shared<const Tour>(std::move(file)));
  return std::make_unique<DecisionProblem>(std::move(facts), std::move(rows),
                                           FloorWords{"nearest-neighbour", "the nearest-neighbour tour",
                                                      "going always to the nearest stop that is left"},
                                           std::move(known));
}

}  // namespace qupel
