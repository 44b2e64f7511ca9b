#include "qupel/problem/optimization/parts.h"

#include <algorithm>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

/// Of the candidates of a part those of lowest energy, the lowest first. Energies of a part differ from
/// objectives of the whole by a constant, but for infeasible ones and slack, so that the best is among the
/// first few; to evaluate each as a whole would take a large decision minutes.
std::vector<Bits> lowest_of(const Qubo& part, std::vector<Bits> candidates) {
  constexpr std::size_t most = 32;
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t c = 0; c < candidates.size(); ++c) order.emplace_back(part.energy(candidates[c]), c);
  std::ranges::sort(order);
  order.resize(std::min(order.size(), most));
  std::vector<Bits> lowest;
  for (const auto& [energy, c] : order) lowest.push_back(std::move(candidates[c]));
  return lowest;
}

}  // namespace

Assignment improve_by_parts(const Decision& decision, const PartSearch& search, const SolvePart& solve) {
  Random random(derive(search.seed, {key_of("parts")}));
  auto now = decision.first_answer();
  double best = decision.objective(now);
  for (std::size_t round = 0; round < search.rounds; ++round) {
    check_interrupt();
    const auto part = decision.part(now, search.most_bits, random);
    if (part.qubo.size() == 0) break;
    for (const auto& bits : lowest_of(part.qubo, solve(part.qubo, round))) {
      auto whole = part.whole(bits);
      if (!decision.violation(whole).empty()) continue;
      const double objective = decision.objective(whole);
      if (decision.reaches(best, objective)) continue;
      best = objective;
      now = std::move(whole);
    }
  }
  Tries tries(decision);
  tries.add(std::move(now));
  return std::move(tries).take();
}

Qubo first_qubo(const Decision& decision, std::size_t most) {
  if (decision.variables() <= most) return decision.qubo();
  Random random(0);
  return decision.part(decision.first_answer(), most, random).qubo;
}

}  // namespace qupel
