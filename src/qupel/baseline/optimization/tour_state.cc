#include "qupel/baseline/optimization/tour_state.h"

#include <algorithm>
#include <numeric>

namespace qupel {
namespace {

constexpr double least_gain = 1e-9;
constexpr std::size_t longest_chain = 30;

/// Stops whose neighbourhood is still to be looked at, each once.
class Waiting {
 public:
  Waiting(std::vector<Stop> stops, std::size_t count) : queue_(std::move(stops)), in_(count) {
    for (const auto stop : queue_) in_[stop] = true;
  }
  bool empty() const { return first_ == queue_.size(); }
  Stop next() {
    const auto stop = queue_[first_++];
    in_[stop] = false;
    return stop;
  }
  void add(Stop stop) {
    if (in_[stop]) return;
    in_[stop] = true;
    queue_.push_back(stop);
  }

 private:
  std::vector<Stop> queue_;
  std::vector<bool> in_;
  std::size_t first_ = 0;
};

class Improver {
 public:
  Improver(TourState& tour, const Matrix<double>& distances, const Matrix<Stop>& near, std::vector<Stop> from)
      : tour_(tour), d_(distances), near_(near), waiting_(std::move(from), tour.size()) {}

  template <typename Move>
  std::size_t run(Move&& move) {
    std::size_t moves = 0;
    if (tour_.size() < 4) return moves;
    while (!waiting_.empty()) {
      const auto stop = waiting_.next();
      while (move(*this, stop) || or_opt(stop)) ++moves;
    }
    return moves;
  }

  /// Replaces an edge at the stop and another one.
  bool two_opt(Stop a) {
    for (const bool ahead : {true, false}) {
      const auto next = ahead ? tour_.after(a) : tour_.before(a);
      for (const auto b : near_.row(a)) {
        const double gain = d_(a, next) - d_(a, b);
        if (gain <= least_gain) break;
        const auto other = ahead ? tour_.after(b) : tour_.before(b);
        if (gain + d_(b, other) - d_(next, other) <= least_gain) continue;
        exchange(a, next, b);
        for (const auto stop : {a, next, b, other}) waiting_.add(stop);
        return true;
      }
    }
    return false;
  }

  /// A chain of moves that all begin at the stop's edge.
  bool chain(Stop first) {
    for (const bool ahead : {true, false})
      for (std::size_t breadth = 0; breadth < 5; ++breadth)
        if (chain(first, ahead, breadth)) return true;
    return false;
  }

 private:
  struct Step {
    Stop end, third, fourth;
  };

  /// Edges (a, next) and (b, other), next behind a as other is behind b in one of the two directions, become
  /// (a, b) and (next, other).
  void exchange(Stop a, Stop next, Stop b) {
    if (tour_.after(a) == next)
      tour_.reverse(next, b);
    else
      tour_.reverse(b, next);
  }

  /// Takes the edge from the first stop away, and from the open end goes to a stop nearby, whose edge is
  /// taken away in turn, while what was taken away is longer than what came in its place.
  bool chain(Stop first, bool ahead, std::size_t choice) {
    std::vector<Step> steps;
    auto end = ahead ? tour_.after(first) : tour_.before(first);
    double open = d_(first, end), best = least_gain;
    std::size_t kept = 0;
    while (steps.size() < longest_chain) {
      ahead = tour_.after(first) == end;
      const auto [third, fourth] = best_step(first, end, ahead, open, steps, steps.empty() ? choice : 0);
      if (third == first) break;
      exchange(first, end, fourth);
      steps.push_back({end, third, fourth});
      open += d_(third, fourth) - d_(end, third);
      end = fourth;
      const double closed = open - d_(end, first);
      if (closed > best) best = closed, kept = steps.size();
    }
    for (auto k = steps.size(); k-- > kept;) undo(first, steps[k]);
    for (std::size_t k = 0; k < kept; ++k)
      for (const auto stop : {first, steps[k].end, steps[k].third, steps[k].fourth}) waiting_.add(stop);
    return kept > 0;
  }

