#include "qupel/engine/rotations/support.h"

#include <gtest/gtest.h>

#include "qupel/engine/engine.h"
#include "qupel/engine/rotations/span.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel::rotations {
namespace {

TEST(Support, IsTheSpanOfWhatRotationsFlip) {
  Random random(1);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<Rotation> gates(1 + random.below(9));
    for (auto& gate : gates) gate.x = random.bits() & random.bits() & 0xfff;
    const Support support(12, gates, 3);
    ASSERT_GE(support.dimension(), 3);
    for (const auto& gate : gates) EXPECT_TRUE(support.holds(gate.x));
    std::size_t held = 0;
    for (Mask index = 0; index < 1 << 12; ++index) held += support.holds(index);
    EXPECT_EQ(held, std::size_t{1} << support.dimension());
    const Mask z = random.bits() & 0xfff;
    for (Mask u = 0; u < Mask{1} << support.dimension(); ++u) {
      EXPECT_EQ(support.coordinates(support.index(u)), u);
      EXPECT_EQ(odd(support.parity(z) & u), odd(z & support.index(u)));
    }
  }
}

TEST(Support, OfEverythingChangesNothing) {
  const Support support(5, {}, 5);
  for (Mask m = 0; m < 32; ++m) {
    EXPECT_EQ(support.coordinates(m), m);
    EXPECT_EQ(support.parity(m), m);
  }
}

TEST(Support, DualsMeetOneMaskEach) {
  Random random(derive(4, {key_of("duals")}));
  for (int repeat = 0; repeat < 200; ++repeat) {
    const std::size_t bits = 1 + random.below(12);
    Span span;
    std::vector<Mask> masks;
    while (masks.size() < bits) {
      const Mask mask = random.below(std::uint64_t{1} << bits);
      if (span.insert(mask)) masks.push_back(mask);
    }
    const auto directions = duals(masks);
    for (std::size_t i = 0; i < bits; ++i) {
      for (std::size_t j = 0; j < bits; ++j) EXPECT_EQ(odd(masks[i] & directions[j]), i == j);
    }
  }
}

// Two layers on a line: an observable sees five qubits of 60, whatever engine is asked.
TEST(Support, IsTheLightConeOfObservables) {
  const auto line = [](int first, int last, int qubits) {
    Circuit circuit(qubits);
    for (int layer = 0; layer < 2; ++layer) {
      for (int q = first; q <= last; ++q)
        circuit.add("ry", {q - first}, {0.1 * q + layer}).add("rz", {q - first}, {0.2 * q});
      for (int q = first + layer; q < last; q += 2)
        circuit.add("rxx", {q - first, q + 1 - first}, {0.3 + 0.01 * q});
    }
    return circuit;
  };
  Job large{line(0, 59, 60)}, small{line(26, 35, 10)};
  large.observables = {parse_observable("Z30 X31 + 0.5 Y30")};
  small.observables = {parse_observable("Z4 X5 + 0.5 Y4")};
  const auto choice = choose(large);
  EXPECT_EQ(choice.engine->name(), "tiled");
  EXPECT_LT(choice.forecast().bytes, 1e5);
  EXPECT_NEAR(run(large).expectations[0], run(small).expectations[0], 1e-13);
}

}  // namespace
}  // namespace qupel::rotations
