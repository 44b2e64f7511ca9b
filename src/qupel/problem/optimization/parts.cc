#include "qupel/problem/optimization/parts.h"

#include <algorithm>
#include <map>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

/// Variables around a random one, by couplings, and random ones where those end.
std::vector<std::size_t> neighbourhood(const Neighbours& neighbours, std::size_t variables, std::size_t count,
                                       Random& random) {
  std::vector<std::size_t> chosen;
  std::vector<bool> in(variables);
  const auto take = [&](std::size_t i) {
    if (in[i] || chosen.size() == count) return;
    in[i] = true;
    chosen.push_back(i);
  };
  for (std::size_t next = 0; chosen.size() < count; ++next) {
    if (next == chosen.size()) {
      std::size_t fresh = random.below(variables);
      while (in[fresh]) fresh = (fresh + 1) % variables;
      take(fresh);
    }
    const auto first = neighbours.first[chosen[next]];
    for (const auto k : random.permutation(neighbours.first[chosen[next] + 1] - first))
      take(neighbours.other[first + k]);
  }
  return chosen;
}

/// The energy of some variables while the others are as they are. Visits nothing but their own couplings.
Qubo restricted(const Qubo& qubo, const Neighbours& neighbours, const std::vector<std::size_t>& free,
                const Values& values) {
  std::vector<std::string> names;
  std::map<std::size_t, std::size_t> number;
  for (const auto i : free) number[i] = names.size(), names.push_back(qubo.names[i]);
  QuboBuilder part(std::move(names));
  for (const auto i : free) {
    part.add(number[i], qubo.linear[i]);
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k) {
      const std::size_t other = neighbours.other[k];
      if (const auto inside = number.find(other); inside == number.end()) {
        if (values[other] != 0) part.add(number[i], neighbours.weight[k]);
      } else if (i < other) {  // a coupling within the part is met from both ends
        part.add(number[i], inside->second, neighbours.weight[k]);
      }
    }
  }
  return std::move(part).build();
}

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
  // Without bits of a slack, feasible bits of the lowest energy have the best objective: no others are tried.
  const bool bits_are_the_answer = now.size() == decision.variables();
  for (std::size_t round = 0; round < search.rounds; ++round) {
    check_interrupt();
    const auto part = decision.part(now, search.most_bits, random);
    if (part.qubo.size() == 0) break;
    for (const auto& bits : lowest_of(part.qubo, solve(part.qubo, round))) {
      auto whole = part.whole(bits);
      if (!decision.violation(whole).empty()) continue;
      const double objective = decision.objective(whole);
      if (!decision.reaches(best, objective)) {
        best = objective;
        now = std::move(whole);
      }
      if (bits_are_the_answer) break;
    }
  }
  Tries tries(decision);
  tries.add(std::move(now));
  return std::move(tries).take();
}

DecisionPart part_of(const Qubo& qubo, const Neighbours& neighbours, const Values& now, std::size_t most_bits,
                     Random& random) {
  const auto free = neighbourhood(neighbours, qubo.size(), std::min(most_bits, qubo.size()), random);
  return {restricted(qubo, neighbours, free, now), [now, free](std::span<const std::uint8_t> bits) {
            auto whole = now;
            for (std::size_t i = 0; i < free.size(); ++i) whole[free[i]] = bits[i];
            return whole;
          }};
}

Qubo first_qubo(const Decision& decision, std::size_t most) {
  if (decision.variables() <= most) return decision.qubo();
  Random random(0);
  return decision.part(decision.first_answer(), most, random).qubo;
}

}  // namespace qupel
