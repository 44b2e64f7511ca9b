#pragma once
#include <memory>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/routing_file.h"

namespace qupel {

/// Routes of vehicles of one capacity from a depot to all customers and back, so that the way is shortest; as
/// many vehicles as are wanted. An answer is the customers in their order with the depot's number between
/// routes. As one QUBO it would take a bit for each customer, vehicle and place in a route, and more for the
/// loads: it is split instead, customers into routes first, each route a tour of its own.
class VehicleRoutes final : public Decision {
 public:
  /// @throws InputError for a file without vehicles
  explicit VehicleRoutes(RoutingFile file);
  const RoutingFile& file() const { return file_; }

  std::string_view kind() const override { return "cvrp"; }
  double objective(ValuesView routes) const override;
  std::string violation(ValuesView routes) const override;
  /// Customers by their direction from the depot, as many to a route as a vehicle holds.
  Values first_answer() const override;
  /// Of the one QUBO, without the bits for loads.
  std::size_t variables() const override;
  /// @throws InputError always, with the way out
  Qubo qubo() const override;
  Values from_bits(std::span<const std::uint8_t>) const override { return {}; }
  /// The order of neighbouring customers of one route: which customers it has, stays.
  DecisionPart part(const Values& now, std::size_t most_bits, Random& random) const override;
  std::optional<double> proven_optimum() const override { return std::nullopt; }
  /// Each customer's two best ways, halved, and as many vehicles from the depot as the demands fill.
  std::optional<double> bound() const override;
  /// A list of routes, each of its customers' names.
  std::string solution(ValuesView routes) const override;
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  std::optional<NetworkDrawing> drawing(ValuesView routes) const override;
  std::string size_words() const override;
  std::string digest() const override;

  std::size_t fewest_vehicles() const;

 private:
  RoutingFile file_;
};

using Routes = std::vector<std::vector<std::uint32_t>>;  ///< customers of each vehicle, in their order
Values values_of(const Routes& routes, std::size_t depot);
Routes routes_of(ValuesView values, std::size_t depot);

/// Customers by their direction from the depot (by their distance, where the file has no places), from the
/// `first` of them on, as many to a route as a vehicle holds (Gillett and Miller 1974).
Routes sweep_clusters(const RoutingFile& file, std::size_t first);

/// @param facts their names and source are kept. @param known as DecisionProblem
std::unique_ptr<DecisionProblem> vehicle_problem(Facts facts, std::vector<RoutingFile> files,
                                                 std::vector<std::optional<Reference>> known = {});

}  // namespace qupel
