#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <iostream>
#include <numeric>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/folds.h"
#include "qupel/study/plan.h"
#include "qupel/study/runner.h"
#include "qupel/study/statistics.h"
#include "qupel/study/verdict.h"

// How often the decision rule claims what is not so: studies simulated from the rows up, with
// real classifiers trained on overlapping training sets, so that folds share rows and training effects as in
// a study.
namespace qupel {
namespace {

enum class Learner { nearest_centroid, nearest_neighbour, best_stump };

/// One classical contender and three quantum ones. Each sees its own block of features; all
/// blocks have the same distribution, so that contenders with the same learner have the
/// same expected accuracy, whatever the data.
struct Shape {
  const char* name;
  std::array<Learner, 4> learners;  ///< the first is the classical one
  std::size_t rows;
  std::size_t features;  ///< a block
  double signal;         ///< distance of the class means on the first feature, in noise deviations
  double shared;         ///< share of the noise variance that blocks have in common; 1: the same features
  int folds, repeats;
  double rope = 0.01;
  double lead = 0;  ///< more signal for the first quantum contender
};

struct Data {
  std::array<Matrix<double>, 4> blocks;
  std::vector<int> labels;
};

Data draw(const Shape& shape, Random& random) {
  Data data;
  data.blocks.fill(Matrix<double>(shape.rows, shape.features));
  for (std::size_t i = 0; i < shape.rows; ++i) {
    const int label = static_cast<int>(i % 2);
    data.labels.push_back(label);
    for (std::size_t f = 0; f < shape.features; ++f) {
      const double common = std::sqrt(shape.shared) * random.normal();
      for (std::size_t b = 0; b < data.blocks.size(); ++b) {
        const double distance = f > 0 ? 0 : shape.signal + (b == 1 ? shape.lead : 0);
        data.blocks[b](i, f) =
            (label - 0.5) * distance + common + std::sqrt(1 - shape.shared) * random.normal();
      }
    }
  }
  return data;
}

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// A classifier trained on the rows outside one fold.
class Classifier {
 public:
  Classifier(Learner learner, const Matrix<double>& x, const std::vector<int>& labels,
             const std::vector<int>& fold_of, int fold)
      : learner_(learner), x_(x), labels_(labels), means_(2, x.columns()) {
    for (std::size_t i = 0; i < x.rows(); ++i)
      if (fold_of[i] != fold) train_.push_back(i);
    for (const auto i : train_)
      for (std::size_t f = 0; f < x.columns(); ++f)
        means_(label(i), f) += 2 * x(i, f) / static_cast<double>(train_.size());
    for (std::size_t f = 1; f < x.columns(); ++f)
      if (gap(f) > gap(feature_)) feature_ = f;
  }

  int predict(std::size_t row) const {
    switch (learner_) {
      case Learner::nearest_neighbour:
        return labels_[*std::min_element(train_.begin(), train_.end(), [&](auto a, auto b) {
          return squared_distance(x_.row(a), x_.row(row)) < squared_distance(x_.row(b), x_.row(row));
        })];
      case Learner::best_stump:
        return std::abs(x_(row, feature_) - means_(1, feature_)) <
               std::abs(x_(row, feature_) - means_(0, feature_));
      default:
        return squared_distance(x_.row(row), means_.row(1)) < squared_distance(x_.row(row), means_.row(0));
    }
  }

 private:
  std::size_t label(std::size_t row) const { return static_cast<std::size_t>(labels_[row]); }
  double gap(std::size_t f) const { return std::abs(means_(0, f) - means_(1, f)); }

