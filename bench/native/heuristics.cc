#include "heuristics.h"

#include <ctime>

#include "qupel/base/file.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/problem/optimization/qubo_decision.h"

namespace bench {
namespace {

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int heuristics(const Arguments& arguments) {
  using namespace qupel;
  const bool annealing = arguments.work.starts_with("annealing");
  const auto& contender = annealing ? simulated_annealing : tabu_search;
  const auto& path = arguments.more[0];
  const QuboDecision decision(read_qubo_coo(read_file(path), path));
  const double target = std::stod(arguments.more[1]);
  const FitContext context{.seed = 1, .executor = nullptr};
  Result result{.value = -target};
  for (std::size_t i = 2; i < arguments.more.size(); ++i) {
    const Settings settings{{"starts", annealing ? 100.0 : 1000.0},
                            {annealing ? "sweeps" : "patience", std::stod(arguments.more[i])}};
    const double start = processor_seconds();
    const auto answer = contender.fit(decision, settings, context)->answer(decision, context);
    const double seconds = processor_seconds() - start;
    std::int64_t met = 0;
    for (const auto& [energy, tries] : std::get<Assignment>(answer).tried)
      if (energy <= target + 1e-6) met += tries;
    if (met > 0) result.seconds = std::min(result.seconds, seconds / static_cast<double>(met));
  }
  return report(result);
}

}  // namespace bench
