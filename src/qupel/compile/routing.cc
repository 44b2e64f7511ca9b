#include "qupel/compile/routing.h"

#include <algorithm>
#include <limits>

namespace qupel {
namespace {

constexpr double look_ahead_weight = 0.5, decay_step = 0.001;
constexpr int decay_reset = 5;
constexpr std::size_t look_ahead_size = 20;

/// Steps of two qubits that are not run yet.
struct Waiting {
  explicit Waiting(std::size_t qubits) : of_qubit(qubits) {}

  void clear() {
    steps.clear();
    for (auto& some : of_qubit) some.clear();
  }
  void add(std::size_t number, const CompileStep& step) {
    steps.push_back(number);
    for (const int q : step.qubits) of_qubit[index(q)].push_back(number);
  }

  std::vector<std::size_t> steps;
  std::vector<std::vector<std::size_t>> of_qubit;  ///< those that act on it
};

class Router {
 public:
  Router(std::span<const CompileStep> steps, const Dependencies& order, const CompileTarget& target,
         std::vector<int> placement, Random& random, bool with_steps)
      : steps_(steps),
        order_(&order),
        target_(&target),
        random_(&random),
        with_steps_(with_steps),
        waits_for_(order.waits_for),
        at_(std::move(placement)),
        on_(index(target.size()), -1),
        decay_(index(target.size()), 1.0),
        last_(index(target.size())),
        single_{0, 0, std::vector<int>(index(target.size()), 0)},
        joined_(single_),
        front_(at_.size()),
        look_ahead_(at_.size()),
        seen_(steps.size(), 0),
        moves_(index(target.size())) {
    for (int a = 0; a < target.size(); ++a)
      for (const int b : target.neighbours(a))
        if (a < b) coupled_.emplace_back(a, b);
    for (std::size_t k = 0; k < at_.size(); ++k) on_[index(at_[k])] = static_cast<int>(k);
  }

  Routed run() {
    std::vector<std::size_t> ready;
    for (std::size_t s = 0; s < steps_.size(); ++s)
      if (waits_for_[s] == 0) ready.push_back(s);
    execute(std::move(ready));
    int without_progress = 0;
    while (!front_.steps.empty()) {
      if (without_progress > most_without_progress()) {
        bring_together(nearest_of_front());
        without_progress = 0;
      } else {
        swap(best_swap());
        ++without_progress;
      }
      if (execute_front()) without_progress = 0;
    }
    made_.cost = single_.total(at_.size(), *target_);
    made_.movable_cost = joined_.total(at_.size(), *target_);
    made_.placement = std::move(at_);
    return std::move(made_);
  }

 private:
  using Pair = std::pair<int, int>;

  int most_without_progress() const { return 10 + 2 * target_->size(); }
  int place(std::size_t step, std::size_t side) const { return at_[index(steps_[step].qubits[side])]; }
  int distance(std::size_t step) const { return target_->distance(place(step, 0), place(step, 1)); }

  bool can_run(std::size_t step) const { return !steps_[step].couples() || distance(step) == 1; }

  // Runs what can be run; what cannot goes to the front.
  void execute(std::vector<std::size_t> ready) {
    for (std::size_t next = 0; next < ready.size(); ++next) {
      const auto step = ready[next];
      if (!can_run(step)) {
        front_.add(step, steps_[step]);
        continue;
      }
      emit(step);
      for (const auto after : order_->after[step])
        if (--waits_for_[after] == 0) ready.push_back(after);
    }
    find_look_ahead();
    std::ranges::fill(decay_, 1.0);
    swaps_since_reset_ = 0;
  }

  bool execute_front() {
    std::vector<std::size_t> ready, waiting;
    for (const auto step : front_.steps) (can_run(step) ? ready : waiting).push_back(step);
    if (ready.empty()) return false;
    front_.clear();
    for (const auto step : waiting) front_.add(step, steps_[step]);
    execute(std::move(ready));
    return true;
  }

