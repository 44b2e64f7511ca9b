#include <gtest/gtest.h>

#include <set>

#include "qupel/baseline/optimization/records.h"
#include "qupel/problem/optimization/maxcut.h"

namespace qupel {
namespace {

/// The portable generator of the Stanford GraphBase (Knuth 1993), of which Rinaldi's rudy draws its graphs: a
/// subtractive sequence of 31-bit numbers with the lags 24 and 55.
class GraphBaseNumbers {
 public:
  explicit GraphBaseNumbers(std::int64_t seed) {
    std::int64_t last = seed & mask, next = 1;
    seed = last;
    numbers_[55] = last;
    for (std::size_t i = 21; i != 0; i = (i + 21) % 55) {
      numbers_[i] = next;
      seed = seed % 2 == 1 ? 0x40000000 + seed / 2 : seed / 2;
      next = (((last - next) & mask) - seed) & mask;
      last = numbers_[i];
    }
    for (int round = 0; round < 5; ++round) refresh();
    left_ = 54;  // the last of these rounds begins with its second number
  }
  std::int64_t next() {
    if (left_ == 0) refresh();
    return numbers_[left_--];
  }
  std::int64_t below(std::int64_t bound) {
    const std::int64_t fair = 0x80000000 - 0x80000000 % bound;
    for (;;)
      if (const auto number = next(); number < fair) return number % bound;
  }

 private:
  void refresh() {
    for (std::size_t i = 1; i <= 55; ++i)
      numbers_[i] = (numbers_[i] - numbers_[i <= 24 ? i + 31 : i - 24]) & mask;
    left_ = 55;
  }
  static constexpr std::int64_t mask = 0x7fffffff;
  std::int64_t numbers_[56] = {};
  std::size_t left_ = 0;
};

/// `rudy -rnd_graph 800 6 8001`, known as G1 of the Gset: 800 nodes, 6 % of all pairs.
Graph g1() {
  constexpr std::int64_t nodes = 800;
  constexpr std::size_t edges = 19176;
  GraphBaseNumbers numbers(8001);
  std::set<std::pair<std::int64_t, std::int64_t>> pairs;
  while (pairs.size() < edges) {
    const auto a = numbers.below(nodes), b = numbers.below(nodes);
    if (a != b) pairs.insert(std::minmax(a, b));
  }
  Graph graph;
  for (std::int64_t i = 1; i <= nodes; ++i) graph.names.push_back(std::to_string(i));
  for (const auto& [a, b] : pairs)
    graph.edges.push_back({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), 1});
  return graph;
}

TEST(Gset, NumbersAreKnuths) { EXPECT_EQ(GraphBaseNumbers(-314159).next(), 119318998); }

TEST(Gset, AnnealingComesWithinAThousandthOfTheBestKnownCutOfG1) {
  constexpr double best_known = 11624;
  const MaxCut cut(g1());
  const FitContext context{.seed = 1, .executor = nullptr};
  const auto model = simulated_annealing.fit(cut, {}, context);
  const auto answer = std::get<Assignment>(model->answer(cut, context));
  EXPECT_GE(cut.objective(answer.values), 0.999 * best_known);
  EXPECT_LE(cut.objective(answer.values), best_known);
}

}  // namespace
}  // namespace qupel
