#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/routing_examples.test.h"
#include "qupel/problem/optimization/tour.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;
using namespace routing_examples;  // NOLINT(google-build-using-namespace): nothing but instances

RoutingFile random_stops(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  RoutingFile file;
  file.distances = Matrix<double>(count, count);
  for (std::size_t a = 0; a < count; ++a) {
    file.names.push_back(std::to_string(a + 1));
    for (std::size_t b = 0; b < a; ++b)
      file.distances(a, b) = file.distances(b, a) = static_cast<double>(random.below(100));
  }
  return file;
}

double shortest_of_all(const Tour& tour) {
  Values order(tour.stops());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  double shortest = 1e18;
  do shortest = std::min(shortest, tour.objective(order));
  while (std::next_permutation(order.begin() + 1, order.end()));
  return shortest;
}

// TSPLIB's optima.
TEST(Tour, HasTheKnownOptimum) {
  EXPECT_EQ(Tour(read_routing(burma14, "burma14.tsp")).proven_optimum(), 3323);
  const Tour gr(read_routing(gr17, "gr17.tsp"));
  EXPECT_EQ(gr.proven_optimum(), 2085);
  EXPECT_LE(gr.bound().value(), 2085);
  const Tour berlin(read_routing(berlin52, "berlin52.tsp"));
  EXPECT_LE(berlin.bound().value(), 7542);
  EXPECT_GE(berlin.bound().value(), 0.99 * 7542);
}

TEST(Tour, OfFewStopsIsTheShortestOfAll) {
  for (const std::size_t stops : {2u, 3u, 4u, 5u, 6u, 7u}) {
    const Tour tour(random_stops(stops, stops));
    const auto order = held_karp(tour.distances());
    EXPECT_EQ(tour.violation(order), "");
    EXPECT_EQ(tour.objective(order), shortest_of_all(tour));
    EXPECT_LE(tour.bound().value(), shortest_of_all(tour));
    EXPECT_EQ(tour.violation(tour.first_answer()), "");
  }
}

TEST(Tour, IsTheBestOfItsQubo) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Tour tour(random_stops(seed < 10 ? 4 : 5, seed));  // with no regard to the triangle inequality
    const auto qubo = tour.qubo();
    EXPECT_EQ(qubo.size(), tour.variables());
    const auto lowest = lowest_energy(qubo);
    const auto order = tour.from_bits(lowest.bits);
    EXPECT_EQ(tour.violation(order), "");
    EXPECT_NEAR(lowest.energy, tour.objective(order), 1e-9);
    EXPECT_EQ(tour.objective(order), shortest_of_all(tour));
  }
  EXPECT_EQ(Tour(random_stops(3, 1)).from_bits(Bits{1, 0, 1, 0}), Values{});
  EXPECT_NE(Tour(random_stops(3, 1)).violation(Values{0, 1, -1}), "");
}

std::string matrix_file(std::string_view format, std::string_view numbers) {
  return fmt::format(
      "NAME: m\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {}\n"
      "EDGE_WEIGHT_SECTION\n{}\nEOF\n",
      format, numbers);
}

TEST(RoutingFile, ReadsEveryFormOfMatrix) {
  const auto expected = read_routing(matrix_file("FULL_MATRIX", "0 1 2\n1 0 3\n2 3 0"), "m.tsp").distances;
  EXPECT_EQ(expected(0, 2), 2);
  for (const auto& [format, numbers] :
       {std::pair("UPPER_ROW", "1 2 3"), std::pair("LOWER_ROW", "1\n2 3"),
        std::pair("UPPER_DIAG_ROW", "0 1 2 0 3 0"), std::pair("LOWER_DIAG_ROW", "0 1 0 2 3 0"),
        std::pair("UPPER_COL", "1 2 3"), std::pair("LOWER_COL", "1 2 3"),
        std::pair("UPPER_DIAG_COL", "0 1 0 2 3 0"), std::pair("LOWER_DIAG_COL", "0 1 2 0 3 0")})
    EXPECT_EQ(read_routing(matrix_file(format, numbers), "m.tsp").distances, expected) << format;
}

TEST(RoutingFile, MeasuresAsTsplibSays) {
  const auto distance = [](std::string_view type) {
    return read_routing(
               fmt::format("DIMENSION: 2\nEDGE_WEIGHT_TYPE: {}\nNODE_COORD_SECTION\n1 0 0\n2 3 5\n", type),
               "d.tsp")
        .distances(0, 1);
  };
  EXPECT_EQ(distance("EUC_2D"), 6);  // 5.83
  EXPECT_EQ(distance("CEIL_2D"), 6);
  EXPECT_EQ(distance("ATT"), 2);  // 1.84
  EXPECT_EQ(distance("MAN_2D"), 8);
  EXPECT_EQ(distance("MAX_2D"), 5);
}

TEST(RoutingFile, ReadsVehicles) {
  const auto file = read_routing(e_n22_k4, "E-n22-k4.vrp");
  EXPECT_TRUE(file.vehicles);
  EXPECT_EQ(file.capacity, 6000);
  EXPECT_EQ(file.depot, 0u);
  EXPECT_EQ(file.demands[20], 1800);
}

TEST(RoutingFile, SaysWhatIsWrong) {
  const auto error = [](std::string_view text) -> std::string {
    try {
      read_routing(text, "x.tsp");
    } catch (const InputError& refused) {
      return refused.what();
    }
    return "no error";
  };
  EXPECT_THAT(error(matrix_file("FULL_MATRIX", "0 1 2\n4 0 3\n2 3 0")),
              HasSubstr("x.tsp:8: 4 from 2 to 1, but 1 back"));
  EXPECT_THAT(error(matrix_file("UPPER_ROW", "1 -2 3")), HasSubstr("a distance of -2 from 1 to 3"));
  EXPECT_THAT(error(matrix_file("UPPER_ROW", "1 2")), HasSubstr("\"EOF\" is not a number"));
  EXPECT_THAT(error(matrix_file("UPPER_ROW", "1 2 3 4")), HasSubstr("more distances"));
  EXPECT_THAT(error(matrix_file("UPPER", "1 2 3")), HasSubstr("is not an EDGE_WEIGHT_FORMAT"));
  EXPECT_THAT(error("DISTANCE: 200\n"), HasSubstr("keeps the capacity and no other limit"));
  EXPECT_THAT(error("TYPE: ATSP\n"), HasSubstr("the same distance both ways"));
  EXPECT_THAT(error("DIMENSION: 100000000\n"), HasSubstr("whole number from 2 to 2000"));
  EXPECT_THAT(error("DIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_3D\n"), HasSubstr("is not an EDGE_WEIGHT_TYPE"));
  EXPECT_THAT(error("DIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n1 2 3\n"),
              HasSubstr("node 1 has coordinates already"));
  EXPECT_THAT(error("NODE_COORD_SECTION\n"), HasSubstr("a section before the line \"DIMENSION"));
  EXPECT_THAT(error("DIMENTION: 3\n"), HasSubstr("did you mean \"DIMENSION\"?"));
  EXPECT_THAT(error(""), HasSubstr("has no line \"DIMENSION"));
  auto heavy = std::string(e_n22_k4);
  heavy.replace(heavy.find("2 1100"), 6, "2 7000");
  EXPECT_THAT(error(heavy), HasSubstr("node 2 demands 7000, more than a vehicle holds"));
}

}  // namespace
}  // namespace qupel
