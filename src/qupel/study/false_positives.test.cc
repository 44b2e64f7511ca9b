#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <numeric>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/study/runner.h"
#include "qupel/study/statistics.h"
#include "qupel/study/verdict.h"

// How often the decision rule says "quantum better" where it is not: studies simulated from the rows up, with
// real classifiers trained on overlapping training sets, so that folds share rows and training effects as in
// a study.
namespace qupel {
namespace {

enum class Learner { nearest_centroid, nearest_neighbour, best_stump };

/// One classical contender and three quantum ones. Each sees its own block of features; all blocks have the
/// same distribution, so that contenders with the same learner have the same expected accuracy, whatever the
/// data.
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

double accuracy(const Classifier& classifier, const std::vector<int>& labels, const std::vector<int>& fold_of,
                int fold) {
  double right = 0, tested = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (fold_of[i] != fold) continue;
    right += classifier.predict(i) == labels[i] ? 1 : 0;
    tested += 1;
  }
  return right / tested;
}

/// Test scores by contender and fold, repeats one after the other.
std::array<std::vector<double>, 4> cross_validate(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  const auto data = draw(shape, random);
  std::vector<std::size_t> groups(shape.rows);
  std::iota(groups.begin(), groups.end(), std::size_t{0});
  std::array<std::vector<double>, 4> scores;
  for (int repeat = 0; repeat < shape.repeats; ++repeat) {
    const auto fold_of = stratified_folds(data.labels, groups, 2, shape.folds, random.bits());
    for (int fold = 0; fold < shape.folds; ++fold)
      for (std::size_t c = 0; c < scores.size(); ++c) {
        const auto& block = data.blocks[shape.shared == 1 ? 0 : c];
        const Classifier classifier(shape.learners[c], block, data.labels, fold_of, fold);
        scores[c].push_back(accuracy(classifier, data.labels, fold_of, fold));
      }
  }
  return scores;
}

/// Whether the rule says of any quantum contender that it is better, and what it says of the first.
struct Outcome {
  bool any_better;
  bool any_better_plain;  ///< by the same rule without overlap_allowance
  Verdict first;
};

bool any_better(std::vector<Comparison>& family, double rope) {
  decide(family, rope);
  return std::any_of(family.begin(), family.end(),
                     [](const auto& c) { return c.verdict == Verdict::quantum_better; });
}

Outcome study(const Shape& shape, std::uint64_t seed) {
  const auto scores = cross_validate(shape, seed);
  std::vector<Comparison> family;
  for (std::size_t c = 1; c < scores.size(); ++c) {
    std::vector<double> differences(scores[c].size());
    std::transform(scores[c].begin(), scores[c].end(), scores[0].begin(), differences.begin(),
                   std::minus<>());
    family.push_back(
        compare("quantum", "classical", "accuracy", std::move(differences), shape.repeats, shape.rope));
    family.back().decides = true;
  }
  auto plain = family;
  for (auto& c : plain) c.p_value = corrected_resampled_t(c.differences, 1.0 / (shape.folds - 1)).p_value;
  return {any_better(family, shape.rope), any_better(plain, shape.rope), family.front().verdict};
}

constexpr std::size_t problems = 1000;

std::vector<Outcome> simulate(const Shape& shape) {
  std::vector<Outcome> outcomes(problems);
  parallel_for(problems, 0, [&](std::size_t i) {
    outcomes[i] = study(shape, derive(2024, {key_of(shape.name), i}));
  });
  return outcomes;
}

/// Share of the outcomes for which `holds`.
template <typename Predicate>
double share(const std::vector<Outcome>& outcomes, Predicate holds) {
  return static_cast<double>(std::count_if(outcomes.begin(), outcomes.end(), holds)) /
         static_cast<double>(outcomes.size());
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

TEST(SlowVerdict, SaysQuantumBetterOnNullDataInAtMostFivePercent) {
  for (const auto& shape : null_shapes()) {
    const auto outcomes = simulate(shape);
    const double rate = share(outcomes, [](const auto& o) { return o.any_better; });
    const double plain = share(outcomes, [](const auto& o) { return o.any_better_plain; });
    std::cout << fmt::format("false \"quantum better\": {:4.1f} %, without allowance {:4.1f} %  {}\n",
                             100 * rate, 100 * plain, shape.name);
    EXPECT_LE(rate, 0.05) << shape.name;
  }
}

TEST(SlowVerdict, FindsALeadThatIsThere) {
  const Shape shape{"300 rows, a lead of 15 points", all_centroids, 300, 4, 1.5, 0.5, 5, 2, 0.01, 1.3};
  const auto outcomes = simulate(shape);
  const double found = share(outcomes, [](const auto& o) { return o.first == Verdict::quantum_better; });
  std::cout << fmt::format("true \"quantum better\": {:.1f} %  {}\n", 100 * found, shape.name);
  EXPECT_GE(found, 0.8);
  EXPECT_LE(share(outcomes, [](const auto& o) { return o.first == Verdict::classical_better; }), 0.001);
}

}  // namespace
}  // namespace qupel
