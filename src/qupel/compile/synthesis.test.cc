#include "qupel/compile/synthesis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "qupel/base/random.h"

namespace qupel {
namespace {

using std::numbers::pi;

Matrix2 random_gate(Random& random) {
  return rotation(2, random.uniform(-pi, pi)) * rotation(1, random.uniform(-pi, pi)) *
         rotation(2, random.uniform(-pi, pi));
}

Matrix4 dressed(const Matrix4& gate, Random& random) {
  const auto any = [&] { return local({random_gate(random), random_gate(random)}); };
  return any() * gate * any() * std::polar(1.0, random.uniform(-pi, pi));
}

struct Given {
  double x, y, z;
  int quarter, rotation, iswap, half_iswap;  ///< entanglers that it takes
};

// Corners, edges, faces and the inside of the Weyl chamber, and points outside it that are equal to some.
const Given givens[] = {
    {0, 0, 0, 0, 0, 0, 0},
    {pi / 4, 0, 0, 1, 1, 2, 2},            // cx
    {pi / 4, pi / 4, 0, 2, 2, 1, 2},       // iswap
    {pi / 4, pi / 4, pi / 4, 3, 3, 3, 3},  // swap
    {pi / 8, pi / 8, 0, 2, 2, 2, 1},       // its root
    {pi / 8, 0, 0, 2, 1, 2, 2},            // cp(pi/2)
    {0.2, 0, 0, 2, 1, 2, 2},
    {1e-4, 0, 0, 2, 1, 2, 2},
    {0.4, 0.3, 0, 2, 2, 2, 2},
    {pi / 4, 0.3, 0, 2, 2, 2, 2},
    {pi / 4, pi / 4, 0.3, 3, 3, 3, 3},
    {0.4, 0.2, 0.1, 3, 3, 3, 2},
    {0.4, 0.2, -0.1, 3, 3, 3, 2},
    {0.4, 0.3, 0.2, 3, 3, 3, 3},
    {0.4, 0.3, -0.2, 3, 3, 3, 3},
    {0.4, 0.4, 0.4, 3, 3, 3, 3},
    {0.4, 0.4, -0.4, 3, 3, 3, 3},
    {pi / 4, 0.3, -0.3, 3, 3, 3, 2},
    {pi / 2, 0, 0, 0, 0, 0, 0},
    {-pi / 4, pi / 2, 0, 1, 1, 2, 2},
    {1.9, -2.3, 0.7, 3, 3, 3, 3},
};

constexpr EntanglerFamily families[] = {EntanglerFamily::quarter, EntanglerFamily::rotation,
                                        EntanglerFamily::iswap, EntanglerFamily::half_iswap};

Matrix4 product(const Synthesis& made, EntanglerFamily family) {
  Matrix4 result = local(made.locals[0]);
  for (std::size_t k = 0; k < made.entanglers.size(); ++k)
    result = local(made.locals[k + 1]) * entangler_gate(family, made.entanglers[k]) * result;
  return result;
}

TEST(Weyl, IsTheGateInCanonicalNumbers) {
  Random random(1);
  for (int draw = 0; draw < 200; ++draw) {
    const auto& given = givens[static_cast<std::size_t>(draw) % std::size(givens)];
    const Matrix4 gate = dressed(canonical_gate(given.x, given.y, given.z), random);
    const auto found = weyl(gate);
    EXPECT_TRUE(same_gate<Matrix4>(
        local(found.left) * canonical_gate(found.x, found.y, found.z) * local(found.right), gate));
    EXPECT_LT(found.x, pi / 4 + 1e-9);
    EXPECT_GT(found.x, found.y - 1e-9);
    EXPECT_GT(found.y, std::abs(found.z) - 1e-9);
    const auto again = weyl(dressed(gate, random));
    EXPECT_TRUE(found.at(again.x, again.y, again.z, 1e-7)) << given.x << " " << given.y << " " << given.z;
  }
}

TEST(Synthesis, MakesTheGateOfAsFewEntanglersAsCan) {
  Random random(2);
  for (int draw = 0; draw < 300; ++draw) {
    const auto& given = givens[static_cast<std::size_t>(draw) % std::size(givens)];
    const Matrix4 gate = dressed(canonical_gate(given.x, given.y, given.z), random);
    const int counts[] = {given.quarter, given.rotation, given.iswap, given.half_iswap};
    for (const auto family : families) {
      const auto made = synthesis(gate, family);
      const auto place = ::testing::Message()
                         << static_cast<int>(family) << ": " << given.x << " " << given.y << " " << given.z;
      EXPECT_EQ(made.entanglers.size(), static_cast<std::size_t>(counts[static_cast<std::size_t>(family)]))
          << place;
      EXPECT_TRUE(same_gate<Matrix4>(product(made, family), gate)) << place;
      for (const auto& other : syntheses(gate, family)) {
        EXPECT_EQ(other.entanglers.size(), made.entanglers.size()) << place;
        EXPECT_TRUE(same_gate<Matrix4>(product(other, family), gate)) << place;
      }
    }
  }
}

TEST(Synthesis, MakesAnyGate) {
  Random random(3);
  for (int draw = 0; draw < 300; ++draw) {
    const Matrix4 gate =
        dressed(canonical_gate(random.uniform(-2, 2), random.uniform(-2, 2), random.uniform(-2, 2)), random);
    for (const auto family : families)
      EXPECT_TRUE(same_gate<Matrix4>(product(synthesis(gate, family), family), gate)) << draw;
  }
}

}  // namespace
}  // namespace qupel
