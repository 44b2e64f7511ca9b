#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/branch_and_cut.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/integer_decision.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

constexpr const char* lp = R"(\ a small program
Maximize
 obj: 3 x + 2 y - z + 1
Subject To
 c1: x + y + z <= 5
 c2: x - y >= -1
 c3: 1 <= x + z <= 3
Bounds
 x <= 4
 -2 <= z <= 2
General
 x z
Binary
 y
End
)";

constexpr const char* mps = R"(NAME small
OBJSENSE
    MAX
ROWS
 N obj
 L c1
 G c2
 G c3
COLUMNS
    m1 'MARKER' 'INTORG'
    x obj 3 c1 1
    x c2 1 c3 1
    y obj 2 c1 1
    y c2 -1
    z obj -1 c1 1
    z c3 1
    m2 'MARKER' 'INTEND'
RHS
    rhs obj -1 c1 5
    rhs c2 -1 c3 1
RANGES
    rng c3 2
BOUNDS
 UP bnd x 4
 BV bnd y
 LO bnd z -2
 UP bnd z 2
ENDATA
)";

/// The best objective of all whole numbers.
double best_of_all(const IntegerDecision& decision) {
  const auto& variables = decision.program().variables;
  Values values;
  for (const auto& v : variables) values.push_back(v.low);
  std::optional<double> best;
  for (;;) {
    if (decision.violation(values).empty() && (!best || !decision.reaches(*best, decision.objective(values))))
      best = decision.objective(values);
    std::size_t i = 0;
    while (i < values.size() && values[i] == variables[i].high) values[i] = variables[i].low, ++i;
    if (i == values.size()) return best.value();
    ++values[i];
  }
}

void expect_qubo_of(const IntegerDecision& decision) {
  const auto lowest = lowest_energy(decision.qubo());
  const auto values = decision.from_bits(lowest.bits);
  EXPECT_EQ(decision.violation(values), "");
  EXPECT_NEAR(decision.objective(values), best_of_all(decision), 1e-9);
  EXPECT_NEAR(lowest.energy, (decision.maximised() ? -1 : 1) * decision.objective(values), 1e-9);
  EXPECT_EQ(decision.violation(decision.first_answer()), "");
}

TEST(IntegerProgram, IsTheSameFromLpAndMps) {
  const IntegerDecision a(read_lp(lp, "a.lp")), b(read_mps(mps, "b.mps"));
  EXPECT_EQ(a.digest(), b.digest());
  EXPECT_EQ(best_of_all(a), 3 * 4 + 2 + 2 + 1);
  EXPECT_EQ(a.solution(Values{4, 1, -1}), R"({"x": 4, "y": 1, "z": -1})");
}

TEST(IntegerProgram, HasTheBoundsThatMpsMeans) {
  const auto bounds = [](const std::string& lines) {
    const auto program = read_mps(
        "NAME\nROWS\n N obj\n G c\n L d\nCOLUMNS\n m 'MARKER' 'INTORG'\n x obj 1 c 1\n x d 1\n m 'MARKER' "
        "'INTEND'\nRHS\n r c -7 d 50\nBOUNDS\n" +
            lines + "ENDATA\n",
        "m.mps");
    return std::pair(program.variables[0].low, program.variables[0].high);
  };
  using Bounds = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(bounds(""), Bounds(0, 1));                // whole and without any bound: binary
  EXPECT_EQ(bounds(" LO b x 3\n"), Bounds(3, 50));    // with one it is not: d bounds it
  EXPECT_EQ(bounds(" MI b x\n"), Bounds(-7, 50));     // c does
  EXPECT_EQ(bounds(" UP b x -2\n"), Bounds(-7, -2));  // below 0 the usual lower bound goes
  EXPECT_EQ(bounds(" LO x 0\n UP x 1e30\n"), Bounds(0, 50));
  EXPECT_EQ(bounds(" LO b x -1e20\n UP b x 9\n"), Bounds(-7, 9));
  EXPECT_EQ(bounds(" BV b x 1\n"), Bounds(0, 1));
  EXPECT_EQ(bounds(" FR b x 0\n"), Bounds(-7, 50));
  EXPECT_THAT([&] { bounds(" UP b y 4\n"); },
              testing::ThrowsMessage<InputError>("m.mps:14: there is no column y"));
}