  // What gates of two qubits cost, and when the last one on each physical qubit ends, in entanglers.
  struct Tally {
    double cost = 0, busy = 0;
    std::vector<int> end;

    void add(int a, int b, int entanglers, double edge_cost) {
      cost += entanglers * edge_cost;
      end[index(a)] = end[index(b)] = std::max(end[index(a)], end[index(b)]) + entanglers;
      busy += 2 * entanglers;
    }
    // With the waiting of all qubits in use, until the last one has ended.
    double total(std::size_t qubits, const CompileTarget& target) const {
      return cost + (static_cast<double>(qubits) * std::ranges::max(end) - busy) * target.waiting_cost();
    }
  };

  // A gate of two qubits that takes so many entanglers. One after another on the same qubits is made with it.
  void count(int a, int b, int entanglers) {
    auto &last_a = last_[index(a)], &last_b = last_[index(b)];
    const bool joins = last_a.with == b && last_b.with == a;
    const int both = last_a.entanglers == 1 ? 2 : 3;  // a gate like cx and a swap take two
    joined_.add(a, b, joins ? both - last_a.entanglers : entanglers, target_->usual_edge_cost());
    last_a = {b, joins ? both : entanglers};
    last_b = {a, last_a.entanglers};
  }

  void emit(std::size_t number) {
    const CompileStep& step = steps_[number];
    if (step.couples()) {
      const int a = place(number, 0), b = place(number, 1);
      single_.add(a, b, 2, target_->edge_cost(a, b));
      count(a, b, order_->entanglers[number]);
    }
    if (!with_steps_) return;
    made_.steps.push_back(step);
    for (int& qubit : made_.steps.back().qubits) qubit = at_[index(qubit)];
    made_.steps.back().operation.qubits = made_.steps.back().qubits;
  }

  void swap(const Pair& pair) {
    const auto [a, b] = pair;
    ++made_.swaps;
    single_.add(a, b, 3, target_->edge_cost(a, b));
    count(a, b, 3);
    if (with_steps_) made_.steps.push_back(two_step(a, b, swap_gate()));
    std::swap(on_[index(a)], on_[index(b)]);
    for (const int q : {a, b})
      if (on_[index(q)] >= 0) at_[index(on_[index(q)])] = q;
    if (++swaps_since_reset_ % decay_reset == 0) std::ranges::fill(decay_, 1.0);
    decay_[index(a)] += decay_step;
    decay_[index(b)] += decay_step;
  }

  // The next steps of two qubits behind the front.
  void find_look_ahead() {
    look_ahead_.clear();
    ++visit_;
    auto queue = front_.steps;
    const auto full = [&] { return look_ahead_.steps.size() == look_ahead_size; };
    for (std::size_t next = 0; next < queue.size() && !full(); ++next) {
      for (const auto after : order_->after[queue[next]]) {
        if (seen_[after] == visit_) continue;
        seen_[after] = visit_;
        queue.push_back(after);
        if (steps_[after].couples() && !full()) look_ahead_.add(after, steps_[after]);
      }
    }
  }

  // Coupled pairs with a qubit of a step at the front, in ascending order.
  void find_candidates() {
    std::ranges::fill(moves_, 0);
    for (const auto step : front_.steps) moves_[index(place(step, 0))] = moves_[index(place(step, 1))] = 1;
    candidates_.clear();
    for (const auto& pair : coupled_)
      if (moves_[index(pair.first)] || moves_[index(pair.second)]) candidates_.push_back(pair);
  }

  double total_distance(const Waiting& waiting) const {
    double total = 0;
    for (const auto step : waiting.steps) total += distance(step);
    return total;
  }

  // By how much a swap changes the total: that of the steps which act on what it moves.
  double change(const Waiting& waiting, const Pair& swapped) const {
    const auto after = [&](int q) {
      return q == swapped.first ? swapped.second : q == swapped.second ? swapped.first : q;
    };
    double sum = 0;
    for (const int q : {swapped.first, swapped.second}) {
      if (on_[index(q)] < 0) continue;
      for (const auto step : waiting.of_qubit[index(on_[index(q)])])
        sum += target_->distance(after(place(step, 0)), after(place(step, 1))) - distance(step);
    }
    return sum;
  }

