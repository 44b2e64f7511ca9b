#pragma once
#include <memory>
#include <mutex>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/routing_file.h"

namespace qupel {

/// The order in which all stops are visited once, back to the first, so that the way is shortest. With n
/// stops its QUBO has a bit for each of the others and each place in the order after the first:
/// (n - 1)^2 qubits, and (n - 1)^3 couplings or so.
class Tour final : public Decision {
 public:
  explicit Tour(RoutingFile file) : file_(std::move(file)) {}
  const RoutingFile& file() const { return file_; }
  const Matrix<double>& distances() const { return file_.distances; }
  std::size_t stops() const { return file_.distances.rows(); }

  std::string_view kind() const override { return "tsp"; }
  double objective(ValuesView order) const override;
  std::string violation(ValuesView order) const override;
  /// Always to the nearest stop that is left, from the first.
  Values first_answer() const override;
  std::size_t variables() const override { return (stops() - 1) * (stops() - 1); }
  /// @throws InputError above 64 stops
  Qubo qubo() const override;
  Values from_bits(std::span<const std::uint8_t> bits) const override;
  /// The order of neighbouring stops between two that stay: k of them take k^2 bits.
  DecisionPart part(const Values& now, std::size_t most_bits, Random& random) const override;
  /// By Held and Karp's recursion up to 20 stops.
  std::optional<double> proven_optimum() const override;
  /// By one-trees (Held and Karp 1971).
  std::optional<double> bound() const override;
  /// The names of the stops.
  std::string solution(ValuesView order) const override;
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  /// On the file's places.
  std::optional<NetworkDrawing> drawing(ValuesView order) const override;
  std::string size_words() const override;
  std::string digest() const override;

 private:
  RoutingFile file_;
};

/// Stops of a file with the distances between them.
RoutingFile part_of(const RoutingFile& file, const std::vector<std::size_t>& stops);

/// As Decision::data(): the nodes of a file with the distances between them and their places (none, if the
/// file has none).
std::string routing_data(const RoutingFile& file, const char* nodes);

/// The places of a file, without edges.
NetworkDrawing map_of(const RoutingFile& file, std::string title);

Values nearest_neighbour_tour(const Matrix<double>& distances, std::size_t first);

inline constexpr std::size_t most_held_karp = 22;  ///< stops: some seconds and 350 MB
/// A shortest tour, by the shortest ways through all sets of stops. @throws InputError above that
Values held_karp(const Matrix<double>& distances);

/// No tour is shorter: the best of many spanning trees with one more edge, under prices of stops that make
/// every stop meet two edges (subgradients; Held and Karp, Math. Program. 1, 6, 1971).
double one_tree_bound(const Matrix<double>& distances);

/// @param facts their names and source are kept. @param known as DecisionProblem
std::unique_ptr<DecisionProblem> tour_problem(Facts facts, std::vector<RoutingFile> files,
                                              std::vector<std::optional<Reference>> known = {});

}  // namespace qupel
