#include "qupel/execute/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "qupel/base/error.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/ticket_store.h"
#include "qupel/mitigate/mitigation.h"

namespace qupel::backend_test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// A provider in this process: jobs wait for a few polls, then an engine runs them.
class Queue : public Backend {
 public:
  explicit Queue(int waits = 2) : waits_(waits) {}

  std::string_view name() const override { return "queue"; }
  Capabilities supports() const override { return abilities; }
  Charge price(std::span<const Job> jobs) const override {
    return {2.0 * static_cast<double>(jobs.size()), 0.5 * static_cast<double>(jobs.size())};
  }
  std::size_t most_jobs() const override { return 10; }
  std::string submit(std::span<const Job> jobs) override {
    submitted += static_cast<int>(jobs.size());
    auto ticket = "job-" + std::to_string(waiting.size());
    waiting[ticket] = {{jobs.begin(), jobs.end()}, waits_};
    return ticket;
  }
  std::optional<Completed> poll(const std::string& ticket) override {
    ++polls;
    const auto found = waiting.find(ticket);
    if (found == waiting.end()) throw InputError("no such ticket: " + ticket);
    if (interrupts) throw Interrupted();  // as a person who presses Ctrl-C
    auto& [jobs, left] = found->second;
    if (left-- > 0) return std::nullopt;
    Completed completed{{}, price(jobs)};
    for (const auto& job : jobs) completed.outcomes.push_back(run(job));
    return completed;
  }
  void cancel(const std::string& ticket) override { waiting.erase(ticket); }

  Capabilities abilities{};
  int submitted = 0, polls = 0;
  bool interrupts = false;
  std::map<std::string, std::pair<std::vector<Job>, int>> waiting;

 private:
  int waits_;
};

Circuit circuit() {
  Circuit made(2);
  made.add("ry", {0}, {Angle::feature(0)}).add("cx", {0, 1}).add("rx", {1}, {Angle::parameter(0)});
  return made;
}

const std::vector<Observable> observables{parse_observable("Z0 Z1"), parse_observable("X0 + 2")};
const std::vector<double> parameters{0.4};

Matrix<double> rows(std::size_t count) {
  Matrix<double> x(count, 1);
  for (std::size_t i = 0; i < count; ++i) x(i, 0) = 0.3 * static_cast<double>(i);
  return x;
}

TEST(Backend, IsPolledUntilItAnswers) {
  Queue queue;
  Executor executor({.shots = 4000, .backend = &queue, .seed = 3});
  const auto found = executor.expectations(executor.prepare(circuit(), observables), rows(7), parameters);
  Executor exact(Precision::double_);
  const auto expected = exact.expectations(exact.prepare(circuit(), observables), rows(7), parameters).values;
  for (std::size_t i = 0; i < expected.values().size(); ++i)
    EXPECT_NEAR(found.values.values()[i], expected.values()[i], 5 * found.errors.values()[i] + 1e-9);
  EXPECT_EQ(queue.submitted, 14);  // two groups a row
  EXPECT_EQ(queue.polls, 2 * 3);   // at most ten jobs together, each ticket ready at the third poll
  EXPECT_EQ(executor.ledger().circuits, 14);
  EXPECT_EQ(executor.ledger().device_seconds, 28);
  EXPECT_EQ(executor.ledger().money, 7);
  EXPECT_TRUE(executor.ledger().seconds.contains(Stage::queue));
}

TEST(Backend, IsNotGivenWhatItDoesNotKnow) {
  Queue queue;
  Executor exact({.backend = &queue});
  EXPECT_THAT([&] { exact.expectations(exact.prepare(circuit(), observables), rows(1), parameters); },
              ThrowsMessage<InputError>(HasSubstr("queue cannot run this")));
  Executor noisy({.noise = parse_noise("bit-flip(0.1) after cx"), .shots = 10, .backend = &queue});
  EXPECT_THAT([&] { noisy.samples(noisy.prepare(circuit(), {}), rows(1), parameters); },
              ThrowsMessage<InputError>(HasSubstr("queue cannot run this: a state vector has no noise")));
  EXPECT_EQ(queue.submitted, 0);
  queue.abilities.add(Ability::noise);
  EXPECT_EQ(noisy.samples(noisy.prepare(circuit(), {}), rows(1), parameters).size(), 1U);
}

