#include "qupel/engine/batch/batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;

std::uint64_t count_of(const BasisCounts& counts, std::uint64_t state) {
  const auto at = std::ranges::find(counts, state, &BasisCounts::value_type::first);
  return at == counts.end() ? 0 : at->second;
}
std::uint64_t total(const BasisCounts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [state, count] : counts) sum += count;
  return sum;
}

// Many shots are drawn with a table, few without: the first ones are the same.
TEST(BatchCounts, MoreShotsAddToTheFirst) {
  Random random(21);
  for (const int size : {0, 60}) {  // few basis states with weight, and all of them
    const auto circuit = random_circuit(random, 6, size);
    const BatchProgram program(circuit, {}, Precision::double_);
    const auto features = random_features(random, 3, slots);
    const auto parameters = random_parameters(random, slots);
    const auto many = program.counts(features, parameters, 5000, 5, 1);
    for (const std::uint64_t shots : {1, 2, 12, 15}) {
      const auto few = program.counts(features, parameters, shots, 5, 1);
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(total(few[i]), shots);
        for (const auto& [state, count] : few[i])
          EXPECT_LE(count, count_of(many[i], state)) << i << ' ' << shots;
      }
    }
  }
}

// Drawn one by one, and all of a basis state at once.
TEST(BatchCounts, FollowTheDistribution) {
  Random random(14);
  const auto circuit = random_circuit(random, 3, 15);
  const BatchProgram program(circuit, {}, Precision::single);
  const auto features = random_features(random, 2, slots);
  const auto parameters = random_parameters(random, slots);
  const auto p = program.probabilities(features, parameters, 1);
  for (const std::uint64_t shots : {40'000ULL, 1'000'000ULL}) {
    const auto drawn = program.counts(features, parameters, shots, 5, 1);
    EXPECT_NE(drawn[0], drawn[1]);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(total(drawn[i]), shots);
      double chi_square = 0;
      for (std::uint64_t l = 0; l < 8; ++l) {
        const auto count = static_cast<double>(count_of(drawn[i], l));
        const double expected = p(i, l) * static_cast<double>(shots);
        if (expected < 1e-9) {
          EXPECT_EQ(count, 0);
        } else {
          chi_square += (count - expected) * (count - expected) / expected;
        }
      }
      EXPECT_LT(chi_square, 24.3);  // 99.9% quantile at 7 degrees of freedom
    }
  }
}

TEST(BatchEstimate, IsUnbiasedWithTheSpreadOfShots) {
  Random random(15);
  const auto circuit = random_circuit(random, 3, 15);
  const std::vector<Observable> observables{Observable::z(1), parse_observable("0.5 Z0 Z1 - 0.25 Z2 + 0.1"),
                                            parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0")};
  const BatchProgram program(circuit, observables, Precision::double_);
  const Matrix<double> features(2000, slots, 0.3);
  const auto parameters = random_parameters(random, slots);
  const auto exact = program.expectations(features, parameters, 1);
  constexpr std::size_t shots = 100;
  const auto estimates = program.estimate(features, parameters, shots, 11, 1).values;
  for (std::size_t o = 0; o < observables.size(); ++o) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < features.rows(); ++i) {
      const double error = estimates(i, o) - exact(i, o);
      mean += error / 2000;
      square += error * error / 2000;
    }
    EXPECT_LT(std::abs(mean), 4 * std::sqrt(square / 2000));
    if (o == 0) {
      EXPECT_NEAR(square * shots, 1 - exact(0, 0) * exact(0, 0), 0.12);
    }
  }
}

// As many shots as nobody could draw one by one.
TEST(BatchEstimate, OfABillionShotsIsNearlyExact) {
  Random random(16);
  const auto circuit = random_circuit(random, 3, 15);
  const std::vector<Observable> observables{Observable::z(1), parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0")};
  const BatchProgram program(circuit, observables, Precision::double_);
  const auto features = random_features(random, 2, slots);
  const auto parameters = random_parameters(random, slots);
  const auto exact = program.expectations(features, parameters, 1);
  const auto [values, errors] = program.estimate(features, parameters, 1'000'000'000, 11, 1);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t o = 0; o < 2; ++o) {
      EXPECT_LT(errors(i, o), 1e-4);
      EXPECT_LT(std::abs(values(i, o) - exact(i, o)), 4 * errors(i, o));
    }
}

// Strings measured together are correlated: the spread is that of the whole observable.
TEST(BatchEstimate, HasTheCovarianceOfAGroup) {
  Circuit circuit(3);
  circuit.add("h", {0}).add("cx", {0, 1}).add("ry", {2}, {0.8}).add("cz", {1, 2}).add("rx", {0}, {0.5});
  const auto observable = parse_observable("X0 + 0.7 X0 X1 - 0.4 Y2 + X1 Y2");
  const std::vector both{observable, squared(observable)};
  const Matrix<double> samples(4000, 0);
  const auto exact =
      BatchProgram(circuit, both, Precision::double_).expectations(Matrix<double>(1, 0), {}, 1);
  const double variance = exact(0, 1) - exact(0, 0) * exact(0, 0);
  constexpr std::size_t shots = 50;
  const auto estimates =
      BatchProgram(circuit, {observable}, Precision::double_).estimate(samples, {}, shots, 3, 1).values;
  double square = 0;
  for (const double estimate : estimates.values()) square += std::pow(estimate - exact(0, 0), 2) / 4000;
  EXPECT_NEAR(square * shots / variance, 1, 5 * std::sqrt(2.0 / 4000));
}

// Of one string, of several in a group and of several groups: what is said of the error is what it is.
TEST(BatchEstimate, StatesItsStandardError) {
  Circuit circuit(3);
  circuit.add("h", {0}).add("cx", {0, 1}).add("ry", {2}, {0.8}).add("cz", {1, 2}).add("rx", {0}, {0.5});
  const std::vector observables{parse_observable("Z2"), parse_observable("X0 + 0.7 X0 X1 - 0.4 Y2 + X1 Y2"),
                                parse_observable("0.3 Z0 Z1 - 2 X1 + 0.5 Y2 + 4"), parse_observable("3")};
  const BatchProgram program(circuit, observables, Precision::double_);
  constexpr std::size_t rows = 4000, shots = 60;
  const auto [values, errors] = program.estimate(Matrix<double>(rows, 0), {}, shots, 8, 1);
  const auto exact = program.expectations(Matrix<double>(1, 0), {}, 1);
  for (std::size_t o = 0; o < observables.size(); ++o) {
    double square = 0, said = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      square += std::pow(values(i, o) - exact(0, o), 2) / rows;
      said += std::pow(errors(i, o), 2) / rows;
    }
    if (o < 3) {
      EXPECT_NEAR(said / square, 1, 5 * std::sqrt(2.0 / rows)) << o;
    } else {
      EXPECT_EQ(said, 0);
      EXPECT_EQ(values(0, o), 3);
    }
  }
  EXPECT_EQ(program.estimate(Matrix<double>(1, 0), {}, 1, 8, 1).errors(0, 0),
            std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace qupel
