#include "qupel/problem/tabular/generators.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "qupel/problem/tabular/numpy_random.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;

// Expected values: NumPy 2.4.6, np.random.RandomState(seed).
TEST(NumpyRandom, DrawsTheBitsOfNumPy) {
  NumpyRandom random(42);
  EXPECT_EQ(random.bits(), 1608637542u);
  EXPECT_EQ(random.bits(), 3421126067u);
  EXPECT_EQ(random.bits(), 4083286876u);
}

TEST(NumpyRandom, DrawsTheUniformNumbersOfNumPy) {
  NumpyRandom random(42);
  for (const double expected : {0.37454011884736249, 0.95071430640991617, 0.73199394181140509})
    EXPECT_EQ(random.uniform(), expected);
}

TEST(NumpyRandom, DrawsTheNormalNumbersOfNumPy) {
  NumpyRandom random(42);
  for (const double expected :
       {0.49671415301123267, -0.13826430117118466, 0.64768853810069249, 1.5230298564080254})
    EXPECT_DOUBLE_EQ(random.normal(), expected);
}

TEST(NumpyRandom, PermutesAsNumPy) {
  EXPECT_THAT(NumpyRandom(42).permutation(10), ElementsAre(8, 1, 5, 0, 7, 2, 9, 4, 3, 6));
}

TEST(NumpyRandom, GoesOnAfterTheFirstBlockAsNumPy) {
  NumpyRandom random(3);
  random.uniform(10, 100);
  EXPECT_EQ(random.uniform(), 0.28118562483177967);
  auto order = random.permutation(300);
  order.resize(5);
  EXPECT_THAT(order, ElementsAre(161, 139, 4, 235, 101));
}

/// Of a set, in the order of the benchmark's split.
struct Expected {
  const char* name;
  double first, last, magnitude;  ///< x of the first training row, x of the last test row, sum of all |x|
  int positive, weighted;         ///< labels +1, and the sum of their row numbers from 1
};

// Computed with NumPy 2.4.6 and scikit-learn 1.9.1 from the published definitions; an RBF C-SVC on these sets
// gets the test scores that the benchmark published.
constexpr Expected expected_sets[] = {
    {"linearly-separable-2d", -0.28306854291145478, 0.29992786155553031, 310.4366177882273, 155, 23418},
    {"linearly-separable-4d", 0.47183590710397749, -0.6964491802977959, 610.30536885689867, 160, 24745},
    {"linearly-separable-10d", -0.16815612394114021, 0.2805578905543451, 1498.6798187004281, 159, 23924},
    {"linearly-separable-20d", -0.22851370232095602, 0.095927052652407196, 3036.3487630348473, 159, 24215},
    {"hidden-manifold-2d", -0.64107289729682781, 0.55396198067041824, 339.60299059441365, 150, 21880},
    {"hidden-manifold-6d", -0.90172778462552894, -0.58634727022390687, 1029.0051031656076, 150, 22436},
    {"hidden-manifold-10d", 0.53495176736901229, -0.50009910884511011, 1737.8898675157643, 150, 21240},
    {"hidden-manifold-10d-20m", 0.96072423960263742, -0.36329684793690536, 1780.3365352122667, 150, 22211},
    {"two-curves-2d", -0.61121406171382298, 0.089111549441368523, 478.11536280290665, 150, 22248},
    {"two-curves-10d", 1.2771927838412083, 2.1574393232757494, 2347.6639813771694, 150, 21969},
    {"two-curves-10d-degree-10", -1.0418612310042186, 1.2309757974049322, 2085.2984330255404, 150, 22793},
    {"two-curves-10d-degree-20", -1.067635811717718, 3.6415609952081516, 1854.0537039194769, 150, 23993},
    {"hyperplanes-10d-from-3d-2n", -1.8305588595346853, 0.62764801901260514, 2344.8169233808817, 150, 22596},
    {"hyperplanes-10d-from-3d-5n", -0.45844544736228926, 0.039459477893146168, 2394.3043913800784, 150,
     22802},
    {"hyperplanes-10d-from-3d-20n", 0.019911672830048729, -1.5791412460122565, 2356.6176082324696, 150,
     23628},
};

class Generators : public testing::TestWithParam<Expected> {};

TEST_P(Generators, GivesTheBenchmarksPoints) {
  const auto& expected = GetParam();
  const auto set = generate(expected.name);
  constexpr double last_bits = 1e-13;  // of tanh, cos and the order of sums
  EXPECT_NEAR(set.x(0, 0), expected.first, last_bits);
  EXPECT_NEAR(set.x(299, set.x.columns() - 1), expected.last, last_bits);
  double magnitude = 0;
  for (const double v : set.x.values()) magnitude += std::abs(v);
  EXPECT_NEAR(magnitude, expected.magnitude, 1e-9);
  EXPECT_EQ(set.train, 240u);
  int positive = 0, weighted = 0;
  for (std::size_t i = 0; i < set.labels.size(); ++i) {
    positive += set.labels[i];
    weighted += set.labels[i] * static_cast<int>(i + 1);
  }
  EXPECT_EQ(positive, expected.positive);
  EXPECT_EQ(weighted, expected.weighted);
}

INSTANTIATE_TEST_SUITE_P(Benchmark, Generators, testing::ValuesIn(expected_sets), [](const auto& test) {
  std::string name = test.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(GeneratorNames, AreSixFamiliesOfNineteen) {
  EXPECT_EQ(generators().size(), 6u * 19u);
  EXPECT_EQ(full_generator_name("hyperplanes-5n"), "hyperplanes-10d-from-3d-5n");
  EXPECT_EQ(generate("hyperplanes-5n").labels, generate("hyperplanes-10d-from-3d-5n").labels);
  EXPECT_THROW(generate("hyperplanes-21n"), std::out_of_range);
}

}  // namespace
}  // namespace qupel
