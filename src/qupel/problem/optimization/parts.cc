#include "qupel/problem/optimization/parts.h"

#include <algorithm>

#include "qupel/base/interrupt.h"

namespace qupel {

Assignment improve_by_parts(const Decision& decision, const PartSearch& search, const SolvePart& solve) {
  Random random(derive(search.seed, {key_of("parts")}));
  auto now = decision.first_answer();
  double best = decision.objective(now);
  for (std::size_t round = 0; round < search.rounds; ++round) {
    check_interrupt();
    const auto part = decision.part(now, search.most_bits, random);
    if (part.qubo.size() == 0) break;
    for (const auto& bits : solve(part.qubo, round)) {
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
