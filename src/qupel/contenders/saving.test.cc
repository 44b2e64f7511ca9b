#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "qupel/base/archive.h"
#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/base/random.h"
#include "qupel/contend/row_model.h"
#include "qupel/contend/saving.h"
#include "qupel/contenders/contenders.h"

// Every contender, for each kind of problem that it solves, answers with the same bits after it was saved and
// loaded; what no fit saved is refused.
namespace qupel {
namespace {

struct Rows {
  Matrix<double> x;
  std::vector<int> labels;  ///< of classes
  int classes = 0;
  std::vector<double> targets;  ///< of numbers

  Samples samples() const {
    return classes > 0 ? Samples(x, labels, classes) : Samples(x, std::span<const double>(targets));
  }
};

struct Case {
  Catalogue::Record record;
  std::string kind;
};

class EverySavedModel : public testing::TestWithParam<Case> {
 protected:
  const Contender& spec() const { return *GetParam().record; }
  FitContext context(double effort = 0.3) { return {.seed = 11, .executor = &executor_, .effort = effort}; }

  /// Columns in [-1, 1]; the first decides the class, or the number.
  static Rows rows(std::size_t count, std::size_t columns, int classes, std::uint64_t seed) {
    Rows made{Matrix<double>(count, columns), {}, 0, {}};
    Random random(seed);
    for (std::size_t r = 0; r < count; ++r) {
      for (double& value : made.x.row(r)) value = random.uniform(-0.3, 0.3);
      const int label = static_cast<int>(r) % classes;
      made.x(r, 0) += -0.6 + 1.2 * label / std::max(1, classes - 1);
      if (GetParam().kind == "classification")
        made.labels.push_back(label);
      else
        made.targets.push_back(7 + 2 * made.x(r, 0) + 0.1 * random.normal());
    }
    if (!made.labels.empty()) made.classes = classes;
    return made;
  }

  /// Saves and loads it by way of a file's bytes, for another executor.
  std::unique_ptr<Fitted> reloaded(const Fitted& model, const Settings& settings, Executor& executor) const {
    Archive saved;
    model.save(saved);
    const FitContext elsewhere{.seed = 99, .executor = &executor};
    return spec().load(Archive::from_bytes(saved.bytes(), "model"), settings, elsewhere);
  }

  static Answer answer(const Fitted& model, const Matrix<double>& x, Executor& executor) {
    const FitContext with{.seed = 3, .executor = &executor};
    return model.answer(Samples(x), with);
  }

  Executor executor_;
};

void expect_same_bits(std::span<const double> a, std::span<const double> b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size_bytes()), 0);
}

void expect_same(const Answer& a, const Answer& b) {
  ASSERT_EQ(a.index(), b.index());
  if (const auto* numbers = std::get_if<Numbers>(&a))
    return expect_same_bits(numbers->values, std::get<Numbers>(b).values);
  const auto &left = std::get<Classes>(a), &right = std::get<Classes>(b);
  EXPECT_EQ(left.labels, right.labels);
  expect_same_bits(left.probabilities.values(), right.probabilities.values());
}

void expect_same(const FitInfo& a, const FitInfo& b) {
  EXPECT_EQ(std::tie(a.converged, a.reason, a.steps, a.losses, a.parameters),
            std::tie(b.converged, b.reason, b.steps, b.losses, b.parameters));
}

TEST_P(EverySavedModel, AnswersWithTheSameBits) {
  for (const auto& train : {rows(40, 3, 3, 1), rows(30, 1, 2, 4), rows(60, 4, 2, 5)}) {
    const auto test = rows(50, train.x.columns(), 2, 2);
    const auto model = spec().fit(train.samples(), {}, context());
    Executor elsewhere;
    const auto loaded = reloaded(*model, {}, elsewhere);
    expect_same(answer(*model, test.x, executor_), answer(*loaded, test.x, elsewhere));
    expect_same(model->info(), loaded->info());
  }
}

// Loaded by an executor that is exact, asked by another.
TEST_P(EverySavedModel, AnswersWithTheSameBitsUnderEveryExecution) {
  if (!spec().circuit_cost) return;
  const auto train = rows(20, 2, 2, 1), test = rows(6, 2, 2, 2);
  const auto model = spec().fit(train.samples(), {}, context(0.02));
  Executor elsewhere;
  const auto loaded = reloaded(*model, {}, elsewhere);
  const auto noise = parse_noise("depolarizing(0.01) after one-qubit");
  for (const auto& execution :
       std::vector<Execution>{{.shots = 200, .seed = 5}, {.noise = noise}, {.noise = noise, .shots = 200}}) {
    Executor first(execution), second(execution);
    expect_same(answer(*model, test.x, first), answer(*loaded, test.x, second));
  }
}

TEST_P(EverySavedModel, IsSavedWithEveryValueOfEveryHyperparameter) {
  const auto train = rows(16, 2, 2, 1);
  for (const auto& parameter : spec().hyperparameters)
    for (const auto& value : parameter.values) {
      const Settings settings{{parameter.name, value}};
      const auto model = spec().fit(train.samples(), settings, context(0.02));
      const auto loaded = reloaded(*model, settings, executor_);
      expect_same(answer(*model, train.x, executor_), answer(*loaded, train.x, executor_));
    }
}

TEST_P(EverySavedModel, IsSavedWhereAllRowsAreAlike) {
  auto train = rows(12, 2, 2, 1);
  std::ranges::fill(train.labels, 1);
  std::ranges::fill(train.targets, 0.1);
  const auto model = spec().fit(train.samples(), {}, context());
  const auto loaded = reloaded(*model, {}, executor_);
  expect_same(answer(*model, train.x, executor_), answer(*loaded, train.x, executor_));
}

TEST_P(EverySavedModel, HasSettingsThatAreSaved) {
  Settings settings;
  for (const auto& parameter : spec().hyperparameters) settings[parameter.name] = parameter.values.back();
  EXPECT_EQ(settings_from(to_archive(settings), spec()), settings);
}

/// Changes bytes within an archive: what a forged file could hold. (Bytes of a file that were changed by
/// chance are found by its checksum, which the archive's own tests show.)
Archive forged(const Archive& saved, Random& random) {
  auto bytes = saved.bytes();
  const std::size_t head = bytes.size() - 64;  // before the checksum
  for (int i = 0; i < 1 + static_cast<int>(random.below(3)); ++i)
    bytes[30 + random.below(head - 30)] =
        static_cast<char>(random.below(2) == 0 ? random.below(4) : random.below(256));
  bytes.resize(head);
  return Archive::from_bytes(bytes + sha256(bytes), "forged");
}

TEST_P(EverySavedModel, SurvivesForgery) {
  if (spec().name == "gradient-boosting") GTEST_SKIP() << "XGBoost reads its own file, behind the checksum";
  const auto train = rows(20, 2, 3, 1);
  const auto model = spec().fit(train.samples(), {}, context(0.02));
  Archive saved;
  model->save(saved);
  Random random(7);
  int loaded = 0;
  for (int i = 0; i < 300; ++i) {
    try {
      const auto other = spec().load(forged(saved, random), {}, context());
      static_cast<void>(answer(*other, train.x, executor_));
      ++loaded;
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(loaded, 0);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& record : contenders().all())
    for (const auto& kind : record->solves)
      if (kind == "classification" || kind == "regression")
        cases.push_back({record, kind});  // others: molecules.test.cc, decisions.test.cc
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Registry, EverySavedModel, testing::ValuesIn(all_cases()), [](const auto& test) {
  auto name = test.param.record->name + "_" + test.param.kind;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace qupel
