#include "qupel/baseline/optimization/route_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qupel {

RoutePlan::RoutePlan(const RoutingFile& file, Routes routes) : file_(&file), routes_(std::move(routes)) {
  measure();
}

double RoutePlan::length_of(const std::vector<std::uint32_t>& route) const {
  std::size_t at = file_->depot;
  double way = 0;
  for (const auto stop : route) way += distance(at, stop), at = stop;
  return way + distance(at, file_->depot);
}

void RoutePlan::measure() {
  std::erase_if(routes_, [](const auto& route) { return route.empty(); });
  loads_.clear();
  length_ = 0;
  for (const auto& route : routes_) {
    double load = 0;
    for (const auto stop : route) load += file_->demands[stop];
    loads_.push_back(load);
    length_ += length_of(route);
  }
}

namespace {

/// Takes so many neighbouring customers, one given among them or close to it, out of a route. Half of the
/// times the string is longer by some in its middle (mostly one) that stay.
void take_string(std::vector<std::uint32_t>& route, std::uint32_t customer, std::size_t length,
                 std::vector<std::uint32_t>& removed, QuickRandom& random) {
  constexpr double one_more_stays = 0.01;
  std::size_t staying = 0;
  if (length > 1 && length < route.size() && random.uniform() < 0.5) {
    staying = 1;
    while (length + staying < route.size() && random.uniform() < one_more_stays) ++staying;
  }
  const auto string = length + staying;
  const auto at = static_cast<std::size_t>(std::ranges::find(route, customer) - route.begin());
  const auto low = at + 1 >= string ? at + 1 - string : 0, high = std::min(at, route.size() - string);
  const auto first = low + random.below(high - low + 1);
  const auto stays_from = staying == 0 ? first + string : first + 1 + random.below(length - 1);
  std::vector<std::uint32_t> left;
  for (std::size_t i = 0; i < route.size(); ++i) {
    const bool stays = i < first || i >= first + string || (i >= stays_from && i < stays_from + staying);
    (stays ? left : removed).push_back(route[i]);
  }
  route = std::move(left);
}

}  // namespace

std::vector<std::uint32_t> RoutePlan::ruin(const std::vector<std::vector<std::uint32_t>>& near,
                                           QuickRandom& random) {
  constexpr double most_removed = 10, longest_string = 10;
  std::vector<std::size_t> route_of(file_->names.size());
  for (std::size_t r = 0; r < routes_.size(); ++r)
    for (const auto stop : routes_[r]) route_of[stop] = r;
  const double mean = static_cast<double>(file_->names.size() - 1) / static_cast<double>(routes_.size());
  const double longest = std::min(longest_string, mean);
  const auto strings =
      static_cast<std::size_t>(1 + random.uniform() * std::max(0.0, 4 * most_removed / (1 + longest) - 1));
  auto seed = random.below(file_->names.size() - 1);
  if (seed >= file_->depot) ++seed;
  std::vector<std::uint32_t> removed, candidates{static_cast<std::uint32_t>(seed)};
  candidates.insert(candidates.end(), near[seed].begin(), near[seed].end());
  std::vector<bool> ruined(routes_.size());
  std::size_t done = 0;
  for (const auto customer : candidates) {
    if (done == strings) break;
    const auto r = route_of[customer];
    if (ruined[r]) continue;
    ruined[r] = true;
    ++done;
    auto& route = routes_[r];
    const auto length = static_cast<std::size_t>(
        1 + random.uniform() * (std::min(longest, static_cast<double>(route.size())) - 0.001));
    take_string(route, customer, length, removed, random);
  }
  return removed;
}

void RoutePlan::insert(std::uint32_t customer, QuickRandom& random) {
  constexpr double passed_over = 0.01;
  const double demand = file_->demands[customer];
  // A route of its own costs least only where distances by matrix are longer than a way round.
  std::size_t best_route = routes_.size(), best_place = 0;
  double best = distance(file_->depot, customer) + distance(customer, file_->depot);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (loads_[r] + demand > file_->capacity + 1e-9) continue;
    const auto& route = routes_[r];
    std::size_t before = file_->depot;
    for (std::size_t place = 0; place <= route.size(); ++place) {
      const std::size_t after = place == route.size() ? file_->depot : route[place];
      const double longer = distance(before, customer) + distance(customer, after) - distance(before, after);
      before = after;
      if (longer >= best || random.uniform() < passed_over) continue;
      best = longer, best_route = r, best_place = place;
    }
  }
  if (best_route == routes_.size()) {
    routes_.push_back({customer});
    loads_.push_back(demand);
  } else {
    auto& route = routes_[best_route];
    route.insert(route.begin() + static_cast<std::ptrdiff_t>(best_place), customer);
    loads_[best_route] += demand;
  }
  length_ += best;
}