TEST(IntegerProgram, HasTheNamesAndInfinitiesThatSolversWrite) {
  const auto program = read_lp(
      "Minimize\n 2 x[0] + 3 x[1,2] - z#1(a)\nSubject To\n R0: x[0] + x[1,2] >= 1\n -1e+30 <= z#1(a) + x[0] "
      "<= 4\nBounds\n x[0] <= 1e30\n -infinity <= z#1(a) <= 3\n x[1,2] <= 5\n -2 <= z#1(a)\nGenerals\n x[0] "
      "x[1,2] z#1(a)\nEnd\n",
      "g.lp");
  ASSERT_EQ(program.variables.size(), 3u);
  EXPECT_EQ(program.variables[0].name, "x[0]");
  EXPECT_EQ(program.variables[0].high, 6);
  EXPECT_EQ(program.variables[1].name, "x[1,2]");
  EXPECT_EQ(program.variables[2].name, "z#1(a)");
  EXPECT_EQ(program.variables[2].low, -2);
  for (const auto* quadratic : {"[ 2 x ^ 2 ] / 2", "[x^2]/2", "[ x * y ]"})
    EXPECT_THAT(
        [&] { read_lp("Minimize\n 3 y + " + std::string(quadratic) + "\nBinary\n x y\nEnd\n", "q.lp"); },
        testing::ThrowsMessage<InputError>(HasSubstr("a quadratic term")));
  EXPECT_THAT([] { read_lp("Minimize\n x\nGeneral Constraints\n g: x = MAX ( y , z )\nEnd\n", "q.lp"); },
              testing::ThrowsMessage<InputError>(HasSubstr("a section General Constraints")));
}

TEST(IntegerProgram, IsTheBestOfItsQubo) {
  expect_qubo_of(IntegerDecision(read_lp(lp, "a.lp")));
  expect_qubo_of(IntegerDecision(knapsack({6, 5, 4, 3}, {3, 2.5, 2, 1}, 5)));
  expect_qubo_of(IntegerDecision(set_packing({3, 2, 2, 4}, {{1, 2}, {2, 3}, {4}, {1, 4}})));
  Matrix<double> costs(3, 3);
  const double values[] = {4, 1, 3, 2, 0, 5, 3, 2, 2};
  std::copy(std::begin(values), std::end(values), costs.data());
  const IntegerDecision jobs(job_assignment(costs));
  EXPECT_EQ(jobs.variables(), 9u);
  expect_qubo_of(jobs);
}

TEST(IntegerProgram, HasTheBoundsThatFollowFromItsConstraints) {
  const auto program = read_lp(
      "max 3 x + y + z\nst\na: 2 x + y <= 7\nb: z - 2 x <= 1\nbounds\nw >= -inf\nst\nc: w + x >= -2\nd: w <= 4\ngeneral\nx y z w\nend\n",
      "m.lp");
  const auto range = [&](std::string_view name) {
    for (const auto& variable : program.variables)
      if (variable.name == name) return std::pair(variable.low, variable.high);
    return std::pair<std::int64_t, std::int64_t>();
  };
  using Range = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(range("x"), Range(0, 3));
  EXPECT_EQ(range("y"), Range(0, 7));
  EXPECT_EQ(range("z"), Range(0, 8));  // x is at most 3.5
  EXPECT_EQ(range("w"), Range(-5, 4));
}

