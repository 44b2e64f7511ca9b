#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Hydrogen at some distances in angstrom.
MoleculeProblem hydrogen(const std::vector<double>& distances) {
  std::string xyz;
  for (const double distance : distances) xyz += fmt::format("2\n\nH 0 0 0\nH 0 0 {}\n", distance);
  return {"test", "test.xyz", read_xyz(xyz, "test.xyz"), {}};
}

/// A contender that misses the exact energies by so many millihartree, one a molecule.
class Misses {
 public:
  Misses(const MoleculeProblem& problem, const std::vector<double>& millihartree) {
    for (std::size_t row = 0; row < millihartree.size(); ++row) {
      rows_.push_back(row);
      answers_.emplace_back(Energy{problem.reference(row).energy + 1e-3 * millihartree[row]});
    }
  }
  std::vector<Answered> answers() const {
    std::vector<Answered> all;
    for (std::size_t row = 0; row < rows_.size(); ++row)
      all.push_back({&answers_[row], std::span(&rows_[row], 1)});
    return all;
  }

 private:
  std::vector<std::size_t> rows_;
  std::vector<Answer> answers_;
};

std::vector<std::string> names(const Plot& plot) {
  std::vector<std::string> all;
  for (const auto& series : plot.series) all.push_back(series.name);
  return all;
}

TEST(MoleculeFigures, OfOneMoleculeSayWhoLiesBelowTheExactEnergy) {
  const auto problem = hydrogen({0.735});
  const Misses above(problem, {3}), below(problem, {-10}), equal(problem, {-1e-6});
  const std::vector<ContenderAnswers> contenders{
      {"vqe", above.answers(), {}}, {"ccsd-t", below.answers(), {}}, {"fci", equal.answers(), {}}};
  const auto plots = problem.overview(contenders);
  ASSERT_EQ(plots.size(), 1u);
  EXPECT_THAT(names(plots[0]), ElementsAre("vqe", "ccsd-t, below", "fci", "chemical accuracy"));
  EXPECT_NEAR(plots[0].series[0].points[0].second, 3, 1e-6);
  EXPECT_NEAR(plots[0].series[1].points[0].second, 10, 1e-6);
  EXPECT_EQ(plots[0].series[3].points[0].second, 1.6);
}

TEST(MoleculeFigures, OfACurveMarkThePointsBelowTheExactEnergies) {
  const auto problem = hydrogen({0.7, 1.5, 2.5});
  const Misses misses(problem, {1, -2, -4});
  const auto plots = problem.overview(std::vector<ContenderAnswers>{{"ccsd-t", misses.answers(), {}}});
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_THAT(names(plots[1]), ElementsAre("ccsd-t", "ccsd-t, below the exact energy", "chemical accuracy"));
  const auto& below = plots[1].series[1];
  ASSERT_EQ(below.points.size(), 2u);
  EXPECT_FALSE(below.line);
  EXPECT_NEAR(below.points[1].first, 2.5, 1e-9);
  EXPECT_NEAR(below.points[1].second, 4, 1e-6);
  const auto own = problem.figures(misses.answers()).plots;
  EXPECT_THAT(names(own.at(1)), ElementsAre("error", "chemical accuracy", "below the exact energy"));
}

TEST(MoleculeFigures, SolutionsKeepTheSignOfTheDistance) {
  const auto problem = hydrogen({0.735});
  EXPECT_THAT(problem.solution(Misses(problem, {-10}).answers()),
              HasSubstr("\"error\": 0.0100000000, \"difference\": -0.0100000000"));
}

}  // namespace
}  // namespace qupel