  Pair best_swap() {
    const double front = total_distance(front_), look_ahead = total_distance(look_ahead_);
    const auto mean = [](double total, const Waiting& waiting) {
      return waiting.steps.empty() ? 0 : total / static_cast<double>(waiting.steps.size());
    };
    double best = std::numeric_limits<double>::infinity();
    equal_.clear();
    find_candidates();
    for (const auto& pair : candidates_) {
      const double decay = std::max(decay_[index(pair.first)], decay_[index(pair.second)]);
      const double score =
          decay * (mean(front + change(front_, pair), front_) +
                   look_ahead_weight * mean(look_ahead + change(look_ahead_, pair), look_ahead_));
      if (score < best - 1e-12) equal_.clear();
      best = std::min(best, score);
      if (score < best + 1e-12) equal_.push_back(pair);
    }
    return equal_[random_->below(equal_.size())];
  }

  std::size_t nearest_of_front() const {
    return *std::ranges::min_element(front_.steps, {}, [&](std::size_t step) { return distance(step); });
  }

  // Along a shortest path.
  void bring_together(std::size_t step) {
    while (distance(step) > 1) {
      const int here = place(step, 0), there = place(step, 1);
      const auto& around = target_->neighbours(here);
      const int next =
          *std::ranges::min_element(around, {}, [&](int q) { return target_->distance(q, there); });
      swap({here, next});
    }
  }

  std::span<const CompileStep> steps_;
  const Dependencies* order_;
  const CompileTarget* target_;
  Random* random_;
  bool with_steps_;
  std::vector<int> waits_for_;
  std::vector<int> at_, on_;  // physical qubit of a qubit, and the qubit there or -1
  std::vector<double> decay_;
  struct Last {
    int with = -1;  // the other qubit
    int entanglers = 0;
  };
  std::vector<Last> last_;  // gate of two qubits on a physical qubit
  Tally single_, joined_;
  int swaps_since_reset_ = 0;
  Waiting front_, look_ahead_;
  std::vector<int> seen_;  // when a step was last looked at
  int visit_ = 0;
  std::vector<Pair> coupled_, candidates_, equal_;  // all pairs, those to choose from, the best ones
  std::vector<char> moves_;                         // a physical qubit: a step at the front acts on it
  Routed made_;
};

}  // namespace

Dependencies dependencies(std::span<const CompileStep> steps) {
  Dependencies found{std::vector<std::vector<std::size_t>>(steps.size()), std::vector<int>(steps.size(), 0),
                     std::vector<int>(steps.size(), 2)};
  std::vector<std::size_t> last_on_qubit, last_on_bit;
  const auto follow = [&](std::vector<std::size_t>& last, int k, std::size_t step) {
    constexpr auto none = std::numeric_limits<std::size_t>::max();
    if (last.size() <= index(k)) last.resize(index(k) + 1, none);
    auto& before = last[index(k)];
    if (before != none && before != step &&
        (found.after[before].empty() || found.after[before].back() != step)) {
      found.after[before].push_back(step);
      ++found.waits_for[step];
    }
    before = step;
  };
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (steps[s].kind == CompileStep::Kind::two)
      found.entanglers[s] = entangler_count(weyl(steps[s].two), EntanglerFamily::quarter);
    for (const int q : steps[s].qubits) follow(last_on_qubit, q, s);
    for (const int b : steps[s].operation.bits) follow(last_on_bit, b, s);
    for (const auto& condition : steps[s].operation.conditions)
      for (const int b : condition.bits) follow(last_on_bit, b, s);
  }
  return found;
}

Routed routed(std::span<const CompileStep> steps, const Dependencies& order, const CompileTarget& target,
              std::vector<int> placement, Random& random, bool with_steps) {
  return Router(steps, order, target, std::move(placement), random, with_steps).run();
}

}  // namespace qupel