/// Forty things, too many for a look at all bit strings, and the largest value of them by the table of all
/// weights (Bellman).
IntegerProgram forty_things() {
  std::vector<double> values, weights;
  Random random(7);
  for (int i = 0; i < 40; ++i) {
    weights.push_back(static_cast<double>(10 + random.below(90)));
    values.push_back(weights.back() + static_cast<double>(random.below(20)));
  }
  return knapsack(values, weights, 400);
}
double best_of(const IntegerProgram& sack) {
  std::vector<double> best(401);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto weight = static_cast<std::size_t>(sack.rows[0].terms[i].second);
    for (std::size_t room = 400; room >= weight; --room)
      best[room] = std::max(best[room], best[room - weight] + sack.variables[i].cost);
  }
  return best[400];
}

TEST(IntegerProgram, HasAProvenOptimumBeyondItsBits) {
  const IntegerDecision sack(forty_things());
  EXPECT_EQ(sack.unknowns(), 40u);
  EXPECT_GT(sack.variables(), 40u);
  if (!has_branch_and_cut()) GTEST_SKIP() << "built without CBC";
  EXPECT_EQ(sack.proven_optimum(), best_of(sack.program()));
  EXPECT_EQ(sack.bound(), best_of(sack.program()));
}

/// The least objective of all whole numbers that keep the rows; nothing if none do.
std::optional<double> least_of_all(const IntegerProgram& program, std::vector<std::int64_t> values = {}) {
  std::optional<double> least;
  if (const auto i = values.size(); i < program.variables.size()) {
    for (auto v = program.variables[i].low; v <= program.variables[i].high; ++v) {
      values.push_back(v);
      const auto found = least_of_all(program, values);
      if (found && (!least || *found < *least)) least = found;
      values.pop_back();
    }
    return least;
  }
  for (const auto& row : program.rows) {
    double sum = 0;
    for (const auto& [i, factor] : row.terms) sum += factor * static_cast<double>(values[i]);
    if (sum < row.low || sum > row.high) return std::nullopt;
  }
  double objective = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    objective += program.variables[i].cost * static_cast<double>(values[i]);
  return objective;
}

TEST(BranchAndCut, IsRightAboutRowsWithFractionsOnBothSides) {
  if (!has_branch_and_cut()) GTEST_SKIP() << "built without CBC";
  const auto first = read_lp(
      "Minimize\n 2 y - z\nst\n 7 <= z - y <= 9.5\nBounds\n -1 <= y <= 1\n z <= 10\nGeneral\n y z\nEnd\n",
      "m.lp");
  EXPECT_EQ(branch_and_cut(first, 1000).bound, -10);
  Random random(3);
  const auto half = [&](std::uint64_t range) { return 0.5 * static_cast<double>(random.below(range)) - 4; };
  int solved = 0;
  for (int k = 0; k < 600; ++k) {
    IntegerProgram program;
    for (std::size_t i = 0; i < 2 + random.below(3); ++i)
      program.variables.push_back(
          {fmt::format("x{}", i), half(17), -1, static_cast<std::int64_t>(random.below(5))});
    for (std::size_t r = 0; r < 1 + random.below(2); ++r) {
      IntegerProgram::Row row{.name = "r", .terms = {}, .low = half(12)};
      row.high = row.low + 2 + half(9) + 4;
      for (std::size_t i = 0; i < program.variables.size(); ++i)
        if (random.below(3) > 0)
          row.terms.emplace_back(i, random.below(2) == 0 ? 1 : random.below(2) == 0 ? -1 : 0.5);
      if (!row.terms.empty()) program.rows.push_back(row);
    }
    const auto least = least_of_all(program);
    if (!least) continue;
    const auto found = branch_and_cut(program, 1000);
    ++solved;
    EXPECT_NEAR(found.bound, *least, 1e-4) << k;
  }
  EXPECT_GT(solved, 300);
}

