// Any bytes as a solution in the terms of each kind of decision, as a program of the user's own answers: read
// or refused with an InputError; what keeps the constraints is written as it is read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/tour.h"
#include "qupel/problem/optimization/vehicle_routes.h"

namespace {

void try_as(const qupel::Decision& decision, std::string_view json) {
  try {
    const auto values = decision.read_solution(json);
    if (!decision.violation(values).empty()) return;
    if (decision.read_solution(decision.solution(values)) != values) std::abort();
  } catch (const qupel::InputError&) {
    return;
  }
}

constexpr const char* places =
    "DIMENSION: 4\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 0 3\n3 4 3\n4 4 0\n";
constexpr const char* vehicles =
    "TYPE: CVRP\nCAPACITY: 2\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 0 3\n3 4 3\n4 4 "
    "0\nDEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\nDEPOT_SECTION\n1\n-1\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const qupel::MaxCut cut(qupel::read_graph("a b 1\nb c 2\n", "graph"));
  static const qupel::Tour tour(qupel::read_routing(places, "tour"));
  static const qupel::VehicleRoutes routes(qupel::read_routing(vehicles, "routes"));
  static const qupel::IntegerDecision program(
      qupel::read_lp("max x + y\nst\nx + y <= 3\nbounds\nx <= 2\ny <= 2\ngeneral\nx y\nend\n", "program"));
  const std::string_view json(reinterpret_cast<const char*>(bytes), size);
  for (const qupel::Decision* decision :
       {static_cast<const qupel::Decision*>(&cut), static_cast<const qupel::Decision*>(&tour),
        static_cast<const qupel::Decision*>(&routes), static_cast<const qupel::Decision*>(&program)})
    try_as(*decision, json);
  return 0;
}
