#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// A file of TSPLIB (Reinelt, ORSA J. Comput. 3, 376, 1991) or CVRPLIB.
struct RoutingFile {
  std::string name;
  bool vehicles = false;           ///< its TYPE is CVRP
  Matrix<double> distances;        ///< symmetric, none negative, in the unit of the file
  std::vector<std::string> names;  ///< of the nodes, as numbered in the file
  std::vector<double> x, y;        ///< places to draw them at; none if the file has none
  double capacity = 0;             ///< of a vehicle
  std::vector<double> demands;     ///< of the nodes; the depot has none
  std::size_t depot = 0;
  /// That the file names (VEHICLES), which no plan is held to; 0: it names none.
  std::size_t vehicle_count = 0;
};

inline constexpr std::size_t most_stops = 2000;

/// Reads EDGE_WEIGHT_TYPE EUC_2D, CEIL_2D, MAN_2D, MAX_2D, ATT, GEO and EXPLICIT (FULL_MATRIX, and UPPER or
/// LOWER, with or without DIAG, ROW or COL), distances rounded as TSPLIB says.
/// @param source what errors call the file
/// @throws InputError with file and line; for asymmetric or negative distances
RoutingFile read_routing(std::string_view text, std::string_view source);

}  // namespace qupel
