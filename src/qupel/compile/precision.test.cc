#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "qupel/circuit/dense.h"
#include "qupel/compile/compile.h"
#include "qupel/compile/devices_example.test.h"
#include "qupel/compile/matrices.h"
#include "qupel/compile/synthesis.h"

// Compiled circuits do the same up to rounding, where angles are near those that need no gate, too.
namespace qupel {
namespace {

using std::numbers::pi;

TEST(EulerAngles, AreExactNearZeroAndPi) {
  Random random(1);
  for (const double tiny : {0.0, 1e-16, 3e-13, 2e-12, 1e-9, 1e-5, 0.3})
    for (const double theta : {tiny, pi - tiny})
      for (int draw = 0; draw < 20; ++draw) {
        const Matrix2 gate = std::polar(1.0, random.uniform(-3, 3)) * rotation(2, random.uniform(-3, 3)) *
                             rotation(1, theta) * rotation(2, random.uniform(-3, 3));
        const auto [found, phi, lambda] = euler_angles(gate);
        const Matrix2 made = rotation(2, phi) * rotation(1, found) * rotation(2, lambda);
        EXPECT_TRUE(same_gate<Matrix2>(made, gate, 2e-15)) << theta;
      }
}

TEST(CompilePrecision, GatesThatAreNearlyDiagonal) {
  for (const double tiny : {2.1e-12, 1e-11, 1e-9}) {
    Circuit circuit(1);
    circuit.add("h", {0}).barrier({0});
    circuit.add("u", {0}, {0.7, 0.2, 0.9}).add("ry", {0}, {tiny}).add("u", {0}, {-0.7, -0.9, -0.2});
    circuit.barrier({0}).add("h", {0});
    for (const auto& native : std::vector<std::vector<std::string_view>>{
             {"rz", "sx", "x", "cx"}, {"prx", "cz"}, {"gpi", "gpi2", "ms"}, {"u", "cx"}}) {
      const auto compiled = compile(circuit, example::device_of(1, {}, native));
      const auto state = dense_state(compiled.circuit);
      EXPECT_LT(std::abs(state[1]), tiny + 2e-14) << native[0] << " " << tiny;
    }
  }
}

TEST(CompilePrecision, HalfIswapsNeedNoTinyTurns) {
  for (const auto& gate : {canonical_gate(pi / 4, 0, 0), canonical_gate(pi / 4, pi / 4, 0), cx_gate()}) {
    const auto made = synthesis(gate, EntanglerFamily::half_iswap);
    Matrix4 result = local(made.locals[0]);
    for (std::size_t k = 0; k < made.entanglers.size(); ++k)
      result = local(made.locals[k + 1]) * entangler_gate(EntanglerFamily::half_iswap, made.entanglers[k]) *
               result;
    EXPECT_TRUE(same_gate<Matrix4>(result, gate, 1e-13));
  }
  const auto compiled = compile(Circuit(2).add("cx", {0, 1}), device("google-weber"));
  EXPECT_LE(resources(compiled, device("google-weber")).one_qubit, 5);
  for (const auto& operation : compiled.circuit.operations())
    for (const auto& angle : operation.angles)
      EXPECT_TRUE(angle.offset == 0 || std::abs(angle.offset) > 1e-6) << operation.spec->name;
}

TEST(Compile, TakesFewestGatesWhereErrorsAreNotKnown) {
  Circuit star(4);
  for (int q = 1; q < 4; ++q) star.add("cx", {0, q});
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    EXPECT_EQ(compile(star, device("line(4)"), {.seed = seed}).circuit.cost().two_qubit, 4) << seed;
}

}  // namespace
}  // namespace qupel
