#include "qupel/engine/statevector/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "qupel/engine/rotations/span.h"
#include "qupel/engine/testing/rotation_reference.h"

namespace qupel::statevector {
namespace {

using testing::apply;
using testing::random_program;
using testing::State;

double value(const Layers& layers, int angle) {
  return layers.angles[static_cast<std::size_t>(angle)].angle.constant;
}

// A half's layers act on the bits from `half.begin` on; its version, the highest bit, is a parity of all
// other bits.
void apply_half(const Layers& layers, const Half& half, int other_begin, State& state) {
  const Mask inside = (Mask{1} << (half.end - half.begin)) - 1;
  const auto whole = [&](Mask mask) {
    return (mask & inside) << half.begin | ((mask & ~inside) != 0 ? half.other << other_begin : 0);
  };
  for (const auto& layer : half.layers) {
    if (layer.diagonal >= 0) {
      const auto& diagonal = layers.diagonals[static_cast<std::size_t>(layer.diagonal)];
      for (std::size_t k = 0; k < diagonal.masks.size(); ++k)
        apply({0, whole(diagonal.masks[k]), {}}, value(layers, diagonal.angles[k]), state);
    }
    for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
      const auto& rotation = layer.rotations[k];
      apply({whole(rotation.x), whole(rotation.z), {}}, value(layers, layer.angles[k]), state);
    }
  }
}

void apply_diagonal(const Layers& layers, int index, State& state) {
  if (index < 0) return;
  const auto& diagonal = layers.diagonals[static_cast<std::size_t>(index)];
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k)
    apply({0, diagonal.masks[k], {}}, value(layers, diagonal.angles[k]), state);
}

void apply_pass(const Layers& layers, const Pass& pass, State& state) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j)
    apply({pass.x[j], pass.z[j], {}}, value(layers, pass.angle[j]), state);
}

// The product state and what its halves take, by the slow definition.
State begun(const Layers& layers) {
  auto state = testing::zero_state(layers.qubits);
  for (int q = 0; q < layers.qubits; ++q) {
    for (const auto& [phase, angle] : layers.product[static_cast<std::size_t>(q)])
      apply({phase ? 0 : Mask{1} << q, Mask{1} << q, {}}, value(layers, angle), state);
  }
  apply_half(layers, layers.low, layers.high.begin, state);
  apply_half(layers, layers.high, layers.low.begin, state);
  return state;
}

State expected_state(const rotations::RotationProgram& program) {
  auto state = testing::zero_state(program.qubits);
  for (const auto& rotation : program.rotations) apply(rotation, rotation.angle.constant, state);
  return state;
}

TEST(Layers, AreTheCircuit) {
  Random random(derive(1, {key_of("layers")}));
  for (int trial = 0; trial < 40; ++trial) {
    const auto program = random_program(random, 2 + trial % 7, 10 + trial);
    const auto layers = make_layers(program);
    auto state = begun(layers);
    for (const auto& layer : layers.layers) {
      apply_diagonal(layers, layer.diagonal, state);
      for (std::size_t k = 0; k < layer.rotations.size(); ++k)
        apply(layer.rotations[k], value(layers, layer.angles[k]), state);
    }
    ASSERT_LT(testing::distance(state, expected_state(program)), 1e-12) << trial;
  }
}

TEST(Layers, RotationsOfALayerCommute) {
  Random random(derive(2, {key_of("layers")}));
  const auto layers = make_layers(random_program(random, 8, 120));
  for (const auto& layer : layers.layers) {
    for (const auto& a : layer.rotations) {
      for (const auto& b : layer.rotations) EXPECT_TRUE(commute(a, b));
    }
  }
}

TEST(Plans, ForwardPassesAreTheCircuit) {
  Random random(derive(3, {key_of("plans")}));
  for (int trial = 0; trial < 30; ++trial) {
    const auto program = random_program(random, 2 + trial % 8, 10 + 2 * trial);
    const auto layers = make_layers(program);
    for (const std::size_t vector_bytes : {16U, 32U, 64U}) {
      const auto plans = make_plans(layers, vector_bytes);
      for (const auto* forward : {&plans.values, &plans.forward}) {
        auto state = begun(layers);
        apply_pass(layers, forward->start.pass, state);  // a start's rotations come before its diagonal
        apply_diagonal(layers, forward->start.pass.diagonal, state);
        for (const auto& window : forward->windows) {
          for (const auto& pass : window.passes) {
            apply_diagonal(layers, pass.diagonal, state);
            apply_pass(layers, pass, state);
          }
        }
        ASSERT_LT(testing::distance(state, expected_state(program)), 1e-12) << trial;
      }
    }
  }
}

// Walks through a window as kernels do, and marks each vector that a pass visits.
std::multiset<std::size_t> visited(const PassGroup& window, const Pass& pass, std::size_t vector_bytes) {
  std::multiset<std::size_t> positions;
  for (const Mask part : rotations::sums(window.steps)) {
    const std::size_t first = first_tile(pass, part) * 2 * vector_bytes;
    for (const Mask tile : rotations::sums(std::vector<Mask>(pass.steps.begin(), pass.steps.end()))) {
      for (Mask corner = 0; corner < Mask{1} << pass.rotations; ++corner) {
        std::size_t at = first ^ tile;
        for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
          if ((corner >> j & 1) != 0) at ^= pass.offset[j];
        }
        positions.insert(at);
      }
    }
  }
  return positions;
}

TEST(Plans, EveryPassVisitsEveryVectorOnce) {
  Random random(derive(4, {key_of("plans")}));
  for (const int qubits : {3, 6, 10, 11}) {
    const auto layers = make_layers(random_program(random, qubits, 60));
    for (const std::size_t vector_bytes : {16U, 64U}) {
      const auto plans = make_plans(layers, vector_bytes);
      for (const auto* windows : {&plans.forward.windows, &plans.backward}) {
        for (const auto& window : *windows) {
          for (const auto& pass : window.passes) {
            const auto positions = visited(window, pass, vector_bytes);
            const std::size_t unit =
                pass.diagonal < 0 ? vector_bytes : 2 * vector_bytes;  // both parts at once
            ASSERT_EQ(positions.size(), (std::size_t{2} << qubits) * vector_bytes / unit);
            ASSERT_EQ(std::set(positions.begin(), positions.end()).size(), positions.size());
            for (const auto at : positions) ASSERT_EQ(at % unit, 0U);
          }
        }
      }
    }
  }
}

TEST(Plans, RotationsOfAPassHaveDirectionsOfTheirOwn) {
  Random random(derive(5, {key_of("plans")}));
  const auto layers = make_layers(random_program(random, 9, 150));
  const auto plans = make_plans(layers, 64);
  for (const auto& window : plans.forward.windows) {
    for (const auto& pass : window.passes) {
      EXPECT_LE(pass.rotations, pass.diagonal < 0 ? 4 : 3)
          << "a diagonal needs both parts of an amplitude at once";
      for (std::size_t i = 0; i < static_cast<std::size_t>(pass.rotations); ++i) {
        for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j)
          EXPECT_EQ(odd(pass.z[i] & pass.x[j]), i == j);
      }
    }
  }
}

}  // namespace
}  // namespace qupel::statevector
