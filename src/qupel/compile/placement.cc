#include "qupel/compile/placement.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace qupel {
namespace {

// Places qubits one by one, each beside one that stands already, cheapest first.
class Matching {
 public:
  Matching(const Interactions& pattern, const CompileTarget& target, double below)
      : pattern_(&pattern),
        target_(&target),
        at_(pattern.with.size(), -1),
        used_(index(target.size()), false),
        below_(below),
        best_cost_(below) {
    order();
  }

  std::vector<int> best() {
    place(0, 0);
    if (best_.empty()) return best_;
    place_rest();  // which costs, too
    const bool any = below_ == std::numeric_limits<double>::infinity();
    return any || matched_cost(*pattern_, *target_, best_) < below_ ? best_ : std::vector<int>{};
  }

 private:
  static constexpr long most_tries = 20000;

  // Connected parts one after the other, in each the qubits beside those before, of most partners first.
  void order() {
    std::vector<bool> taken(at_.size(), false);
    const auto partners = [&](int q) { return pattern_->with[index(q)].size(); };
    while (true) {
      int start = -1;
      for (int q = 0; q < static_cast<int>(at_.size()); ++q)
        if (!taken[index(q)] && partners(q) > 0 && (start < 0 || partners(q) > partners(start))) start = q;
      if (start < 0) return;
      taken[index(start)] = true;
      order_.push_back(start);
      for (std::size_t next = order_.size() - 1; next < order_.size(); ++next) {
        std::vector<int> beside;
        for (const auto& [other, count] : pattern_->with[index(order_[next])])
          if (!taken[index(other)]) beside.push_back(other);
        std::ranges::stable_sort(beside, std::greater{}, partners);
        for (const int q : beside) {
          taken[index(q)] = true;
          order_.push_back(q);
        }
      }
    }
  }

  // The cost of a qubit's interactions with those that stand; infinite if one of them is not coupled.
  double added_cost(int qubit, int place) const {
    double cost = pattern_->readouts[index(qubit)] * target_->readout_cost(place);
    for (const auto& [other, count] : pattern_->with[index(qubit)]) {
      if (at_[index(other)] < 0) continue;
      if (!target_->coupled(place, at_[index(other)])) return std::numeric_limits<double>::infinity();
      cost += count * target_->edge_cost(place, at_[index(other)]);
    }
    return cost;
  }

  std::vector<int> places_for(int qubit) const {
    for (const auto& [other, count] : pattern_->with[index(qubit)])
      if (at_[index(other)] >= 0) return target_->neighbours(at_[index(other)]);
    return target_->component();
  }

  void place(std::size_t next, double cost) {
    if (next == order_.size()) {
      if (cost < best_cost_) best_ = at_, best_cost_ = cost;
      return;
    }
    const int qubit = order_[next];
    std::vector<std::pair<double, int>> choices;
    for (const int place : places_for(qubit)) {
      if (used_[index(place)] || target_->neighbours(place).size() < pattern_->with[index(qubit)].size())
        continue;
      const double added = added_cost(qubit, place);
      if (cost + added < best_cost_) choices.emplace_back(added, place);
    }
    std::ranges::sort(choices);
    for (const auto& [added, place_here] : choices) {
      if (++tries_ > most_tries) return;
      if (cost + added >= best_cost_) break;
      at_[index(qubit)] = place_here;
      used_[index(place_here)] = true;
      place(next + 1, cost + added);
      used_[index(place_here)] = false;
      at_[index(qubit)] = -1;
    }
  }

  void place_rest() {
    auto free = target_->component();
    std::erase_if(free, [&](int q) { return std::ranges::find(best_, q) != best_.end(); });
    std::ranges::stable_sort(free, {}, [&](int q) { return target_->readout_cost(q); });
    std::size_t next = 0;
    for (int& place : best_)
      if (place < 0) place = free[next++];
  }

  const Interactions* pattern_;
  const CompileTarget* target_;
  std::vector<int> at_, order_, best_;
  std::vector<bool> used_;
  double below_, best_cost_;
  long tries_ = 0;
};

}  // namespace

Interactions interactions(std::span<const CompileStep> steps, int qubits) {
  std::vector<std::map<int, double>> counts(index(qubits));
  Interactions found{std::vector<std::vector<std::pair<int, double>>>(index(qubits)),
                     std::vector<double>(index(qubits), 0.0)};
  bool reads = false;
  for (const auto& step : steps) {
    if (step.couples()) {
      ++counts[index(step.qubits[0])][step.qubits[1]];
      ++counts[index(step.qubits[1])][step.qubits[0]];
    } else if (step.kind == CompileStep::Kind::other &&
               step.operation.spec->structure == Structure::measure) {
      ++found.readouts[index(step.qubits[0])];
      reads = true;
    }
  }
  if (!reads) std::ranges::fill(found.readouts, 1.0);  // somebody will read an observable
  for (int q = 0; q < qubits; ++q)
    found.with[index(q)].assign(counts[index(q)].begin(), counts[index(q)].end());
  return found;
}

std::vector<int> matched_placement(const Interactions& interactions, const CompileTarget& target,
                                   double below) {
  return Matching(interactions, target, below).best();
}

double matched_cost(const Interactions& interactions, const CompileTarget& target,
                    std::span<const int> placement) {
  double cost = 0;
  for (std::size_t q = 0; q < interactions.with.size(); ++q) {
    cost += interactions.readouts[q] * target.readout_cost(placement[q]);
    for (const auto& [other, count] : interactions.with[q])
      if (static_cast<int>(q) < other)
        cost += count * target.edge_cost(placement[q], placement[index(other)]);
  }
  return cost;
}

std::vector<int> random_placement(int qubits, const CompileTarget& target, Random& random) {
  const auto& component = target.component();
  std::vector<int> reached = {component[random.below(component.size())]};
  for (std::size_t next = 0; next < reached.size() && static_cast<int>(reached.size()) < qubits; ++next)
    for (const int neighbour : target.neighbours(reached[next]))
      if (std::ranges::find(reached, neighbour) == reached.end()) reached.push_back(neighbour);
  reached.resize(index(qubits));
  random.shuffle(std::span(reached));
  return reached;
}

}  // namespace qupel
