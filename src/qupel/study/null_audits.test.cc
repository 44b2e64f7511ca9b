#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/study/runner.h"

// What whole audits, with every contender and its search, say where there is nothing to find.
namespace qupel {
namespace {

/// Normal numbers and the labels of fair coins, or numbers that follow from nothing.
DataSet null_table(std::uint64_t seed, bool numbers) {
  constexpr std::size_t rows = 60, columns = 3;
  Random random(seed);
  DataSet data;
  data.source = data.name = fmt::format("null-{}", seed);
  data.target = "label";
  if (!numbers) data.classes = {"a", "b"};
  data.data_hash = std::string(64, '0');
  data.rows_read = data.table.rows = rows;
  for (std::size_t c = 0; c < columns; ++c) {
    auto& column = data.table.columns.emplace_back();
    column.name = fmt::format("x{}", c);
    for (std::size_t r = 0; r < rows; ++r) column.numbers.push_back(random.normal());
  }
  for (std::size_t r = 0; r < rows; ++r) data.labels.push_back(random.uniform() < 0.5 ? 0 : 1);
  if (!numbers) return data;
  data.labels.clear();
  for (std::size_t r = 0; r < rows; ++r) data.targets.push_back(random.normal());
  set_fifths(data);
  return data;
}

/// How often the audits of tables without a rule claim something.
void expect_few_claims(bool numbers) {
  const auto* wanted = std::getenv("QUPEL_NULL_AUDITS");  // 200 for docs/statistics.md
  const auto audits = wanted ? static_cast<std::size_t>(std::strtoul(wanted, nullptr, 10)) : std::size_t{10};
  std::vector<Verdict> verdicts(audits);
  parallel_for(audits, 0, [&](std::size_t i) {
    const auto table = null_table(i + 1, numbers);
    auto spec = audit_study(table, Budget::small, i, contenders());
    spec.configurations = 6;
    spec.effort = 0.3;
    spec.shots = 100;
    MemoryStore store;
    Progress silent;
    verdicts[i] = run_study(spec, *table_problem(table, table_inputs(spec)), store, 1, silent).verdict;
  });
  std::map<Verdict, std::size_t> counts;
  for (const auto verdict : verdicts) ++counts[verdict];
  for (const auto& [verdict, count] : counts)
    std::cout << fmt::format("{}: {} of {}\n", to_string(verdict), count, audits);
  for (const auto claim : {Verdict::quantum_better, Verdict::classical_better, Verdict::equivalent})
    EXPECT_LE(counts[claim], audits / 20) << to_string(claim);
}

TEST(SlowAudits, OfCoinTossesClaimNothing) { expect_few_claims(false); }
TEST(SlowAudits, OfNumbersWithoutARuleClaimNothing) { expect_few_claims(true); }

}  // namespace
}  // namespace qupel
