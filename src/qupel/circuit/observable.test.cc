#include "qupel/circuit/observable.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/circuit.h"

namespace qupel {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_observable(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ParseObservable, ReadsSumsOfWeightedProducts) {
  const Observable expected{
      {{0.5, {{0, 'Z'}, {1, 'Z'}}}, {-1, {{2, 'X'}}}, {2, {{0, 'X'}, {3, 'Y'}}}, {-0.25, {}}}};
  EXPECT_EQ(parse_observable("0.5 Z0 Z1 - X2 + 2*Y3 X0 - 0.25 I"), expected);
  EXPECT_EQ(parse_observable("  .5*Z1*Z0-X2+2X0Y3-25e-2 "), expected);
}

TEST(ParseObservable, ErrorsNameTheColumn) {
  EXPECT_EQ(error_of(""),
            "observable \"\", column 1: expected a weight or a Pauli letter such as Z0, found the end");
  EXPECT_EQ(error_of("Q0"),
            "observable \"Q0\", column 1: expected a weight or a Pauli letter such as Z0, found \"Q0\"");
  EXPECT_EQ(error_of("Z0 + W1"),
            "observable \"Z0 + W1\", column 6: expected a weight or a Pauli letter such as Z0, found \"W1\"");
  EXPECT_EQ(error_of("Z0 Z"),
            "observable \"Z0 Z\", column 5: expected the number of the qubit that Z acts on, found the end");
  EXPECT_EQ(error_of("Z0 X1 Y0"),
            "observable \"Z0 X1 Y0\", column 7: expected one letter a qubit "
            "(qubit 0 has one already), found \"Y0\"");
  EXPECT_EQ(error_of("Z0 2"),
            "observable \"Z0 2\", column 4: expected + or -, or a letter X, Y, Z with its qubit such "
            "as Z0, found \"2\"");
  EXPECT_EQ(error_of("2 *"), "observable \"2 *\", column 4: expected a letter I, X, Y or Z, found the end");
  EXPECT_EQ(error_of("1e999 Z0"),
            "observable \"1e999 Z0\", column 1: expected a finite number, found \"1e999\"");
  EXPECT_EQ(error_of("Z99999999999"),
            "observable \"Z99999999999\", column 2: expected the number of a qubit, found \"99999999999\"");
}

Observable random_observable(std::uint64_t seed, int qubits) {
  Random random(seed);
  Observable observable;
  for (std::size_t terms = 1 + random.below(5); terms > 0; --terms) {
    Observable::Term term{random.normal(), {}};
    for (int q = 0; q < qubits; ++q) term.pauli.set(q, "IXYZ"[random.below(4)]);
    observable.terms.push_back(term);
  }
  return observable;
}

TEST(ParseObservable, ReadsBackWhatToStringWrites) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto observable = random_observable(seed, 5);
    EXPECT_EQ(parse_observable(to_string(observable)), observable) << to_string(observable);
  }
}

TEST(ToString, IsReadable) {
  EXPECT_EQ(to_string(parse_observable("-1*Z0 + 0.5 Z1Z0 - 2")), "- Z0 + 0.5 Z0 Z1 - 2 I");
  EXPECT_EQ(to_string(Observable{}), "0 I");
}

TEST(Observable, KnowsItsQubitsAndWhetherItIsDiagonal) {
  EXPECT_EQ(Observable::z(3), parse_observable("Z3"));
  EXPECT_EQ(Observable::parity(std::vector{2, 0}), parse_observable("Z0 Z2"));
  EXPECT_EQ(parse_observable("X0 Z126 + I").qubits(), 127);
  EXPECT_EQ(parse_observable("2 I").qubits(), 0);
  EXPECT_TRUE(parse_observable("Z0 Z100 - I").diagonal());
  EXPECT_FALSE(parse_observable("Z0 + Z1 Y2").diagonal());
  EXPECT_THROW(Observable::z(-1), InputError);
  EXPECT_THROW(Observable::parity(std::vector{1, 1}), InputError);
}