void RoutePlan::ruin_and_recreate(const std::vector<std::vector<std::uint32_t>>& near, QuickRandom& random) {
  auto removed = ruin(near, random);
  measure();
  const auto order = random.below(11);  // as the paper: at random 4, by demand 4, far 2, close 1
  if (order < 4) {
    for (std::size_t i = removed.size(); i > 1; --i) std::swap(removed[i - 1], removed[random.below(i)]);
  } else {
    const auto key = [&](std::uint32_t c) {
      if (order < 8) return -file_->demands[c];
      return order < 10 ? -distance(file_->depot, c) : distance(file_->depot, c);
    };
    std::ranges::stable_sort(removed, {}, key);
  }
  for (const auto customer : removed) insert(customer, random);
}

void RoutePlan::straighten() {
  for (auto& route : routes_) {
    const auto node = [&](std::size_t i) -> std::size_t {
      return i == 0 || i == route.size() + 1 ? file_->depot : route[i - 1];
    };
    for (bool better = true; better;) {
      better = false;
      for (std::size_t i = 0; i + 1 < route.size() + 1; ++i)
        for (std::size_t j = i + 2; j < route.size() + 1; ++j) {
          const double gain = distance(node(i), node(i + 1)) + distance(node(j), node(j + 1)) -
                              distance(node(i), node(j)) - distance(node(i + 1), node(j + 1));
          if (gain < 1e-9) continue;
          std::reverse(route.begin() + static_cast<std::ptrdiff_t>(i),
                       route.begin() + static_cast<std::ptrdiff_t>(j));
          better = true;
        }
    }
  }
  measure();
}

Routes savings(const RoutingFile& file) {
  struct Saving {
    double saved;
    std::uint32_t a, b;
  };
  std::vector<Saving> all;
  Routes routes;
  std::vector<std::size_t> route_of(file.names.size());
  std::vector<double> loads;
  for (std::uint32_t a = 0; a < file.names.size(); ++a) {
    if (a == file.depot) continue;
    route_of[a] = routes.size();
    routes.push_back({a});
    loads.push_back(file.demands[a]);
    for (std::uint32_t b = 0; b < a; ++b)
      if (b != file.depot)
        all.push_back(
            {file.distances(file.depot, a) + file.distances(file.depot, b) - file.distances(a, b), a, b});
  }
  std::ranges::stable_sort(all, std::greater{}, &Saving::saved);
  for (const auto& [saved, a, b] : all) {
    const auto ra = route_of[a], rb = route_of[b];
    if (saved <= 0 || ra == rb || loads[ra] + loads[rb] > file.capacity) continue;
    auto &first = routes[ra], &second = routes[rb];
    const bool ends =
        (first.front() == a || first.back() == a) && (second.front() == b || second.back() == b);
    if (!ends) continue;
    if (first.back() != a) std::ranges::reverse(first);
    if (second.front() != b) std::ranges::reverse(second);
    for (const auto stop : second) route_of[stop] = ra;
    first.insert(first.end(), second.begin(), second.end());
    second.clear();
    loads[ra] += loads[rb];
  }
  std::erase_if(routes, [](const auto& route) { return route.empty(); });
  return routes;
}

std::vector<std::vector<std::uint32_t>> near_customers(const RoutingFile& file) {
  std::vector<std::vector<std::uint32_t>> near(file.names.size());
  for (std::uint32_t a = 0; a < file.names.size(); ++a) {
    for (std::uint32_t b = 0; b < file.names.size(); ++b)
      if (a != b && b != file.depot) near[a].push_back(b);
    std::ranges::stable_sort(near[a], {}, [&](std::uint32_t b) { return file.distances(a, b); });
  }
  return near;
}

}  // namespace qupel