  Learner learner_;
  const Matrix<double>& x_;
  const std::vector<int>& labels_;
  std::vector<std::size_t> train_;
  Matrix<double> means_;     // classes x features
  std::size_t feature_ = 0;  // the stump's: where the classes lie farthest apart, an unstable choice
};

/// What cross-validation gives for a contender.
struct Results {
  std::vector<double> accuracies;  ///< by fold, repeats one after the other
  Matrix<double> right;            ///< rows x repeats
};

void test(const Classifier& classifier, const std::vector<int>& labels, const std::vector<int>& fold_of,
          int fold, std::size_t repeat, Results& results) {
  double right = 0, tested = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (fold_of[i] != fold) continue;
    results.right(i, repeat) = classifier.predict(i) == labels[i] ? 1 : 0;
    right += results.right(i, repeat);
    tested += 1;
  }
  results.accuracies.push_back(right / tested);
}

/// Of each contender; the same data for any number of repeats.
std::array<Results, 4> cross_validate(const Shape& shape, std::uint64_t seed, int repeats) {
  Random random(seed);
  const auto data = draw(shape, random);
  std::vector<std::size_t> groups(shape.rows);
  std::iota(groups.begin(), groups.end(), std::size_t{0});
  std::array<Results, 4> results;
  for (auto& r : results) r.right = Matrix<double>(shape.rows, static_cast<std::size_t>(repeats));
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const auto fold_of = stratified_folds(data.labels, groups, 2, shape.folds, random.bits());
    for (int fold = 0; fold < shape.folds; ++fold)
      for (std::size_t c = 0; c < results.size(); ++c) {
        const auto& block = data.blocks[shape.shared == 1 ? 0 : c];
        const Classifier classifier(shape.learners[c], block, data.labels, fold_of, fold);
        test(classifier, data.labels, fold_of, fold, static_cast<std::size_t>(repeat), results[c]);
      }
  }
  return results;
}

/// The comparisons of the first `quantum` quantum contenders with the classical one.
std::vector<Comparison> family_of(const std::array<Results, 4>& results, std::size_t quantum,
                                  const Design& design) {
  std::vector<Comparison> family;
  const auto& rival = results[0];
  Matrix<double> weights(rival.right.rows(), rival.right.columns());
  for (double& w : weights.values()) w = 1;
  std::vector<std::size_t> alone(rival.right.rows());
  std::iota(alone.begin(), alone.end(), std::size_t{0});
  for (std::size_t c = 1; c <= quantum; ++c) {
    std::vector<double> differences(rival.accuracies.size());
    std::ranges::transform(results[c].accuracies, rival.accuracies, differences.begin(), std::minus<>());
    auto right = results[c].right;
    for (std::size_t i = 0; i < right.values().size(); ++i) right.values()[i] -= rival.right.values()[i];
    const auto spread = spread_of(right, weights, std::vector<int>(right.rows()), alone, differences);
    family.push_back(compare("quantum", "classical", "accuracy", std::move(differences), design, spread));
    family.back().decides = true;
  }
  decide(family, design);
  return family;
}

Design design_of(const Shape& shape, int repeats, int look = 1) {
  return {.repeats = repeats,
          .rope = shape.rope,
          .test_rows = static_cast<double>(shape.rows) / shape.folds,
          .rows = shape.rows,
          .look = look};
}

/// What one study says.
struct Outcome {
  Verdict of_three, of_one;  ///< with three quantum contenders, and with the first alone
  Comparison first;
};

Outcome study(const Shape& shape, std::uint64_t seed) {
  const auto scores = cross_validate(shape, seed, shape.repeats);
  const auto design = design_of(shape, shape.repeats);
  const auto all = family_of(scores, 3, design), first = family_of(scores, 1, design);
  return {overall_verdict(all), overall_verdict(first), first.front()};
}

constexpr std::size_t problems = 1000;

std::uint64_t seed_of(const Shape& shape, std::size_t problem) {
  return derive(2024, {key_of(shape.name), problem});
}

std::vector<Outcome> simulate(const Shape& shape) {
  std::vector<Outcome> outcomes(problems);
  parallel_for(problems, 0, [&](std::size_t i) { outcomes[i] = study(shape, seed_of(shape, i)); });
  return outcomes;
}

/// Share of the outcomes for which `holds`.
template <typename Predicate>
double share(const std::vector<Outcome>& outcomes, Predicate holds) {
  return static_cast<double>(std::ranges::count_if(outcomes, holds)) / static_cast<double>(outcomes.size());
}

/// The difference of the first quantum contender's expected score, which the intervals should hold.
double true_difference(const std::vector<Outcome>& outcomes) {
  double mean = 0;
  for (const auto& o : outcomes) mean += o.first.difference / static_cast<double>(outcomes.size());
  return mean;
}

double coverage(const std::vector<Outcome>& outcomes, double truth) {
  return share(outcomes, [&](const Outcome& o) { return o.first.low <= truth && truth <= o.first.high; });
}

constexpr auto centroid = Learner::nearest_centroid, neighbour = Learner::nearest_neighbour,
               stump = Learner::best_stump;
constexpr std::array all_centroids{centroid, centroid, centroid, centroid};
constexpr std::array all_neighbours{neighbour, neighbour, neighbour, neighbour};
constexpr std::array all_stumps{stump, stump, stump, stump};