TEST(DenseExpectation, OfKnownStates) {
  Circuit bell(2);
  bell.add("h", {0}).add("cx", {0, 1});
  const auto state = dense_state(bell);
  EXPECT_NEAR(dense_expectation(parse_observable("X0 X1"), state), 1, 1e-12);
  EXPECT_NEAR(dense_expectation(parse_observable("Y0 Y1"), state), -1, 1e-12);
  EXPECT_NEAR(dense_expectation(parse_observable("Z0 Z1 + 3 Z0 - 2"), state), -1, 1e-12);
  Circuit turned(1);
  turned.add("rx", {0}, {0.3});
  EXPECT_NEAR(dense_expectation(parse_observable("Y0"), dense_state(turned)), -std::sin(0.3), 1e-12);
}

TEST(DenseExpectation, IsThatOfTheCircuitThatAppliesThePauliString) {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("u", {q}, {0.3 + q, 0.5 * q, 1.1});
  circuit.add("cx", {0, 2}).add("crx", {1, 0}, {0.7});
  auto flipped = circuit;
  flipped.add("x", {0}).add("y", {1}).add("z", {2});
  const auto bra = dense_state(circuit), ket = dense_state(flipped);
  Complex overlap = 0;
  for (std::size_t i = 0; i < bra.size(); ++i) overlap += std::conj(bra[i]) * ket[i];
  EXPECT_NEAR(dense_expectation(parse_observable("X0 Y1 Z2"), bra), overlap.real(), 1e-12);
}

TEST(Observable, SquaredIsTheProductWithItself) {
  EXPECT_EQ(to_string(squared(parse_observable("0.5 X0 Z1"))), to_string(parse_observable("0.25 I")));
  EXPECT_EQ(squared(parse_observable("X0 + Y0 + Z0")), parse_observable("3 I"));
  EXPECT_EQ(squared(parse_observable("X0 X1 + Y0 Y1")), parse_observable("2 I - 2 Z0 Z1"));
  EXPECT_EQ(squared(parse_observable("Z0 + 3 Z1")), parse_observable("10 I + 6 Z0 Z1"));
}

TEST(DenseExpectation, RefusesAStateThatDoesNotFit) {
  EXPECT_THROW(dense_expectation(Observable::z(2), std::vector<Complex>(4)), InputError);
  EXPECT_THROW(dense_expectation(Observable::z(0), std::vector<Complex>(3)), InputError);
}

TEST(Squared, IsTheObservableTwice) {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("u", {q}, {0.4 + q, 0.3, -0.8 * q});
  circuit.add("cx", {0, 1}).add("cx", {1, 2}).add("ry", {0}, {0.7});
  const auto observable = parse_observable("0.5 Z0 Z1 - X2 + 2 Y0 Y1 + 0.3 X0 X1 - 0.7 Z0 + 1.5 I + Y2");
  // <O^2> is the squared length of O |state>, here from the matrix elements of each term.
  const auto state = dense_state(circuit);
  std::vector<Complex> moved(state.size());
  for (const auto& term : observable.terms) {
    std::string letters = "III";
    for (const auto& [qubit, letter] : term.pauli.letters())
      letters[static_cast<std::size_t>(qubit)] = letter;
    const auto matrix = pauli_rotation_matrix(letters, std::numbers::pi);  // -i P
    for (std::size_t row = 0; row < state.size(); ++row) {
      for (std::size_t k = 0; k < state.size(); ++k)
        moved[row] += term.weight * Complex{0, 1} * matrix(row, k) * state[k];
    }
  }
  double length = 0;
  for (const auto amplitude : moved) length += std::norm(amplitude);
  EXPECT_NEAR(dense_expectation(squared(observable), state), length, 1e-12);
}

}  // namespace
}  // namespace qupel
