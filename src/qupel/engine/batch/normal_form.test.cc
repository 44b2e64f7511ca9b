#include "qupel/engine/normal_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/engine.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

TEST(NormalForms, AreTheObservable) {
  for (const auto* text : {"Z0", "3 I + 0.5 X0 - 7 Z1", "1e-300 Z0 + 1e-310 X1", "1e149 Z0 + 2 I", "-4 I"}) {
    const auto observable = parse_observable(text);
    const auto [constant, scale, terms] = normal_form(observable);
    Observable sum;
    if (constant != 0) sum.terms.push_back({constant, {}});
    for (const auto& term : terms.terms) sum.terms.push_back({scale * term.weight, term.pauli});
    EXPECT_EQ(collected(sum.terms), collected(observable.terms)) << text;
  }
}

// Neither a large constant nor the size of the weights costs the variance its digits, on any engine.
TEST(NormalForms, KeepVariances) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {std::numbers::pi / 3}).add("cx", {0, 1});
  const double variance = 0.75;
  for (const auto* engine : {"batch", "density"}) {
    for (const auto& [text, scale] : {std::pair{"1e8 I + Z0", 1.0},
                                      {"-1e15 I - Z0", 1.0},
                                      {"1e140 Z0 + 1e145 I", 1e140},
                                      {"1e-150 Z1", 1e-150}}) {
      const auto outcome =
          run({.circuit = circuit, .observables = {parse_observable(text)}, .variances = 1}, engine);
      EXPECT_NEAR(outcome.variances.at(0) / scale / scale, variance, 1e-14) << engine << ": " << text;
    }
  }
}

TEST(Weights, ThatLeaveNoVarianceAreRefused) {
  const std::vector<Observable> taken{parse_observable("1e149 Z0 + 1e149 X0")};
  EXPECT_NO_THROW(require_weights(taken));
  for (const double weight : {1e151, std::numeric_limits<double>::infinity(), std::nan("")}) {
    const std::vector<Observable> observables{{{{1, PauliString("Z")}, {weight, PauliString("X")}}}};
    EXPECT_THAT([&] { require_weights(observables); },
                ::testing::ThrowsMessage<InputError>(HasSubstr("at most 1e+150")));
    EXPECT_THROW(run({.circuit = Circuit(1), .observables = observables}), InputError);
    EXPECT_THROW(BatchProgram(Circuit(1), observables, Precision::double_), InputError);
  }
}

TEST(Values, ThatAreNoAnglesAreRefused) {
  Circuit circuit(1);
  circuit.add("rx", {0}, {Angle::feature(0, 2)}).add("rz", {0}, {Angle::parameter(0)});
  const BatchProgram program(circuit, {Observable::z(0)}, Precision::single);
  Matrix<double> features(1, 1);
  features(0, 0) = 4e14;
  EXPECT_NEAR(program.expectations(features, std::vector{0.5}, 1)(0, 0), std::cos(8e14), 1e-5);
  for (const double value : {6e14, std::numeric_limits<double>::infinity(), std::nan("")}) {
    features(0, 0) = value;
    EXPECT_THROW(program.expectations(features, std::vector{0.5}, 1), InputError);
    features(0, 0) = 1;
    EXPECT_THROW(program.expectations(features, std::vector{value}, 1), InputError);
  }
}

}  // namespace
}  // namespace qupel
