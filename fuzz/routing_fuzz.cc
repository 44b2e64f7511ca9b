// Any bytes as a file of TSPLIB or CVRPLIB: read or refused with an InputError; the first answer is feasible,
// and no shorter than the bound.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/tour.h"
#include "qupel/problem/optimization/vehicle_routes.h"

namespace {

void check(const qupel::Decision& decision, std::size_t stops) {
  const auto answer = decision.first_answer();
  if (!decision.violation(answer).empty()) std::abort();
  constexpr std::size_t quick = 30;
  if (stops <= quick && !decision.reaches(decision.bound().value(), decision.objective(answer))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    auto file = qupel::read_routing(text, "fuzz");
    const auto stops = file.names.size();
    if (file.vehicles)
      check(qupel::VehicleRoutes(std::move(file)), stops);
    else
      check(qupel::Tour(std::move(file)), stops);
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
