#include "qupel/study/search.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "qupel/base/random.h"
#include "qupel/study/entries.h"

namespace qupel {
namespace {

constexpr std::size_t kept_share = 3, least_kept = 4;  // the best third stays, four at least
constexpr std::size_t parents = 3;                     // settings near which the last quarter is drawn

using Point = std::vector<std::size_t>;  // an index into the values of each hyperparameter

Settings settings_at(const std::vector<HyperParameter>& grid, const Point& point) {
  Settings settings;
  for (std::size_t i = 0; i < grid.size(); ++i) settings[grid[i].name] = grid[i].values[point[i]];
  return settings;
}

std::uint64_t size_of(const std::vector<HyperParameter>& grid) {
  std::uint64_t points = 1;
  for (const auto& parameter : grid) points *= parameter.values.size();
  return points;
}

Point random_point(const std::vector<HyperParameter>& grid, Random& random) {
  Point point;
  for (const auto& parameter : grid) point.push_back(random.below(parameter.values.size()));
  return point;
}

/// Everything that the covered hyperparameters can be together, all else at its default, in random order.
std::vector<Point> cover(const std::vector<HyperParameter>& grid, Random& random) {
  std::vector<Point> points{Point(grid.size())};
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!grid[i].cover) continue;
    std::vector<Point> more;
    for (const auto& point : points)
      for (std::size_t v = 0; v < grid[i].values.size(); ++v) {
        more.push_back(point);
        more.back()[i] = v;
      }
    points = std::move(more);
  }
  random.shuffle(std::span(points));
  return points;
}

/// Points without repetition, in the order in which they are tried.
class Draws {
 public:
  Draws(const std::vector<HyperParameter>& grid, std::uint64_t seed)
      : grid_(grid), random_(seed), left_(size_of(grid)) {}

  void before_anything_runs(std::size_t count) {
    add(Point(grid_.size()));
    for (const auto& point : cover(grid_, random_))
      if (points_.size() < count) add(point);
    while (points_.size() < count && left_ > 0) add(random_point(grid_, random_));
  }

  /// Points that differ from a parent in one hyperparameter, parents in turn, until `count` are drawn.
  void near(const std::vector<std::size_t>& best, std::size_t count) {
    constexpr int patience = 200;  // draws in vain: the neighbourhood is known
    for (int vain = 0; points_.size() < count && vain < patience;) {
      auto point = points_[best[points_.size() % best.size()]];
      const auto changed = random_.below(grid_.size());
      point[changed] = random_.below(grid_[changed].values.size());
      vain = add(point) ? 0 : vain + 1;
    }
    while (points_.size() < count && left_ > 0) add(random_point(grid_, random_));
  }

  const std::vector<Point>& points() const { return points_; }

 private:
  bool add(const Point& point) {
    if (!taken_.insert(point).second) return false;
    points_.push_back(point);
    --left_;
    return true;
  }

  const std::vector<HyperParameter>& grid_;
  Random random_;
  std::uint64_t left_;
  std::set<Point> taken_;
  std::vector<Point> points_;
};

std::size_t tried_in_all(const std::vector<HyperParameter>& grid, int count) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(size_of(grid), static_cast<std::uint64_t>(count)));
}

std::size_t first_share(std::size_t all) { return all <= least_kept ? all : all - all / 4; }

/// The scores of settings over the inner folds they ran on.
class Race {
 public:
  Race(const std::vector<HyperParameter>& grid, const InnerScore& score) : grid_(grid), score_(score) {}

  void run(const Point& point, std::size_t index, std::size_t fold) {
    if (index == sums_.size()) sums_.push_back(0), folds_.push_back(0);
    sums_[index] += score_(settings_at(grid_, point), index, fold);
    ++folds_[index];
  }
  double mean(std::size_t index) const { return sums_[index] / folds_[index]; }
  /// The best of some, best first; of equal ones those drawn first.
  std::vector<std::size_t> best(std::vector<std::size_t> among, std::size_t count) const {
    std::ranges::stable_sort(among, std::greater{}, [&](std::size_t i) { return mean(i); });
    if (among.size() > count) among.erase(among.begin() + static_cast<std::ptrdiff_t>(count), among.end());
    return among;
  }
  std::vector<std::size_t> everybody() const {
    std::vector<std::size_t> all(sums_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }

 private:
  const std::vector<HyperParameter>& grid_;
  const InnerScore& score_;
  std::vector<double> sums_, folds_;
};

}  // namespace

std::uint64_t grid_size(const Entry& entry) { return size_of(grid_of(entry)); }

std::vector<Settings> first_draws(const Entry& entry, int count, std::uint64_t seed) {
  const auto grid = grid_of(entry);
  Draws draws(grid, seed);
  draws.before_anything_runs(first_share(tried_in_all(grid, count)));
  std::vector<Settings> settings;
  for (const auto& point : draws.points()) settings.push_back(settings_at(grid, point));
  return settings;
}

SearchResult search(const Entry& entry, int count, int inner_folds, std::uint64_t seed,
                    const InnerScore& score) {
  const auto grid = grid_of(entry);
  const auto all = tried_in_all(grid, count);
  Draws draws(grid, seed);
  draws.before_anything_runs(first_share(all));
  Race race(grid, score);
  for (std::size_t i = 0; i < draws.points().size(); ++i) race.run(draws.points()[i], i, 0);
  draws.near(race.best(race.everybody(), parents), all);
  for (auto i = race.everybody().size(); i < draws.points().size(); ++i) race.run(draws.points()[i], i, 0);

  auto left = race.everybody();
  for (std::size_t fold = 1; fold < static_cast<std::size_t>(inner_folds); ++fold) {
    left = race.best(left, std::max(least_kept, (left.size() + kept_share - 1) / kept_share));
    std::ranges::sort(left);
    for (const auto i : left) race.run(draws.points()[i], i, fold);
  }
  SearchResult result;
  result.index = race.best(left, 1).front();
  result.settings = settings_at(grid, draws.points()[result.index]);
  result.validation = race.mean(result.index);
  for (const auto i : race.everybody()) result.validations.push_back(race.mean(i));
  return result;
}

}  // namespace qupel
