#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/parts.h"
#include "qupel/problem/optimization/qubo_decision.h"
#include "qupel/problem/optimization/tries.h"
#include "qupel/problem/optimization/vector_relaxation.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

Qubo random_qubo(std::size_t variables, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> names(variables, "x");
  QuboBuilder builder(names);
  builder.add(0.25);
  for (std::size_t i = 0; i < variables; ++i) {
    builder.add(i, random.normal());
    for (std::size_t j = 0; j < i; ++j)
      if (random.below(2) == 0) builder.add(i, j, random.normal());
  }
  return std::move(builder).build();
}

Bits bits_of_number(std::size_t number, std::size_t count) {
  Bits bits(count);
  for (std::size_t i = 0; i < count; ++i) bits[i] = static_cast<std::uint8_t>(number >> i & 1);
  return bits;
}

template <typename Work>
std::string error_from(const Work& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Qubo, HasTheEnergiesOfItsIsingForm) {
  const auto qubo = random_qubo(5, 1);
  const auto ising = ising_of(qubo);
  for (std::size_t s = 0; s < 32; ++s) {
    std::vector<Complex> basis(32);
    basis[s] = 1;
    EXPECT_NEAR(dense_expectation(ising, basis), qubo.energy(bits_of_number(s, 5)), 1e-12);
  }
}

TEST(Qubo, ExpandsSquares) {
  QuboBuilder builder({"a", "b", "c"});
  const std::vector<std::pair<std::size_t, double>> factors{{0, 1.0}, {1, 2.0}, {2, -3.0}};
  builder.add_square(factors, -1.5, 2);
  const auto qubo = std::move(builder).build();
  for (std::size_t s = 0; s < 8; ++s) {
    const auto x = bits_of_number(s, 3);
    const double sum = x[0] + 2 * x[1] - 3 * x[2] - 1.5;
    EXPECT_NEAR(qubo.energy(x), 2 * sum * sum, 1e-12);
  }
}

TEST(Enumeration, FindsTheLowestEnergy) {
  for (const std::size_t variables : {1u, 3u, 8u, 12u, 13u, 15u}) {
    const auto qubo = random_qubo(variables, variables);
    double lowest = 1e9;
    for (std::size_t s = 0; s < std::size_t{1} << variables; ++s)
      lowest = std::min(lowest, qubo.energy(bits_of_number(s, variables)));
    const auto found = lowest_energy(qubo);
    EXPECT_NEAR(found.energy, lowest, 1e-12);
    EXPECT_EQ(qubo.energy(found.bits), found.energy);
  }
  EXPECT_THROW(lowest_energy(random_qubo(33, 1)), InputError);
}

constexpr const char* square_with_tail = "# a comment\na b\nb,c 2\nc d\nd a\nd e 0.5\n";

TEST(VectorRelaxation, IsBelowAllEnergies) {
  double gaps = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto qubo = random_qubo(1 + seed % 12, seed);
    const double lowest = lowest_energy(qubo).energy, bound = relaxed_bound(qubo);
    EXPECT_LE(bound, lowest + 1e-9) << seed;
    gaps += (lowest - bound) / std::max(1.0, std::abs(lowest));
  }
  EXPECT_LT(gaps / 20, 0.1);
  EXPECT_THROW(relaxed_bound(random_qubo(most_bounded + 1, 1)), InputError);
}

// Of a cycle of five the relaxation's cut is 5 (1 + cos 36 degrees) / 2 = 4.5225.
TEST(VectorRelaxation, MeetsItsKnownOptimum) {
  const auto ring = [](double weight) {
    Graph graph{{"a", "b", "c", "d", "e"}, {}};
    for (std::uint32_t i = 0; i < 5; ++i) graph.edges.push_back({i, (i + 1) % 5, weight});
    return MaxCut(graph);
  };
  EXPECT_NEAR(ring(1.3).bound().value(), 1.3 * 5 * (1 + std::cos(std::numbers::pi / 5)) / 2, 1e-5);
  EXPECT_EQ(ring(1).bound(), 4);          // a whole number
  EXPECT_GE(ring(1e300).bound(), 4e300);  // ends, and is a bound, though squares overflow
}

