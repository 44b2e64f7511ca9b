#include "qupel/report/ranked_table.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qupel::report {
namespace {

using testing::ElementsAre;

std::string molecule(const std::string& name, double difference) {
  return fmt::format(R"({{"name": "{}", "active": [2, 2], "energy": {}, "difference": {}}})", name,
                     -1 + difference, difference);
}

ContenderResult contender(const std::string& name, const std::string& molecules) {
  ContenderResult c;
  c.name = name;
  c.solution = fmt::format(R"({{"ranked": [{}]}})", molecules);
  return c;
}

TEST(EnergyTable, OfOneMoleculeSaysHowFarAboveOrBelowTheExactEnergyEachIs) {
  StudyResult result;
  result.contenders = {contender("vqe", molecule("h2", 0.003)), contender("ccsd-t", molecule("h2", -0.01)),
                       contender("fci", molecule("h2", -1e-9))};
  const auto table = energy_table(result);
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_THAT(table.rows[0].energies,
              ElementsAre("-0.997000 (3.00 mHa above)", "-1.010000 (10.00 mHa below the exact one)",
                          "-1.000000 (0.00 mHa above)"));
}

TEST(EnergyTable, OfSeveralMoleculesMarksThoseBelowOnly) {
  StudyResult result;
  result.contenders = {contender("ccsd-t", molecule("near", 0.001) + ", " + molecule("far", -0.13))};
  const auto table = energy_table(result);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_THAT(table.rows[0].energies, ElementsAre("-0.999000"));
  EXPECT_THAT(table.rows[1].energies, ElementsAre("-1.130000 (130.00 mHa below the exact one)"));
}

TEST(DerivedEnergies, AreBindingAndExcitationEnergies) {
  StudyResult result;
  EXPECT_TRUE(derived_energies(result).rows.empty());
  result.contenders = {contender("fci", ""), contender("mp2", "")};
  result.contenders[0].metrics["binding-kcal"].mean = -5.3751;
  auto binding = derived_energies(result);
  EXPECT_EQ(binding.title, "Binding energy in kcal/mol");
  EXPECT_THAT(binding.rows, ElementsAre(ElementsAre("fci", "-5.38"), ElementsAre("mp2", "")));
  for (const int k : {1, 2}) result.contenders[1].metrics[fmt::format("excitation-{}-ev", k)].mean = 3 * k;
  const auto excited = derived_energies(result);
  EXPECT_EQ(excited.title, "Energies above the ground state in eV");
  EXPECT_THAT(excited.header, ElementsAre("contender", "state 1", "state 2"));
  EXPECT_THAT(excited.rows, ElementsAre(ElementsAre("fci", "", ""), ElementsAre("mp2", "3.0000", "6.0000")));
}

}  // namespace
}  // namespace qupel::report
