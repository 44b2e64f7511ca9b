#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "qupel/base/random.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/route_plan.h"
#include "qupel/baseline/optimization/tour_state.h"
#include "qupel/problem/optimization/routing_examples.test.h"
#include "qupel/problem/optimization/tour.h"

namespace qupel {
namespace {

using namespace routing_examples;  // NOLINT(google-build-using-namespace): nothing but instances

Assignment solve(const Contender& record, const Decision& decision, double effort = 1) {
  Executor executor;
  const FitContext context{.seed = 1, .executor = &executor, .effort = effort};
  return std::get<Assignment>(record.fit(decision, {}, context)->answer(decision, context));
}

TEST(TourState, TurnsAWayRound) {
  std::vector<Stop> order(9);
  std::iota(order.begin(), order.end(), Stop{0});
  for (Stop from = 0; from < 9; ++from)
    for (Stop to = 0; to < 9; ++to) {
      TourState tour(order);
      const auto before = tour.before(from), after = tour.after(to);
      tour.reverse(from, to);
      EXPECT_EQ(tour.size(), 9u);
      for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(tour.place(tour.at(i)), i);
      if (before == to) continue;  // the whole tour
      const auto near = [&](Stop a, Stop b) { return tour.after(a) == b || tour.before(a) == b; };
      EXPECT_TRUE(near(before, to)) << from << " " << to;
      EXPECT_TRUE(near(from, after)) << from << " " << to;
    }
}

/// Places in a square.
Matrix<double> random_distances(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x, y;
  for (std::size_t i = 0; i < count; ++i) x.push_back(random.uniform()), y.push_back(random.uniform());
  Matrix<double> distances(count, count);
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < count; ++b) distances(a, b) = std::hypot(x[a] - x[b], y[a] - y[b]);
  return distances;
}

TEST(Tours, StayToursAndGetShorter) {
  for (const std::size_t count : {4u, 5u, 6u, 7u, 8u, 12u, 40u}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto distances = random_distances(count, seed);
      const auto near = nearest_stops(distances, 10);
      std::vector<Stop> order(count);
      std::iota(order.begin(), order.end(), Stop{0});
      TourState one(order), two(order);
      two_opt(one, distances, near);
      lin_kernighan(two, distances, near, order);
      for (const auto* tour : {&one, &two}) {
        auto sorted = tour->order();
        std::ranges::sort(sorted);
        EXPECT_EQ(sorted, order);
        EXPECT_LE(length_of(tour->order(), distances), length_of(order, distances) + 1e-9);
      }
      if (count <= 5) {
        Values best = held_karp(distances);
        EXPECT_NEAR(length_of(two.order(), distances), length_of({best.begin(), best.end()}, distances), 0.1)
            << count;
      }
    }
  }
}

// TSPLIB's optima.
TEST(Tours, MeetTheKnownOptima) {
  const Tour burma(read_routing(burma14, "burma14.tsp")), gr(read_routing(gr17, "gr17.tsp")),
      berlin(read_routing(berlin52, "berlin52.tsp"));
  EXPECT_EQ(burma.objective(solve(lin_kernighan_tour, burma).values), 3323);
  EXPECT_EQ(burma.objective(solve(held_karp_tour, burma).values), 3323);
  EXPECT_EQ(gr.objective(solve(lin_kernighan_tour, gr).values), 2085);
  EXPECT_LE(berlin.objective(solve(lin_kernighan_tour, berlin).values), 1.005 * 7542);
  EXPECT_LE(berlin.objective(solve(two_opt_tour, berlin).values), 1.06 * 7542);
}

// CVRPLIB's optimum.
TEST(Vehicles, MeetTheKnownOptimum) {
  const VehicleRoutes e22(read_routing(e_n22_k4, "E-n22-k4.vrp"));
  EXPECT_EQ(e22.fewest_vehicles(), 4u);
  EXPECT_LE(e22.bound().value(), 375);
  for (const auto* record : {&savings_routes, &sweep_routes, &ruin_and_recreate}) {
    const auto answer = solve(*record, e22);
    EXPECT_EQ(e22.violation(answer.values), "") << record->name;
    EXPECT_LE(e22.objective(answer.values), 1.15 * 375) << record->name;
  }
  EXPECT_EQ(e22.objective(solve(ruin_and_recreate, e22).values), 375);
}

/// Five customers at random distances, of which many are longer than a way round: there a route more may be
/// shorter.
VehicleRoutes routes_by_matrix(std::uint64_t seed) {
  constexpr std::size_t count = 6;
  Random random(seed);
  RoutingFile file;
  file.vehicles = true;
  file.capacity = 3;
  file.distances = Matrix<double>(count, count);
  for (std::size_t a = 0; a < count; ++a) {
    file.names.push_back(std::to_string(a));
    file.demands.push_back(a == 0 ? 0 : 1);
    for (std::size_t b = 0; b < a; ++b)
      file.distances(a, b) = file.distances(b, a) = static_cast<double>(1 + random.below(99));
  }
  return VehicleRoutes(std::move(file));
}

double shortest_of_all(const VehicleRoutes& plans) {
  double shortest = std::numeric_limits<double>::infinity();
  Values order{1, 2, 3, 4, 5};
  do {
    for (std::size_t ends = 0; ends < 16; ++ends) {
      Values values;
      for (std::size_t k = 0; k < order.size(); ++k) {
        values.push_back(order[k]);
        if (k < 4 && (ends >> k & 1) != 0) values.push_back(0);
      }
      if (plans.violation(values).empty()) shortest = std::min(shortest, plans.objective(values));
    }
  } while (std::ranges::next_permutation(order).found);
  return shortest;
}

TEST(Vehicles, OfFewCustomersAreTheShortestOfAll) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto plans = routes_by_matrix(seed);
    EXPECT_EQ(plans.objective(solve(ruin_and_recreate, plans).values), shortest_of_all(plans)) << seed;
  }
}

TEST(Vehicles, BreakRules) {
  const VehicleRoutes e22(read_routing(e_n22_k4, "E-n22-k4.vrp"));
  EXPECT_EQ(e22.violation(e22.first_answer()), "");
  Values all(21);
  std::iota(all.begin(), all.end(), std::int64_t{1});
  EXPECT_NE(e22.violation(all), "");
  EXPECT_NE(e22.violation(Values{1, 0, 2}), "");
  EXPECT_NE(e22.violation(Values{1, 0, 1}), "");
  EXPECT_EQ(values_of(routes_of(Values{1, 2, 0, 0, 3}, 0), 0), (Values{1, 2, 0, 3}));
}

}  // namespace
}  // namespace qupel