TEST(GraphFile, ReadsAnEdgeList) {
  const auto graph = read_graph(square_with_tail, "g.txt");
  EXPECT_EQ(graph.names, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  ASSERT_EQ(graph.edges.size(), 5u);
  EXPECT_EQ(graph.edges[1].weight, 2);
  EXPECT_EQ(components(graph), 1u);
}

TEST(GraphFile, ReadsDimacsAndGset) {
  const auto dimacs = read_graph("c hello\np edge 4 2\ne 1 2\ne 4 2\n", "g.col");
  EXPECT_EQ(dimacs.names.size(), 4u);
  EXPECT_EQ(dimacs.edges[1].a, 1u);
  EXPECT_EQ(components(dimacs), 2u);
  const auto gset = read_graph("5 2\n1 2 1\n2 5 -1\n", "G1");
  EXPECT_EQ(gset.names.size(), 5u);
  EXPECT_EQ(gset.edges[1].weight, -1);
  EXPECT_EQ(read_graph("1 2\n2 3\n1 3\n", "triangle").edges.size(), 3u) << "no head: it has nodes above 1";
  // Three nodes and three edges, not a head: only two lines follow.
  EXPECT_EQ(read_graph("1 3\n1 2\n3 2\n", "g.txt").names.size(), 3u);
}

TEST(GraphFile, TakesTheLettersOfDimacsForNodesInAListOfEdges) {
  EXPECT_EQ(read_graph("c d\na b\n", "g.txt").names, (std::vector<std::string>{"c", "d", "a", "b"}));
  EXPECT_EQ(read_graph("o p 1\np q 1.5\ne p 2\n", "g.txt").edges.size(), 3u);
  EXPECT_EQ(read_graph("p q 1\nq r 2\n", "g.txt").edges[1].weight, 2);
  EXPECT_EQ(read_graph("\"#1\" p\n# a remark\n", "g.txt").names, (std::vector<std::string>{"#1", "p"}));
}

TEST(GraphFile, SkipsTheNamesOfColumns) {
  EXPECT_EQ(read_graph("source,target\na,b\nb,c\na,c\n", "g.csv").names,
            (std::vector<std::string>{"a", "b", "c"}));
  const auto quoted = read_graph("\"from\" \"to\" \"w\"\n\"1\" 2 5\n2 \"3\" 1\n", "g.txt");
  EXPECT_EQ(quoted.names, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(read_graph("source target\ntarget sink\n", "g.txt").edges.size(), 2u);  // nodes
  EXPECT_THAT(error_from([] { read_graph("from to\n1 1 2\n2 2 3\n", "g.txt"); }),
              HasSubstr("g.txt:2: 3 words below a head of 2"));
}

TEST(GraphFile, SaysWhatIsWrong) {
  const auto error = [](std::string_view text) { return error_from([&] { read_graph(text, "g.txt"); }); };
  EXPECT_THAT(error("a b\nc c\n"), HasSubstr("g.txt:2: an edge from c to itself"));
  EXPECT_THAT(error("a b\nb a\n"), HasSubstr("g.txt:2: the edge b a stands in line 1 already"));
  EXPECT_THAT(error("a b heavy\n"), HasSubstr("g.txt:1: \"heavy\" is not a number"));
  EXPECT_THAT(error("a b nan\n"), HasSubstr("not a number"));
  EXPECT_THAT(error("a b 1 2\n"), HasSubstr("4 words"));
  EXPECT_THAT(error(""), HasSubstr("no edge in it"));
  EXPECT_THAT(error("p edge 3 2\ne 1 2\n"), HasSubstr("1 edges: its head says 2"));
  EXPECT_THAT(error("5 3\n1 2 1\n2 5 -1\n"), HasSubstr("2 edges: its head says 3"));  // a Gset file cut off
  EXPECT_THAT(error("c of edges\ne 1 2\n"), HasSubstr("before the line \"p edge NODES EDGES\""));
  EXPECT_THAT(error("p edge 3 1\ne 1 4\n"), HasSubstr("\"4\" is not a whole number from 1 to 3"));
}

TEST(Graph, OfOneDegree) {
  for (const std::size_t degree : {2u, 3u, 4u, 5u}) {
    const auto graph = random_regular_graph(12, degree, degree);
    std::vector<std::size_t> degrees(12);
    for (const auto& edge : graph.edges) ++degrees[edge.a], ++degrees[edge.b];
    EXPECT_EQ(degrees, std::vector<std::size_t>(12, degree));
  }
  EXPECT_THROW(random_regular_graph(5, 3, 1), InputError);
}

TEST(QuboFile, ReadsJson) {
  const auto named = read_qubo_json(
      R"({"linear": {"a": 1}, "quadratic": [["a", "b", -3], ["b", "a", 0.5]], "constant": 2, "sense": "max"})",
      "q.json");
  EXPECT_TRUE(named.maximised);
  const QuboDecision decision(named);
  EXPECT_EQ(decision.objective(Values{1, 1}), 1 - 2.5 + 2);
  EXPECT_EQ(decision.objective(Values{0, 1}), 2);
  const QuboDecision matrix(read_qubo_json(R"({"Q": [[1, -2], [0, 3]]})", "q.json"));
  EXPECT_EQ(matrix.objective(Values{1, 1}), 2);
  const QuboDecision spins(
      read_qubo_json(R"({"linear": {"0": 1}, "quadratic": [[0, 1, 2]], "vartype": "SPIN"})", "q.json"));
  EXPECT_EQ(spins.objective(Values{1, 0}), 1 - 2);
  EXPECT_EQ(spins.objective(Values{0, 0}), -1 + 2);
}

TEST(QuboFile, ReadsCoordinates) {
  const QuboDecision decision(read_qubo_coo("# a comment\n0 0 1\n0 2 -3\n2 2 0.5\n", "q.coo"));
  EXPECT_EQ(decision.variables(), 3u);
  EXPECT_EQ(decision.objective(Values{1, 0, 1}), -1.5);
  const QuboDecision spins(read_qubo_coo("# vartype=SPIN\n0 0 1\n0 1 2\n", "q.coo"));
  EXPECT_EQ(spins.objective(Values{0, 1}), -1 - 2);
  EXPECT_EQ(read_qubo_coo("c x\np qubo 0 4 1 1\n0 0 1\n0 1 2\n", "q.qubo").qubo.size(), 4u);
}

TEST(QuboFile, SaysWhatIsWrong) {
  const auto json = [](std::string_view text) { return error_from([&] { read_qubo_json(text, "q.json"); }); };
  EXPECT_THAT(json(R"({"linear": {"a": "x"}})"), HasSubstr("q.json: linear: a: \"x\" is not a number"));
  EXPECT_THAT(json(R"({"quadratic": [["a", "b"]]})"), HasSubstr("two variables and a weight"));
  EXPECT_THAT(json(R"({"variables": ["a"], "quadratic": [["a", "b", 1]]})"),
              HasSubstr("not among the variables"));
  EXPECT_THAT(json(R"({"Q": [[1, 2], [3]]})"), HasSubstr("must have 2 numbers"));
  EXPECT_THAT(json("{}"), HasSubstr("no variable"));
  EXPECT_EQ(error_from([] { read_qubo_coo("c cut off\np qubo 0 4 1 2\n0 0 1\n0 1 2\n", "q.qubo"); }),
            "q.qubo:2: the head says 2 terms off the diagonal, and there are 1");
  EXPECT_THAT(json(R"({"liner": {}})"), HasSubstr("linear"));
  const auto coo = [](std::string_view text) { return error_from([&] { read_qubo_coo(text, "q.coo"); }); };
  EXPECT_THAT(coo("0 0\n"), HasSubstr("q.coo:1: 2 words"));
  EXPECT_THAT(coo("0 x 1\n"), HasSubstr("q.coo:1: \"x\""));
  EXPECT_THAT(coo("0 99999999 1\n"), HasSubstr("a variable 99999999: a QUBO has at most 20000"));
  EXPECT_THAT(coo("0 -1 1\n"), HasSubstr("q.coo:1: \"-1\" is not a whole number"));
  EXPECT_THAT(coo("# nothing\n"), HasSubstr("no term"));
}

TEST(MaxCut, IsItsQubo) {
  const MaxCut cut(read_graph(square_with_tail, "g.txt"));
  const auto qubo = cut.qubo();
  for (std::size_t s = 0; s < 32; ++s) {
    const auto bits = bits_of_number(s, 5);
    EXPECT_NEAR(qubo.energy(bits), -cut.objective(cut.from_bits(bits)), 1e-12);
  }
  EXPECT_EQ(cut.proven_optimum(), 5.5);
  EXPECT_EQ(cut.bound(), 5.5);
}

TEST(MaxCut, OfGraphsInTwoPiecesIsTheSumOfTheirCuts) {
  const MaxCut cut(read_graph("a b\nb c\na c\nd e\ne f\nd f\n", "g.txt"));
  EXPECT_EQ(cut.proven_optimum(), 4);
  const auto exactly = [](const Qubo& part, std::size_t) {
    return std::vector<Bits>{lowest_energy(part).bits};
  };
  EXPECT_EQ(cut.objective(improve_by_parts(cut, {.most_bits = 4, .rounds = 20}, exactly).values), 4);
}

TEST(Parts, OfAQuboDifferInEnergyAsTheWholeDoes) {
  const QuboDecision decision({.qubo = random_qubo(12, 5), .maximised = false});
  Random random(3);
  auto now = decision.first_answer();
  for (int round = 0; round < 5; ++round) {
    const auto part = decision.part(now, 5, random);
    ASSERT_EQ(part.qubo.size(), 5u);
    const auto apart = [&](std::size_t s) {
      const auto bits = bits_of_number(s, 5);
      return decision.objective(part.whole(bits)) - part.qubo.energy(bits);
    };
    for (std::size_t s = 1; s < 32; ++s) EXPECT_NEAR(apart(s), apart(0), 1e-12);
    now = part.whole(bits_of_number(random.below(32), 5));
  }
}

// Optimal merit factors of binary sequences (Packebusch and Mertens, J. Phys. A 49, 165001, 2016).
TEST(LowAutocorrelation, HasTheKnownEnergy) {
  const auto energy = low_autocorrelation(13);
  std::vector<Complex> barker(1 << 13);
  barker[0b1010110011111] = 1;
  EXPECT_NEAR(13 * 13 / (2 * dense_expectation(energy, barker)), 14.083, 1e-3);
}

std::unique_ptr<DecisionProblem> two_graphs() {
  std::vector<Graph> graphs{random_regular_graph(8, 3, 1), read_graph(square_with_tail, "g.txt")};
  return maxcut_problem(named_facts("graphs", "graphs"), std::move(graphs));
}

TEST(DecisionProblem, ScoresAnswers) {
  const auto problem = two_graphs();
  const std::vector<std::size_t> row{1};
  Assignment best{.values = {0, 1, 0, 1, 0}, .tried = {{4, 10}, {5.5, 10}}, .tries = 40};
  const auto scores = problem->score(best, row);
  EXPECT_EQ(scores.at("gap"), 0);
  EXPECT_EQ(scores.at("objective"), 5.5);
  EXPECT_EQ(scores.at("feasible"), 1);
  EXPECT_EQ(scores.at("optimal"), 1);
  EXPECT_NEAR(scores.at("expected-gap"), (10 * 1.5 / 5.5 + 20) / 40, 1e-12);
  EXPECT_NEAR(scores.at("tries-to-solution"), std::log(0.01) / std::log(0.75), 1e-9);
  EXPECT_EQ(problem->contradiction(best, row, scores), "");

  const auto none = problem->score(Assignment{.values = {0, 1}}, row);
  EXPECT_EQ(none.at("feasible"), 0);
  EXPECT_EQ(none.at("optimal"), 0);
  EXPECT_EQ(none.at("tries-to-solution"), most_tries);
  EXPECT_THROW(problem->score(Energy{}, row), InputError);
  EXPECT_THROW(problem->score(best, std::vector<std::size_t>{0, 1}), InputError);
}

TEST(DecisionProblem, CallsATryThatBreaksAConstraintNoAnswer) {
  const auto program = read_lp("max 2 x + y\nst\nx + y <= 1\nbinary\nx y\nend\n", "m.lp");
  const auto problem = integer_problem(named_facts("sack", "sack"), {program});
  const std::vector<std::size_t> row{0};
  Tries tries(problem->decision(0));
  tries.add({1, 1}, 3);
  const Answer broken = std::move(tries).take();
  const auto scores = problem->score(broken, row);
  EXPECT_EQ(scores.at("feasible"), 0);
  EXPECT_EQ(scores.at("optimal"), 0);  // though the simple rule that it scores as has the optimum
  EXPECT_EQ(scores.at("gap"), 0);
  EXPECT_EQ(problem->solution(std::vector<Answered>{{&broken, row}}), "null");
}

TEST(DecisionProblem, TakesInstancesOrRepeats) {
  EXPECT_EQ(two_graphs()->splits({.repeats = 1}).size(), 2u);
  const auto one = maxcut_problem(named_facts("one", "one"), {random_regular_graph(8, 3, 1)});
  EXPECT_EQ(one->splits({.outer_folds = 5, .repeats = 2}).size(), 10u);
  EXPECT_EQ(one->width({}), 8);
}

}  // namespace
}  // namespace qupel