  /// The step with the longest edge taken away less the one put in, of those that leave a gain; the stop
  /// `first` twice if there is none. @param skip so many better ones are passed over
  std::pair<Stop, Stop> best_step(Stop first, Stop end, bool ahead, double open,
                                  const std::vector<Step>& steps, std::size_t skip) const {
    std::vector<std::pair<double, std::pair<Stop, Stop>>> found;
    for (const auto third : near_.row(end)) {
      if (open - d_(end, third) <= least_gain) break;
      if (third == first || third == tour_.after(end) || third == tour_.before(end)) continue;
      const auto fourth = ahead ? tour_.before(third) : tour_.after(third);
      if (fourth == first || was_put_in(third, fourth, steps)) continue;
      found.emplace_back(d_(end, third) - d_(third, fourth), std::pair(third, fourth));
    }
    if (found.size() <= skip) return {first, first};
    std::ranges::nth_element(found, found.begin() + static_cast<std::ptrdiff_t>(skip));
    return found[skip].second;
  }
  static bool was_put_in(Stop a, Stop b, const std::vector<Step>& steps) {
    return std::ranges::any_of(
        steps, [&](const Step& s) { return (s.end == a && s.third == b) || (s.end == b && s.third == a); });
  }

  /// The step made (first, fourth) and (end, third) of (first, end) and (fourth, third).
  void undo(Stop first, const Step& step) { exchange(first, step.fourth, step.end); }

  /// Moves the stop and up to two that follow it between two other neighbours, either way round.
  bool or_opt(Stop head) {
    for (std::size_t count = 1; count <= 3 && count + 3 <= tour_.size(); ++count) {
      auto tail = head;
      for (std::size_t k = 1; k < count; ++k) tail = tour_.after(tail);
      const auto before = tour_.before(head), after = tour_.after(tail);
      const double taken = d_(before, head) + d_(tail, after) - d_(before, after);
      if (taken <= least_gain) continue;
      if (insert(head, tail, taken, head, tail) || insert(head, tail, taken, tail, head)) return true;
    }
    return false;
  }

  /// @param near_end the end of the piece that becomes the neighbour of a stop near to it
  bool insert(Stop head, Stop tail, double taken, Stop near_end, Stop far_end) {
    for (const auto stop : near_.row(near_end)) {
      if (taken - d_(near_end, stop) <= least_gain) break;
      if (inside(stop, head, tail)) continue;
      for (const bool ahead : {true, false}) {
        const auto other = ahead ? tour_.after(stop) : tour_.before(stop);
        if (inside(other, head, tail)) continue;
        if (taken - d_(near_end, stop) - d_(far_end, other) + d_(stop, other) <= least_gain) continue;
        for (const auto touched : {head, tail, tour_.before(head), tour_.after(tail), stop, other})
          waiting_.add(touched);
        move_piece(head, tail, ahead ? stop : other, ahead == (near_end == head));
        return true;
      }
    }
    return false;
  }
  bool inside(Stop stop, Stop head, Stop tail) const {
    const auto n = tour_.size();
    return (tour_.place(stop) + n - tour_.place(head)) % n <= (tour_.place(tail) + n - tour_.place(head)) % n;
  }
  /// ... before head ... tail after ... left right ... becomes ... before after ... left tail ... head right.
  /// @param forwards head then follows left
  void move_piece(Stop head, Stop tail, Stop left, bool forwards) {
    const auto before = tour_.before(head), after = tour_.after(tail);
    exchange(before, head, left);   // before left ... after tail ... head right
    exchange(before, left, after);  // before after ... left tail ... head right
    if (forwards) exchange(left, tail, head);
  }

  TourState& tour_;
  const Matrix<double>& d_;
  const Matrix<Stop>& near_;
  Waiting waiting_;
};

}  // namespace

double length_of(const std::vector<Stop>& order, const Matrix<double>& distances) {
  double sum = 0;
  for (std::size_t i = 0; i < order.size(); ++i)
    sum += distances(order[i], order[i + 1 == order.size() ? 0 : i + 1]);
  return sum;
}

Matrix<Stop> nearest_stops(const Matrix<double>& distances, std::size_t count) {
  const auto n = distances.rows();
  Matrix<Stop> near(n, std::min(count, n - 1));
  for (std::size_t a = 0; a < n; ++a) {
    std::vector<Stop> others;
    for (std::size_t b = 0; b < n; ++b)
      if (a != b) others.push_back(static_cast<Stop>(b));
    std::ranges::stable_sort(others, {}, [&](Stop b) { return distances(a, b); });
    std::copy_n(others.begin(), near.columns(), near.row(a).begin());
  }
  return near;
}

std::size_t two_opt(TourState& tour, const Matrix<double>& distances, const Matrix<Stop>& near) {
  return Improver(tour, distances, near, tour.order()).run([](Improver& at, Stop stop) {
    return at.two_opt(stop);
  });
}

std::size_t lin_kernighan(TourState& tour, const Matrix<double>& distances, const Matrix<Stop>& near,
                          std::vector<Stop> from) {
  return Improver(tour, distances, near, std::move(from)).run([](Improver& at, Stop stop) {
    return at.chain(stop);
  });
}

}  // namespace qupel
