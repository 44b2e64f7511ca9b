#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "qupel/base/error.h"
#include "qupel/base/temporary_folder.h"
#include "qupel/record/run_store.h"
#include "qupel/report/report.h"
#include "qupel/study/runner.h"

// A kind of problem that study, record and report have never heard of: numbers to factorise. Nothing but this
// file knows it.
namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Number : Instance {
  std::int64_t value = 0;
};

bool is_prime(std::int64_t n) {
  if (n < 2) return false;
  for (std::int64_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return true;
}

/// Each number is a unit of its own; nothing is learned from one for another.
class Factorisation final : public Problem {
 public:
  explicit Factorisation(std::vector<std::int64_t> numbers) : numbers_(std::move(numbers)) {
    facts_.name = facts_.source = "numbers";
    facts_.target = "factors";
    facts_.data_hash = std::string(64, 'f');
    facts_.rows = facts_.rows_read = numbers_.size();
  }

  std::string_view kind() const override { return "factorisation"; }
  const Facts& facts() const override { return facts_; }
  const std::vector<Metric>& metrics() const override {
    static const std::vector<Metric> all{
        {.name = "share-factored", .unit = {}, .high = 1, .share = true, .decides = true},
        {.name = "largest-left", .unit = "digits", .higher_is_better = false}};
    return all;
  }
  Dependence dependence() const override { return Dependence::independent; }

  std::vector<Split> splits(const Splitting&) const override {
    std::vector<Split> splits;
    for (std::size_t i = 0; i < numbers_.size(); ++i)
      splits.push_back({.repeat = 0, .fold = static_cast<int>(i), .train = {i}, .test = {i}});
    return splits;
  }
  Work prepare(const Splitting&, const Split& split) const override {
    auto number = std::make_shared<Number>();
    number->value = numbers_[split.test.front()];
    const Task task{split.train, split.test, number, number};
    return {task, {task}};  // how well a number was factorised shows without anybody's help
  }

  /// The share of the number's logarithm that its prime factors among the answer explain.
  Scores score(const Answer& answer, std::span<const std::size_t> rows) const override {
    const auto n = numbers_.at(rows.front());
    std::int64_t left = n;
    for (const auto factor : std::get<Assignment>(answer).values)
      if (is_prime(factor) && left % factor == 0) left /= factor;
    return {{"share-factored", 1 - std::log(static_cast<double>(left)) / std::log(static_cast<double>(n))},
            {"largest-left", std::log10(static_cast<double>(left))}};
  }
  Answer floor(const Task&) const override { return Assignment{}; }
  std::string_view floor_name() const override { return "nothing"; }
  std::string_view floor_noun() const override { return "no factor"; }
  std::string_view floor_words() const override { return "naming no factor"; }

 private:
  std::vector<std::int64_t> numbers_;
  Facts facts_;
};

/// Divides by all numbers up to a bound.
class TrialDivision final : public Fitted {
 public:
  explicit TrialDivision(std::int64_t bound) : bound_(bound) {}
  Answer answer(const Instance& instance, const FitContext&) const override {
    auto left = dynamic_cast<const Number&>(instance).value;
    Assignment factors;
    for (std::int64_t d = 2; d <= bound_ && d <= left; ++d)
      for (; left % d == 0; left /= d) factors.values.push_back(d);
    return factors;
  }
  FitInfo info() const override {
    return {.converged = true, .reason = "divided", .steps = 0, .losses = {}, .parameters = 0};
  }

 private:
  std::int64_t bound_;
};

Contender divider(std::string name, Family family, std::vector<Setting> bounds) {
  Contender record;
  record.name = std::move(name);
  record.summary = "trial division up to a bound";
  record.source = "Euclid";
  record.family = family;
  record.hyperparameters = {{.name = "bound", .summary = "largest divisor", .values = std::move(bounds)}};
  record.solves = {"factorisation"};
  record.fit = [first = record.hyperparameters.front().values.front()](
                   const Instance&, const Settings& settings, const FitContext&) -> std::unique_ptr<Fitted> {
    const auto found = settings.find("bound");
    const auto bound = std::get<double>(found == settings.end() ? first : found->second);
    return std::make_unique<TrialDivision>(static_cast<std::int64_t>(bound));
  };
  if (family == Family::quantum) {
    record.circuit_cost = [](int, int, const Settings&) {
      CircuitCost cost;
      cost.qubits = 8;
      cost.two_qubit = 12;
      return cost;
    };
    record.circuit_page = [](int, int, const Settings&) { return CircuitPage{"q0: -o-", "", {}}; };
  }
  return record;
}

struct FactoringStudy {
  FactoringStudy() {
    catalogue.add(std::make_shared<const Contender>(divider("shor-sketch", Family::quantum, {7.0})));
    catalogue.add(std::make_shared<const Contender>(divider("division", Family::classical, {5.0, 1000.0})));
    spec.name = "factoring";
    spec.data_set = "numbers";
    spec.metric = "share-factored";
    spec.configurations = 2;
    spec.repeats = 1;
    spec.shots = 0;
    for (const auto& record : catalogue.all())
      spec.entries.push_back({record->name, record, Inputs::all, {}});
    std::vector<std::int64_t> numbers;
    for (std::int64_t n = 1001; n < 1041; n += 2) numbers.push_back(n);
    problem = std::make_unique<Factorisation>(numbers);
  }
  Catalogue catalogue;
  StudySpec spec;
  std::unique_ptr<Problem> problem;
};

TEST(AnyProblem, IsRunRecordedAndReported) {
  const FactoringStudy study;
  const TemporaryFolder root;
  RunStore store(root.path(), study.catalogue);
  auto run = store.open(study.spec, *study.problem, 40);
  Progress silent;
  const auto result = run->finish(run_study(study.spec, *study.problem, *run, 2, silent));
  run.reset();  // gives the folder free
  EXPECT_EQ(result.task, "factorisation");
  EXPECT_EQ(result.verdict, Verdict::classical_better);
  EXPECT_NEAR(result.contenders[1].metrics.at("share-factored").mean, 1, 0.35);
  EXPECT_GT(result.contenders[1].metrics.at("share-factored").mean,
            result.contenders[0].metrics.at("share-factored").mean);

  // Trials come back from the record, and nothing runs again.
  const auto again = store.open(study.spec, *study.problem, 40);
  EXPECT_EQ(again->trials_done(), 40u);
  const auto replayed = run_study(study.spec, *study.problem, *again, 1, silent);
  EXPECT_EQ(replayed.results_hash, result.results_hash);

  const auto page = html_report(store.result(store.list().front()));
  EXPECT_THAT(page, HasSubstr("naming no factor"));
  EXPECT_THAT(page, Not(HasSubstr("most frequent class")));
  EXPECT_THAT(text_report(result, 100, false), HasSubstr("division"));
}

TEST(AnyProblem, NeedsContendersThatSolveIt) {
  FactoringStudy study;
  auto other = std::make_shared<Contender>(study.spec.entries[1].contender());
  other->solves = {"classification"};
  study.spec.entries[1].record = other;
  EXPECT_THROW(require_runnable(study.spec, *study.problem), InputError);
}

TEST(AnyProblem, SaysQuantumBetterOnlyOfAQuantumContender) {
  const FactoringStudy study;
  MemoryStore store;
  Progress silent;
  const auto result = run_study(study.spec, *study.problem, store, 1, silent);
  for (const auto& c : result.comparisons) {
    EXPECT_EQ(c.quantum, c.contender == "shor-sketch" || c.contender == best_quantum);
    if (!c.quantum) {
      EXPECT_THAT(std::string(verdict_text(c)), Not(HasSubstr("quantum")));
    }
  }
}

}  // namespace
}  // namespace qupel