TEST(IntegerProgram, TakesWordsOfSectionsForLabels) {
  const auto program = read_lp(
      "Maximize\n max: 3 x + 2 y\nSubject To\n start: x + y >= 1\n end: x + y <= 3\n int: x <= 2\n sos: y <= 2\n bound: "
      "x - y <= 9\nBounds\n x <= 5\n y <= 5\nGeneral\n x y\nEnd\n",
      "l.lp");
  ASSERT_EQ(program.rows.size(), 5u);
  EXPECT_EQ(program.rows[1].name, "end");
  EXPECT_EQ(program.rows[4].name, "bound");
}

TEST(BranchAndCut, HasABoundWhereItStops) {
  if (!has_branch_and_cut()) GTEST_SKIP() << "built without CBC";
  auto sack = forty_things();
  const double best = best_of(sack);
  double all = 0;
  for (const auto& thing : sack.variables) all += thing.cost;
  EXPECT_GE(branch_and_cut(sack, 1).bound, best);
  EXPECT_LT(branch_and_cut(sack, 1).bound, all);
  sack.constant = 5;
  EXPECT_EQ(branch_and_cut(sack, 100'000).bound, best + 5);
  for (auto& thing : sack.variables) thing.cost = -thing.cost;
  sack.maximised = false;
  EXPECT_EQ(branch_and_cut(sack, 100'000).bound, 5 - best);
}

TEST(IntegerProgram, SaysWhatIsWrong) {
  const auto error = [](std::string_view text, bool is_mps = false) -> std::string {
    try {
      const IntegerDecision decision(is_mps ? read_mps(text, "m.mps") : read_lp(text, "m.lp"));
    } catch (const InputError& refused) {
      return refused.what();
    }
    return "no error";
  };
  EXPECT_THAT(error("min x\nst\nx >= 1\nend\n"), HasSubstr("x is not said to be a whole number"));
  EXPECT_THAT(error("min x\nst\nx >= 1\ngeneral\nx\nend\n"),
              HasSubstr("x has no upper bound within 1000000"));
  EXPECT_THAT(error("min [ x ^ 2 ]\nst\nx >= 1\nbinary\nx\nend\n"), HasSubstr("m.lp:1: a quadratic term"));
  EXPECT_THAT(error("min x\nst\nx + x >= 3\nbinary\nx\nend\n"), HasSubstr("infeasible"));
  EXPECT_THAT(error("min x\nst\nx >= y\nbinary\nx y\nend\n"), HasSubstr("m.lp:3: \"y\" is not a number"));
  EXPECT_THAT(error("x + y\n"), HasSubstr("the first word is Minimize or Maximize"));
  EXPECT_THAT(error("min x\nst\nx\nbinary\nx\nend\n"), HasSubstr("a constraint without <=, >= or ="));
  EXPECT_THAT(error("ROWS\n L c1\n", true), HasSubstr("no row of type N"));
  EXPECT_THAT(error("ROWS\n N obj\nCOLUMNS\n x c9 1\n", true), HasSubstr("m.mps:4: there is no row c9"));
  EXPECT_THAT(error("ROWS\n N obj\nQUADOBJ\n", true), HasSubstr("a section QUADOBJ"));
  EXPECT_THAT(error("", true), HasSubstr("no row of type N"));
  EXPECT_THAT(error("ROWS\n N obj\n", true), HasSubstr("without ENDATA"));
  EXPECT_THAT(error("max x + 2 y\nst\nw: x = 1 -> y <= 0\nbinary\nx y\nend\n"),
              HasSubstr("m.lp:3: an indicator constraint"));
  EXPECT_THAT(error("min 2 x 3 y\nst\nx + y >= 1\nbinary\nx y\nend\n"),
              HasSubstr("\"+\" or \"-\" is missing before \"3\""));
  EXPECT_THAT(error("min x - \nst\nx + y >= 1\nbinary\nx y\nend\n"), HasSubstr("a sign without a term"));
  EXPECT_THAT(error("min x\nst\nx >= 1 - y\nbinary\nx y\nend\n"), HasSubstr("on both sides"));
}

}  // namespace
}  // namespace qupel