// The executor is gone, the ticket is not: the same work is taken up again, and submitted once.
TEST(Backend, IsResumedFromAStoredTicket) {
  Queue queue(3);
  TicketsInMemory store;
  const Execution execution{.shots = 100, .backend = &queue, .tickets = &store, .seed = 8};
  const auto run_it = [&] {
    Executor executor(execution);
    return executor.samples(executor.prepare(circuit(), {}), rows(4), parameters);
  };
  queue.interrupts = true;
  EXPECT_THROW(run_it(), Interrupted);
  EXPECT_EQ(store.tickets().size(), 1U);
  queue.interrupts = false;
  const auto resumed = run_it();
  EXPECT_EQ(queue.submitted, 4);
  EXPECT_TRUE(store.tickets().empty());
  Queue undisturbed;
  Executor executor({.shots = 100, .backend = &undisturbed, .seed = 8});
  EXPECT_EQ(resumed, executor.samples(executor.prepare(circuit(), {}), rows(4), parameters));
  EXPECT_EQ(run_it().size(), 4U);  // nothing is stored: it is submitted anew
  EXPECT_EQ(queue.submitted, 8);
}

TEST(Backend, CancelsWhatWaits) {
  Queue queue(3);
  TicketsInMemory store;
  queue.interrupts = true;
  Executor executor({.shots = 100, .backend = &queue, .tickets = &store});
  EXPECT_THROW(executor.samples(executor.prepare(circuit(), {}), rows(4), parameters), Interrupted);
  cancel_all(queue, store);
  EXPECT_TRUE(queue.waiting.empty());
  EXPECT_TRUE(store.tickets().empty());
}

TEST(Backend, ThatLostATicketIsNotAskedForItAgain) {
  Queue queue(3);
  TicketsInMemory store;
  queue.interrupts = true;
  const auto run_it = [&] {
    Executor executor({.shots = 100, .backend = &queue, .tickets = &store});
    return executor.samples(executor.prepare(circuit(), {}), rows(4), parameters).size();
  };
  EXPECT_THROW(run_it(), Interrupted);
  queue.interrupts = false;
  queue.waiting.clear();
  EXPECT_THAT(run_it, ThrowsMessage<InputError>(HasSubstr("no such ticket")));
  EXPECT_EQ(run_it(), 4U);
}

TEST(TicketKey, IsOfAllThatDecidesTheOutcome) {
  Queue queue;
  const Job job{.circuit = circuit().bind(std::vector{0.1}, parameters), .shots = 10, .seed = 1};
  const auto key = [&](const Job& of) { return ticket_key(queue, {&of, 1}); };
  std::vector<Job> others(8, job);
  others[0].shots = 11;
  others[1].seed = 2;
  others[2].noise = parse_noise("bit-flip(0.1) after cx");
  others[3].observables = {Observable::z(0)};
  others[4].circuit.add("x", {0});
  others[5].circuit = circuit().bind(std::vector{std::nextafter(0.1, 1)}, parameters);
  others[6].variances = 1;
  others[7].readout = {{.from = FinalBit::From::qubit, .qubit = 1}};
  EXPECT_EQ(key(job), key(Job(job)));
  for (const auto& other : others) EXPECT_NE(key(job), key(other));
}

TEST(Forecast, IsRefusedOverTheBudgetBeforeAnythingRuns) {
  Queue queue;
  const auto with = [&](ExecutionBudget budget) {
    return Execution{.shots = 100, .budget = budget, .backend = &queue};
  };
  const auto run_on = [](Executor& executor, std::size_t count) {
    executor.expectations(executor.prepare(circuit(), observables), rows(count), parameters);
  };
  {
    Executor executor(with({.circuits = 10}));
    run_on(executor, 4);  // two groups a row
    EXPECT_THAT([&] { run_on(executor, 2); },
                ThrowsMessage<OverBudget>(HasSubstr(
                    "this would take 4 circuits beside the 8 already spent: the execution's budget is 10")));
    EXPECT_EQ(queue.submitted, 8);
    run_on(executor, 1);
  }
  Executor shots(with({.shots = 700})), seconds(with({.seconds = 15})), money(with({.money = 3.9}));
  for (auto* executor : {&shots, &seconds, &money}) {
    EXPECT_THROW(run_on(*executor, 4), OverBudget);
    EXPECT_EQ(executor->ledger().circuits, 0);
  }
  const auto forecast = money.forecast_expectations(money.prepare(circuit(), observables), 4);
  EXPECT_EQ(forecast.circuits, 8);
  EXPECT_EQ(forecast.shots, 800);
  EXPECT_EQ(forecast.device_seconds, 16);
  EXPECT_EQ(forecast.money, 4);
}

