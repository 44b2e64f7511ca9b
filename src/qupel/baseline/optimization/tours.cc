#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/quick_random.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/baseline/optimization/tour_state.h"
#include "qupel/problem/optimization/tour.h"

namespace qupel {
namespace {

constexpr std::size_t near_stops = 10;

std::vector<Stop> as_stops(const Values& values) { return {values.begin(), values.end()}; }
Values as_values(const std::vector<Stop>& stops) { return {stops.begin(), stops.end()}; }

const Tour& tour_of(const Decision& decision) { return dynamic_cast<const Tour&>(decision); }

Solved recurse(const Decision& decision, const Settings&, const FitContext&) {
  Tries tries(decision);
  tries.add(held_karp(tour_of(decision).distances()));
  return {std::move(tries).take(), {.reason = "all sets of stops looked at", .losses = {}, .parameters = 0}};
}

/// Nearest-neighbour tours from several stops, each improved.
Solved improve(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto& distances = tour_of(decision).distances();
  const auto near = nearest_stops(distances, near_stops);
  const auto starts =
      std::min(starts_of(number(two_opt_tour, settings, "starts"), context), distances.rows());
  Random random(derive(context.seed, {key_of("two-opt")}));
  const auto firsts = random.permutation(distances.rows());
  Tries tries(decision);
  std::size_t moves = 0;
  for (std::size_t s = 0; s < starts; ++s) {
    check_interrupt();
    TourState tour(as_stops(nearest_neighbour_tour(distances, firsts[s])));
    moves += two_opt(tour, distances, near);
    tries.add(as_values(tour.order()));
  }
  return {std::move(tries).take(),
          {.reason = "no move helps", .steps = moves, .losses = {}, .parameters = 0}};
}

/// Exchanges two neighbouring stretches of at most 50 stops: four edges change, which no chain of
/// reversals undoes soon. @returns the stops at the changed edges
std::vector<Stop> exchange_stretches(std::vector<Stop>& order, QuickRandom& random) {
  const auto n = order.size();
  const auto most = std::min<std::size_t>(50, (n - 1) / 2);
  const auto first = 1 + random.below(most), second = 1 + random.below(most);
  std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(random.below(n)), order.end());
  const auto middle = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(first + second);
  std::rotate(order.begin(), order.begin() + middle, order.begin() + end);
  return {order.back(),
          order[0],
          order[second - 1],
          order[second],
          order[first + second - 1],
          order[(first + second) % n]};
}

/// Lin-Kernighan moves, a random disturbance, the moves again; the better tour stays.
Solved iterate(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto& distances = tour_of(decision).distances();
  const auto near = nearest_stops(distances, near_stops);
  const auto rounds = starts_of(number(lin_kernighan_tour, settings, "rounds"), context) * distances.rows();
  QuickRandom random(derive(context.seed, {key_of("lin-kernighan")}));
  TourState best(as_stops(nearest_neighbour_tour(distances, random.below(distances.rows()))));
  auto moves = lin_kernighan(best, distances, near, best.order());
  double length = length_of(best.order(), distances);
  Tries tries(decision);
  for (std::size_t r = 0; r < rounds && distances.rows() >= 8; ++r) {
    check_interrupt();
    auto order = best.order();
    auto touched = exchange_stretches(order, random);
    TourState tour(std::move(order));
    moves += lin_kernighan(tour, distances, near, std::move(touched));
    const double found = length_of(tour.order(), distances);
    if (found > length) continue;
    length = found;
    best = std::move(tour);
  }
  tries.add(as_values(best.order()));
  return {std::move(tries).take(),
          {.reason = "all rounds done", .steps = moves, .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender held_karp_tour = with_solver(
    {
        .name = "held-karp",
        .summary = "the shortest ways through all sets of up to 22 stops: the optimum, proven",
        .source = "Held and Karp 1962; Bellman 1962",
        .family = Family::classical,
        .fit = nullptr,
        .solves = {"tsp"},
        .refuses = [](const Instance& instance) -> std::string {
          const auto stops = dynamic_cast<const Tour&>(instance).stops();
          return stops <= most_held_karp ? ""
                                         : fmt::format("{} stops, and it takes {}", stops, most_held_karp);
        },
    },
    recurse);

const Contender two_opt_tour = with_solver(
    {
        .name = "two-opt",
        .summary = "nearest-neighbour tours, improved by 2-opt and Or-opt moves until none helps",
        .source = "Croes 1958; Or 1976",
        .family = Family::classical,
        .hyperparameters = {{"starts", "first stops", {20.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = {"tsp"},
    },
    improve);

const Contender lin_kernighan_tour = with_solver(
    {
        .name = "lin-kernighan",
        .summary = "chains of edge exchanges that gain as a whole, from tours disturbed at random",
        .source = "Lin and Kernighan 1973; Applegate, Cook and Rohe 2003",
        .family = Family::classical,
        .hyperparameters = {{"rounds", "disturbances, by stop", {20.0, 5.0, 100.0}, whole(1e4)}},
        .fit = nullptr,
        .solves = {"tsp"},
    },
    iterate);

}  // namespace qupel