const std::vector<Shape>& null_shapes() {
  static const std::vector<Shape> shapes{
      {"60 rows, centroids, 5 x 2", all_centroids, 60, 4, 1.0, 0.5, 5, 2},
      {"150 rows, centroids, 5 x 2", all_centroids, 150, 4, 1.5, 0.5, 5, 2},
      {"600 rows, centroids, 5 x 2", all_centroids, 600, 6, 2.5, 0.5, 5, 2},
      {"150 rows, centroids, 5 x 1", all_centroids, 150, 4, 1.5, 0.5, 5, 1},
      {"100 rows, centroids, 2 x 5", all_centroids, 100, 4, 1.5, 0.5, 2, 5},
      {"100 rows, centroids, 5 x 10, no rope", all_centroids, 100, 4, 1.0, 0.5, 5, 10, 0.0},
      {"100 rows, neighbours, 5 x 2", all_neighbours, 100, 2, 1.5, 0.5, 5, 2},
      {"60 rows, random labels, four learners",
       {centroid, neighbour, stump, centroid},
       60,
       4,
       0.0,
       0.5,
       5,
       2},
      {"150 rows, random labels, the same features",
       {centroid, neighbour, stump, neighbour},
       150,
       3,
       0.0,
       1.0,
       5,
       2},
      {"40 rows, unstable stumps, 5 x 2", all_stumps, 40, 10, 0.8, 0.0, 5, 2},
      {"60 rows, unstable stumps, 5 x 1", all_stumps, 60, 20, 0.8, 0.0, 5, 1},
      {"100 rows, unstable stumps, 5 x 10", all_stumps, 100, 20, 0.5, 0.0, 5, 10},
      {"300 rows, unstable stumps, 4 x 5", all_stumps, 300, 20, 0.3, 0.0, 4, 5},
      {"100 rows, unstable stumps, 10 x 3", all_stumps, 100, 20, 0.5, 0.0, 10, 3},
      {"60 rows, unstable stumps, 10 x 10", all_stumps, 60, 20, 0.5, 0.0, 10, 10},
  };
  return shapes;
}

TEST(SlowVerdict, ClaimsAreWrongInAtMostFivePercentOfNullStudies) {
  std::cout << "quantum better | classical better of three, of one | equivalent | 95 % interval holds 0\n";
  for (const auto& shape : null_shapes()) {
    const auto outcomes = simulate(shape);
    const auto said = [&](Verdict verdict, Verdict Outcome::*of) {
      return share(outcomes, [&](const Outcome& o) { return o.*of == verdict; });
    };
    const double quantum = said(Verdict::quantum_better, &Outcome::of_three),
                 of_three = said(Verdict::classical_better, &Outcome::of_three),
                 one = said(Verdict::classical_better, &Outcome::of_one),
                 equivalent = said(Verdict::equivalent, &Outcome::of_one), held = coverage(outcomes, 0);
    std::cout << fmt::format("{:4.1f} % | {:4.1f} %, {:4.1f} % | {:4.1f} % | {:5.1f} %  {}\n", 100 * quantum,
                             100 * of_three, 100 * one, 100 * equivalent, 100 * held, shape.name);
    EXPECT_LE(quantum, 0.05) << shape.name;
    EXPECT_LE(of_three, 0.05) << shape.name;
    EXPECT_LE(one, 0.05) << shape.name;
    EXPECT_GE(held, 0.935) << shape.name;
  }
}

/// Contenders that differ by about the rope or twice as much are not equivalent.
TEST(SlowVerdict, SaysEquivalentInAtMostFivePercentWhereItIsNot) {
  const Shape shapes[] = {
      {"3000 rows, centroids, at the rope, 5 x 2", all_centroids, 3000, 4, 2.5, 0.99, 5, 2, 0.01, 0.13},
      {"3000 rows, centroids, twice the rope, 5 x 2", all_centroids, 3000, 4, 2.5, 0.99, 5, 2, 0.01, 0.26},
      {"1000 rows, centroids, at the rope, 5 x 3", all_centroids, 1000, 4, 2.5, 0.99, 5, 3, 0.01, 0.13},
      {"1000 rows, stumps, at the rope, 5 x 2", all_stumps, 1000, 4, 1.2, 0.99, 5, 2, 0.01, 0.07}};
  for (const auto& shape : shapes) {
    const auto outcomes = simulate(shape);
    const double truth = true_difference(outcomes);
    const double said = share(outcomes, [](const Outcome& o) { return o.of_one == Verdict::equivalent; });
    std::cout << fmt::format(
        "\"equivalent\": {:4.1f} % where the difference is {:.1f} points; interval holds it in {:.1f} %  "
        "{}\n",
        100 * said, 100 * truth, 100 * coverage(outcomes, truth), shape.name);
    EXPECT_GT(truth, 0.0085) << shape.name;
    EXPECT_LE(said, 0.05) << shape.name;
  }
}