// What a forecast says is what the ledger is charged.
TEST(Forecast, CountsWhatIsCharged) {
  const auto ones = [](std::size_t, const Matrix<double>&, Matrix<double>& d) {
    std::ranges::fill(d.values(), 1);
  };
  const auto noise = parse_noise("bit-flip(0.1) after cx");
  for (const auto& execution : std::vector<Execution>{
           {}, {.shots = 20}, {.noise = noise}, {.noise = noise, .shots = 20}, {.engine = "density"}}) {
    Executor executor(execution);
    const auto charged = [&](auto run) {
      const auto before = executor.ledger();
      run();
      return std::pair(executor.ledger().circuits - before.circuits, executor.ledger().shots - before.shots);
    };
    const auto said = [](const CostForecast& forecast) {
      return std::pair(forecast.circuits, forecast.shots);
    };
    const auto prepared = executor.prepare(circuit(), observables), bare = executor.prepare(circuit(), {});
    EXPECT_EQ(said(executor.forecast_expectations(prepared, 5)),
              charged([&] { executor.expectations(prepared, rows(5), parameters); }));
    EXPECT_EQ(said(executor.forecast_gradient(prepared, 5, true)),
              charged([&] { executor.gradient(prepared, rows(5), parameters, ones, true); }));
    const auto a = executor.encode(bare, rows(3), parameters), b = executor.encode(bare, rows(4), parameters);
    EXPECT_EQ(said(executor.forecast_overlaps(a, b)), charged([&] { executor.overlaps(a, b); }));
    EXPECT_GT(executor.forecast_expectations(prepared, 5).seconds, 0);
    if (execution.shots > 0) {
      EXPECT_EQ(said(executor.forecast_samples(bare, 5)),
                charged([&] { executor.samples(bare, rows(5), parameters); }));
    }
  }
}

/// Runs every job three times and takes the mean, which mitigates nothing.
class Thrice : public Mitigation {
 public:
  std::string_view name() const override { return "thrice"; }
  Overhead overhead(const Job&) const override { return {.circuits = 3}; }
  MitigationPlan plan(const Job& job, const RunJobs&) const override { return {{job, job, job}, mean}; }

 private:
  static Estimate mean(std::span<const Estimate> results) {
    Estimate mean{std::vector<double>(results[0].values.size()), {}};
    for (const auto& result : results)
      for (std::size_t o = 0; o < mean.values.size(); ++o) mean.values[o] += result.values[o] / 3;
    if (results[0].errors.empty()) return mean;
    for (std::size_t o = 0; o < mean.values.size(); ++o) {
      double variance = 0;
      for (const auto& result : results) variance += result.errors[o] * result.errors[o] / 9;
      mean.errors.push_back(std::sqrt(variance));
    }
    return mean;
  }
};

TEST(Mitigation, RunsTheJobsThatItMakes) {
  const Thrice thrice;
  const auto noise = parse_noise("bit-flip(0.1) after cx");
  const auto run_with = [&](Execution execution) {
    Executor executor(execution);
    auto found = executor.expectations(executor.prepare(circuit(), observables), rows(70), parameters);
    return std::pair(std::move(found), executor.ledger());
  };
  const auto [plain, plain_ledger] = run_with({.noise = noise});
  const auto [exact, exact_ledger] = run_with({.noise = noise, .mitigation = &thrice});
  for (std::size_t i = 0; i < plain.values.values().size(); ++i)
    EXPECT_NEAR(exact.values.values()[i], plain.values.values()[i], 1e-6);
  EXPECT_EQ(exact_ledger.circuits, 3 * plain_ledger.circuits);
  EXPECT_EQ(exact_ledger.mitigation_factor(), 3);
  EXPECT_EQ(plain_ledger.mitigation_factor(), 1);
  EXPECT_TRUE(exact_ledger.seconds.contains(Stage::mitigate));

  const auto [few, few_ledger] = run_with({.noise = noise, .shots = 300, .seed = 2});
  const auto [drawn, drawn_ledger] =
      run_with({.noise = noise, .shots = 300, .mitigation = &thrice, .seed = 2});
  EXPECT_EQ(drawn_ledger.circuits, 3 * few_ledger.circuits);
  EXPECT_EQ(drawn_ledger.shots, 3 * few_ledger.shots);
  double ratio = 0, within = 0;  // three times the shots, each with its own random numbers
  for (std::size_t r = 1; r < 70; ++r) {
    ratio += drawn.errors(r, 1) / few.errors(r, 1) / 69;
    within += std::abs(drawn.values(r, 1) - plain.values(r, 1)) < 2 * drawn.errors(r, 1) ? 1 : 0;
  }
  EXPECT_NEAR(ratio, 1 / std::sqrt(3.0), 0.01);
  EXPECT_GE(within, 58);
}

}  // namespace
}  // namespace qupel::backend_test
