#include "qupel/circuit/pauli_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/dense.h"
#include "qupel/circuit/distance.test.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::string random_text(Random& random, int qubits) {
  std::string letters;
  for (int q = 0; q < qubits; ++q) letters += "IXYZ"[random.below(4)];
  return letters;
}

std::string padded(const PauliString& string, int qubits) {
  std::string letters;
  for (int q = 0; q < qubits; ++q) letters += string.letter(q);
  return letters;
}

TEST(PauliString, ProductsAreThoseOfTheMatrices) {
  Random random(1);
  const Complex powers[] = {1, {0, 1}, -1, {0, -1}};
  for (int trial = 0; trial < 200; ++trial) {
    const auto a = random_text(random, 4), b = random_text(random, 4);
    const auto [string, turns] = PauliString(a) * PauliString(b);
    auto expected = pauli_matrix(padded(string, 4));
    for (auto& value : expected.values()) value *= powers[turns];
    const auto ab = product(pauli_matrix(a), pauli_matrix(b)), ba = product(pauli_matrix(b), pauli_matrix(a));
    EXPECT_EQ(distance(ab, expected), 0) << a << " " << b;
    EXPECT_EQ(commute(PauliString(a), PauliString(b)), distance(ab, ba) == 0) << a << " " << b;
    EXPECT_EQ(turns % 2 == 0, distance(ab, ba) == 0);
  }
}

TEST(PauliString, ItsWordIsTheOperatorOnBasisStates) {
  Random random(2);
  const Complex powers[] = {1, {0, 1}, -1, {0, -1}};
  for (int trial = 0; trial < 50; ++trial) {
    const auto letters = random_text(random, 3);
    const auto matrix = pauli_matrix(letters);
    const auto word = PauliString(letters).word();
    for (std::size_t basis = 0; basis < 8; ++basis)
      EXPECT_EQ(matrix(basis ^ word.x, basis), powers[word.phase] * (odd(basis & word.z) ? -1.0 : 1.0));
  }
}

// Products of long strings are those of their halves, and every letter is where it was put.
TEST(PauliString, MayBeOfAnyWidth) {
  Random random(3);
  for (int trial = 0; trial < 50; ++trial) {
    const auto low = random_text(random, 70), high = random_text(random, 70);
    const PauliString a(low + high), b(high + low), first(low), second(high);
    EXPECT_EQ(padded(a, 140), low + high);
    const auto whole = a * b, one = first * second, other = second * first;
    EXPECT_EQ(padded(whole.string, 140), padded(one.string, 70) + padded(other.string, 70));
    EXPECT_EQ(whole.quarter_turns, (one.quarter_turns + other.quarter_turns) % 4);
    EXPECT_TRUE(commute(a, b));  // what anticommutes does so twice
    EXPECT_TRUE((a * a).string.identity());
    EXPECT_EQ((a * a).string, PauliString());
    EXPECT_EQ(a.weight(), 140 - std::ranges::count(low + high, 'I'));
    EXPECT_EQ(parse_pauli_string(to_string(a)), a);
  }
  PauliString string;
  string.set(1000, 'Y');
  EXPECT_EQ(string.qubits(), 1001);
  EXPECT_EQ(string.words(), 16U);
  string.set(1000, 'I');
  EXPECT_EQ(string, PauliString());
  EXPECT_EQ(string.words(), 1U);
}

TEST(PauliString, KnowsItsLetters) {
  const PauliString string{{3, 'Y'}, {0, 'X'}, {64, 'Z'}};
  EXPECT_THAT(string.letters(), ElementsAre(Pair(0, 'X'), Pair(3, 'Y'), Pair(64, 'Z')));
  EXPECT_EQ(to_string(string), "X0 Y3 Z64");
  EXPECT_EQ(string.qubits(), 65);
  EXPECT_FALSE(string.diagonal());
  EXPECT_TRUE(PauliString({{3, 'Z'}, {100, 'Z'}}).diagonal());
  EXPECT_EQ(to_string(string.restricted(std::vector{3, 64, 5})), "Y3 Z64");
  EXPECT_EQ(PauliString("XZ").moved_to(std::vector{4, 1}), PauliString({{1, 'Z'}, {4, 'X'}}));
  EXPECT_TRUE(string.agrees(PauliString("XZ")));
  EXPECT_FALSE(string.agrees(PauliString("ZZ")));
  EXPECT_FALSE(string.agrees(PauliString("IIIX")));
  EXPECT_TRUE(PauliString().agrees(string));
}

TEST(PauliString, HasAnIndexOfBaseFour) {
  EXPECT_EQ(PauliString("IXYZ").index(), 0U + 1 * 4 + 2 * 16 + 3 * 64);
  for (std::uint64_t index = 0; index < 256; ++index) EXPECT_EQ(PauliString::of_index(index).index(), index);
  EXPECT_EQ(PauliString::of_index(PauliString({{31, 'Y'}}).index()), PauliString({{31, 'Y'}}));
}

TEST(PauliString, IsOrderedByWhatItFlips) {
  std::vector<PauliString> all;
  for (std::uint64_t index = 0; index < 64; ++index) all.push_back(PauliString::of_index(index));
  all.push_back({{64, 'Z'}});
  all.push_back({{64, 'X'}});
  std::ranges::sort(all);
  EXPECT_TRUE(all.front().identity());
  EXPECT_EQ(all[7], PauliString("ZZZ"));
  EXPECT_EQ(all[8], PauliString({{64, 'Z'}}));
  EXPECT_EQ(all.back(), PauliString({{64, 'X'}}));
  EXPECT_EQ(std::set<PauliString>(all.begin(), all.end()).size(), all.size());
  const std::unordered_set<PauliString> hashed(all.begin(), all.end());
  EXPECT_EQ(hashed.size(), all.size());
  EXPECT_TRUE(hashed.contains(PauliString("XYZ")));
}

TEST(PauliString, ErrorsNameTheLetterAndTheQubit) {
  const auto message = [](auto&& make) -> std::string {
    try {
      make();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([] { PauliString{{0, 'Q'}}; }), "the Pauli letter \"Q\": letters are I, X, Y, Z");
  EXPECT_EQ(message([] {
              PauliString{{-1, 'X'}};
            }),
            "a Pauli letter on qubit -1: qubits are numbered from 0 to 1048575");
  EXPECT_EQ(message([] { PauliString{{2, 'X'}, {2, 'Z'}}; }), "a Pauli string with two letters on qubit 2");
  EXPECT_EQ(message([] { parse_pauli_string("X0 2"); }),
            "Pauli string \"X0 2\", column 4: expected a letter I, X, Y or Z, found \"2\"");
}

}  // namespace
}  // namespace qupel
