#include "qupel/problem/optimization/vehicle_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/problem/optimization/path_part.h"
#include "qupel/problem/optimization/solution_reader.h"
#include "qupel/problem/optimization/tour.h"
#include "qupel/problem/wording.h"

namespace qupel {

VehicleRoutes::VehicleRoutes(RoutingFile file) : file_(std::move(file)) {
  if (!file_.vehicles) throw InputError(fmt::format("{} has no vehicles: its TYPE is not CVRP", file_.name));
}

double VehicleRoutes::objective(ValuesView routes) const {
  auto at = file_.depot;
  double way = 0;
  for (const auto stop : routes) {
    way += file_.distances(at, static_cast<std::size_t>(stop));
    at = static_cast<std::size_t>(stop);
  }
  return way + file_.distances(at, file_.depot);
}

std::string VehicleRoutes::violation(ValuesView routes) const {
  const auto nodes = file_.names.size();
  std::vector<bool> seen(nodes);
  double load = 0;
  for (const auto stop : routes) {
    if (stop < 0 || stop >= static_cast<std::int64_t>(nodes))
      return fmt::format("a stop {}, of {}", stop, nodes);
    const auto node = static_cast<std::size_t>(stop);
    if (node == file_.depot) {
      load = 0;
      continue;
    }
    if (seen[node]) return fmt::format("customer {} is visited twice", file_.names[node]);
    seen[node] = true;
    load += file_.demands[node];
    if (load > file_.capacity)
      return fmt::format("a route demands {}, its vehicle holds {}", load, file_.capacity);
  }
  seen[file_.depot] = true;
  const auto left = std::ranges::find(seen, false);
  return left == seen.end() ? ""
                            : fmt::format("customer {} is not visited",
                                          file_.names[static_cast<std::size_t>(left - seen.begin())]);
}

Values VehicleRoutes::first_answer() const { return values_of(sweep_clusters(file_, 0), file_.depot); }

DecisionPart VehicleRoutes::part(const Values& now, std::size_t most_bits, Random& random) const {
  const auto routes = routes_of(now, file_.depot);
  std::vector<std::size_t> longer;
  for (std::size_t r = 0; r < routes.size(); ++r)
    if (routes[r].size() > 1) longer.push_back(r);
  if (longer.empty() || whole_root(most_bits) < 2) return {};
  const auto at = longer[random.below(longer.size())];
  const auto count = std::min(whole_root(most_bits), routes[at].size());
  const auto first = random.below(routes[at].size() - count + 1);
  std::vector<std::size_t> inner(routes[at].begin() + static_cast<std::ptrdiff_t>(first),
                                 routes[at].begin() + static_cast<std::ptrdiff_t>(first + count));
  const auto before = first == 0 ? file_.depot : routes[at][first - 1];
  const auto after = first + count == routes[at].size() ? file_.depot : routes[at][first + count];
  return {path_qubo(file_.distances, before, inner, after),
          [routes, at, first, inner, depot = file_.depot](std::span<const std::uint8_t> bits) {
            const auto path = path_of(inner, bits);
            if (path.empty()) return Values{};
            auto whole = routes;
            for (std::size_t k = 0; k < path.size(); ++k)
              whole[at][first + k] = static_cast<std::uint32_t>(path[k]);
            return values_of(whole, depot);
          }};
}

std::size_t VehicleRoutes::fewest_vehicles() const {
  return static_cast<std::size_t>(
      std::ceil(std::accumulate(file_.demands.begin(), file_.demands.end(), 0.0) / file_.capacity - 1e-9));
}

std::size_t VehicleRoutes::variables() const {
  const auto customers = file_.names.size() - 1;
  return customers * customers * std::max<std::size_t>(1, fewest_vehicles());
}

Qubo VehicleRoutes::qubo() const {
  throw InputError(
      fmt::format("routes of vehicles as one QUBO would take {} bits and more for the loads: divide the "
                  "customers into routes first, and order each route as a tour",
                  variables()));
}

std::optional<double> VehicleRoutes::bound() const {
  double sum = 0;
  std::vector<double> from_depot;
  for (std::size_t node = 0; node < file_.names.size(); ++node) {
    if (node == file_.depot) continue;
    std::vector<double> ways;
    for (std::size_t other = 0; other < file_.names.size(); ++other)
      if (other != node) ways.push_back(file_.distances(node, other));
    std::ranges::sort(ways);
    sum += ways[0] + (ways.size() > 1 ? ways[1] : ways[0]);
    from_depot.push_back(file_.distances(file_.depot, node));
  }
  std::ranges::sort(from_depot);
  for (std::size_t k = 0; k < 2 * fewest_vehicles(); ++k)
    sum += from_depot[std::min(k / 2, from_depot.size() - 1)];
  return sum / 2;
}

std::string VehicleRoutes::solution(ValuesView routes) const {
  std::vector<std::string> all;
  for (const auto& route : routes_of(routes, file_.depot)) {
    std::vector<std::string> names;
    for (const auto stop : route) names.push_back(json_text(file_.names[stop]));
    all.push_back(fmt::format("[{}]", fmt::join(names, ", ")));
  }
  return fmt::format("[{}]", fmt::join(all, ", "));
}

std::optional<NetworkDrawing> VehicleRoutes::drawing(ValuesView values) const {
  if (file_.x.empty()) return std::nullopt;
  auto network = map_of(file_, "the routes");
  int group = 0;
  for (const auto& route : routes_of(values, file_.depot)) {
    auto at = file_.depot;
    ++group;
    for (const auto stop : route) {
      network.nodes[stop].group = group;
      network.edges.push_back({at, stop, true});
      at = stop;
    }
    network.edges.push_back({at, file_.depot, true});
  }
  return network;
}

Values VehicleRoutes::read_solution(std::string_view json) const {
  Values values;
  for (const auto& route : lists_of_names(json, file_.names, "customer")) {
    if (route.empty()) continue;
    if (std::ranges::find(route, static_cast<std::int64_t>(file_.depot)) != route.end())
      throw InputError(
          fmt::format("a route with the depot {} among its customers", file_.names[file_.depot]));
    if (!values.empty()) values.push_back(static_cast<std::int64_t>(file_.depot));
    values.insert(values.end(), route.begin(), route.end());
  }
  return values;
}

std::string VehicleRoutes::data() const {
  auto all = nlohmann::json::parse(routing_data(file_, "nodes"));
  all["depot"] = file_.names[file_.depot];
  all["capacity"] = file_.capacity;
  all["demands"] = file_.demands;
  return text_of_json(all);
}

std::string VehicleRoutes::size_words() const {
  return fmt::format("{}, {} at least", counted(file_.names.size() - 1, "customer"),
                     counted(static_cast<std::size_t>(fewest_vehicles()), "vehicle"));
}

std::string VehicleRoutes::digest() const {
  return sha256(
      fmt::format("cvrp {} {} {} {}", file_.capacity, file_.depot, file_.demands, file_.distances.values()));
}

Values values_of(const Routes& routes, std::size_t depot) {
  Values values;
  for (const auto& route : routes) {
    if (route.empty()) continue;
    if (!values.empty()) values.push_back(static_cast<std::int64_t>(depot));
    values.insert(values.end(), route.begin(), route.end());
  }
  return values;
}

Routes routes_of(ValuesView values, std::size_t depot) {
  Routes routes(1);
  for (const auto stop : values) {
    if (stop == static_cast<std::int64_t>(depot))
      routes.emplace_back();
    else
      routes.back().push_back(static_cast<std::uint32_t>(stop));
  }
  std::erase_if(routes, [](const auto& route) { return route.empty(); });
  return routes;
}

Routes sweep_clusters(const RoutingFile& file, std::size_t first) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t node = 0; node < file.names.size(); ++node)
    if (node != file.depot) order.push_back(node);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t node) {
    return file.x.empty() ? file.distances(file.depot, node)
                          : std::atan2(file.y[node] - file.y[file.depot], file.x[node] - file.x[file.depot]);
  });
  Routes routes(1);
  double load = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto customer = order[(first + k) % order.size()];
    if (load + file.demands[customer] > file.capacity) routes.emplace_back(), load = 0;
    load += file.demands[customer];
    routes.back().push_back(customer);
  }
  return routes;
}

std::unique_ptr<DecisionProblem> vehicle_problem(Facts facts, std::vector<RoutingFile> files,
                                                 std::vector<std::optional<Reference>> known) {
  facts.target = "the shortest routes";
  std::vector<DecisionProblem::Row> rows;
  for (auto& file : files) rows.push_back(std::make_shared<const VehicleRoutes>(std::move(file)));
  return std::make_unique<DecisionProblem>(
      std::move(facts), std::move(rows),
      FloorWords{"sweep-once", "routes by direction",
                 "filling one vehicle after the other by the direction of the customers"},
      std::move(known));
}

}  // namespace qupel
