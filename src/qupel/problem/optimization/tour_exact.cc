#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/problem/optimization/tour.h"

namespace qupel {
namespace {

constexpr double infinite_length = std::numeric_limits<double>::infinity();

/// The shortest ways from the last stop through each set of the others to one of the set.
class ShortestWays {
 public:
  explicit ShortestWays(const Matrix<double>& distances)
      : distances_(distances), others_(distances.rows() - 1), ways_(others_ << others_, infinite_length) {
    for (std::size_t i = 0; i < others_; ++i) way(std::size_t{1} << i, i) = distances_(others_, i);
    for (std::size_t set = 1; set < std::size_t{1} << others_; ++set) {
      if (set % 65536 == 0) check_interrupt();
      extend(set);
    }
  }

  Values tour() const {
    Values order{static_cast<std::int64_t>(others_)};
    auto set = (std::size_t{1} << others_) - 1;
    for (auto to = others_; set != 0;) {
      const auto before = last_before(set, to);
      order.push_back(static_cast<std::int64_t>(before));
      set &= ~(std::size_t{1} << before);
      to = before;
    }
    return order;
  }

 private:
  double& way(std::size_t set, std::size_t last) { return ways_[set * others_ + last]; }
  double way(std::size_t set, std::size_t last) const { return ways_[set * others_ + last]; }

  void extend(std::size_t set) {
    for (std::size_t next = 0; next < others_; ++next) {
      if ((set >> next & 1) != 0) continue;
      double least = infinite_length;
      for (std::size_t last = 0; last < others_; ++last)
        least = std::min(least, way(set, last) + distances_(next, last));
      way(set | std::size_t{1} << next, next) = least;
    }
  }
  std::size_t last_before(std::size_t set, std::size_t to) const {
    std::size_t best = others_;
    for (std::size_t last = 0; last < others_; ++last)
      if ((set >> last & 1) != 0 &&
          (best == others_ || way(set, last) + distances_(to, last) < way(set, best) + distances_(to, best)))
        best = last;
    return best;
  }

  const Matrix<double>& distances_;
  std::size_t others_;
  std::vector<double> ways_;
};

/// A shortest tree over all stops but the first, by prices, with the first one's two best edges.
struct OneTree {
  double length = 0;
  std::vector<int> degrees;
};

OneTree one_tree(const Matrix<double>& distances, const std::vector<double>& prices) {
  const auto n = distances.rows();
  const auto length = [&](std::size_t a, std::size_t b) { return distances(a, b) + prices[a] + prices[b]; };
  OneTree tree{0, std::vector<int>(n)};
  std::vector<double> nearest(n, infinite_length);
  std::vector<std::size_t> from(n, 1);
  std::vector<bool> in(n);
  const auto add = [&](std::size_t a, std::size_t b) {
    tree.length += length(a, b);
    ++tree.degrees[a], ++tree.degrees[b];
  };
  for (std::size_t at = 1, left = n - 2;; --left) {
    in[at] = true;
    if (left == 0) break;
    std::size_t next = 0;
    for (std::size_t stop = 1; stop < n; ++stop) {
      if (in[stop]) continue;
      if (length(at, stop) < nearest[stop]) nearest[stop] = length(at, stop), from[stop] = at;
      if (next == 0 || nearest[stop] < nearest[next]) next = stop;
    }
    add(from[next], next);
    at = next;
  }
  std::size_t first = 1, second = 2;
  if (length(0, second) < length(0, first)) std::swap(first, second);
  for (std::size_t stop = 3; stop < n; ++stop) {
    if (length(0, stop) < length(0, first))
      second = first, first = stop;
    else if (length(0, stop) < length(0, second))
      second = stop;
  }
  add(0, first), add(0, second);
  for (const double price : prices) tree.length -= 2 * price;
  return tree;
}

}  // namespace

Values held_karp(const Matrix<double>& distances) {
  if (distances.rows() > most_held_karp)
    throw InputError(fmt::format("{} stops: the recursion of Held and Karp takes up to {}", distances.rows(),
                                 most_held_karp));
  if (distances.rows() < 3) return distances.rows() == 2 ? Values{0, 1} : Values{0};
  auto order = ShortestWays(distances).tour();
  std::rotate(order.begin(), std::ranges::find(order, 0), order.end());
  return order;
}

double one_tree_bound(const Matrix<double>& distances) {
  const auto n = distances.rows();
  if (n < 3) return n == 2 ? 2 * distances(0, 1) : 0;
  std::vector<double> prices(n);
  std::vector<int> before(n, 2);
  double best = -infinite_length, step = 0;
  bool whole = true;
  for (const double d : distances.values()) whole = whole && d == std::floor(d);
  for (std::size_t round = 0; round < 1000; ++round) {
    if (round % 16 == 0) check_interrupt();
    const auto tree = one_tree(distances, prices);
    best = std::max(best, tree.length);
    if (round == 0) step = std::abs(tree.length) / (2 * static_cast<double>(n));
    bool tour = true;
    for (std::size_t i = 0; i < n; ++i) {
      prices[i] += step * (0.7 * (tree.degrees[i] - 2) + 0.3 * (before[i] - 2));
      tour = tour && tree.degrees[i] == 2;
    }
    before = tree.degrees;
    if (tour) break;
    step *= 0.992;
  }
  return whole ? std::ceil(best - 1e-6) : best;
}

}  // namespace qupel