TEST(SlowVerdict, SaysEquivalentWhereEqualContendersHaveRowsEnough) {
  const Shape shape{"3000 rows, equal centroids, 5 x 2", all_centroids, 3000, 4, 2.5, 0.99, 5, 2};
  const auto outcomes = simulate(shape);
  const double said = share(outcomes, [](const Outcome& o) { return o.of_one == Verdict::equivalent; });
  std::cout << fmt::format("\"equivalent\": {:4.1f} %  {}\n", 100 * said, shape.name);
  EXPECT_GE(said, 0.5);
}

/// Who follows "n more repeats would decide it" looks again and again, three times at most.
TEST(SlowVerdict, ContinuedLooksKeepTheErrorRate) {
  constexpr int most_repeats = 30;
  for (const auto& shape : null_shapes()) {
    if (shape.folds > 5 || shape.repeats > 5 || shape.rows > 150) continue;
    std::atomic<int> wrong{0}, continued{0};
    parallel_for(problems, 0, [&](std::size_t i) {
      int repeats = shape.repeats;
      for (int look = 1; look <= 4; ++look) {
        const auto family =
            family_of(cross_validate(shape, seed_of(shape, i), repeats), 3, design_of(shape, repeats, look));
        if (overall_verdict(family) == Verdict::quantum_better) ++wrong;
        if (overall_verdict(family) != Verdict::inconclusive) break;
        std::size_t more = 0;
        for (const auto& c : family) more = std::max(more, c.repeats_needed);
        if (more == 0 || repeats + static_cast<int>(std::min<std::size_t>(more, most_repeats)) > most_repeats)
          break;
        repeats += static_cast<int>(more);
        ++continued;
      }
    });
    const double rate = wrong / static_cast<double>(problems);
    std::cout << fmt::format("\"quantum better\" at any look: {:4.1f} %, {} looks again  {}\n", 100 * rate,
                             continued.load(), shape.name);
    EXPECT_LE(rate, 0.05) << shape.name;
  }
}

/// The lead that a plan calls the smallest is found in about 4 of 5 studies, half of it seldom.
TEST(SlowVerdict, FindsTheSmallestLeadOfItsPlan) {
  for (const auto& [rows, repeats] : {std::pair<std::size_t, int>{150, 2}, {400, 2}, {400, 3}, {1000, 3}}) {
    StudySpec spec;
    spec.repeats = repeats;
    DataSet data;
    data.labels.assign(rows, 0);
    data.classes = {"a"};
    auto& column = data.table.columns.emplace_back();  // rows that differ, so that they fill folds
    for (std::size_t r = 0; r < rows; ++r) column.numbers.push_back(static_cast<double>(r));
    const double planned = planned_power(spec, *table_problem(data, {}), 3).smallest_lead;
    std::string curve;
    double below = 0, above = 0;  // power at the last lead below the plan's, and at the first above
    for (double lead = 0.2; lead < 2.4 && above == 0; lead += 0.2) {
      const Shape shape{"power", all_centroids, rows, 4, 1.2, 0.5, 5, repeats, 0.01, lead};
      const auto outcomes = simulate(shape);
      const double truth = true_difference(outcomes);
      const double power =
          share(outcomes, [](const Outcome& o) { return o.of_three == Verdict::quantum_better; });
      curve += fmt::format("  {:.1f}: {:.0f} %", 100 * truth, 100 * power);
      (truth < planned ? below : above) = power;
    }
    std::cout << fmt::format("{} rows, 5 x {}: planned {:.1f} points; lead: power{}\n", rows, repeats,
                             100 * planned, curve);
    EXPECT_LE(below, 0.9) << rows;
    if (above > 0) {
      EXPECT_GE(above, 0.7) << rows;
    }
  }
}

}  // namespace
}  // namespace qupel
