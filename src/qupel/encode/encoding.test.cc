#include "qupel/encode/encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

using std::numbers::pi;

constexpr Entanglement every_entanglement[] = {Entanglement::none, Entanglement::linear, Entanglement::ring,
                                               Entanglement::full};

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<double> random_row(int features, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> row;
  for (int i = 0; i < features; ++i) row.push_back(random.uniform(-pi, pi));
  return row;
}

std::vector<Complex> state_of(std::string_view name, const std::vector<double>& row,
                              const EncodingOptions& options) {
  const auto& spec = encoding(name);
  const int features = static_cast<int>(row.size());
  std::vector<double> slots(static_cast<std::size_t>(spec.slots(features, options)));
  spec.map(row, options, slots);
  return dense_state(spec.circuit(features, options), slots);
}

double fidelity(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  return std::norm(std::inner_product(a.begin(), a.end(), b.begin(), Complex{}, std::plus<>(),
                                      [](Complex x, Complex y) { return std::conj(x) * y; }));
}

std::vector<std::string> encoding_names() {
  std::vector<std::string> names;
  for (const EncodingSpec* spec : encodings()) names.emplace_back(spec->name);
  return names;
}

class EveryEncoding : public testing::TestWithParam<std::string> {
 protected:
  const EncodingSpec& spec = encoding(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Registry, EveryEncoding, testing::ValuesIn(encoding_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(EveryEncoding, CostsWhatItsFormulaSays) {
  for (int features = 1; features <= 10; ++features) {
    for (int repeats = 1; repeats <= 6; ++repeats) {
      for (const auto entangled : every_entanglement) {
        const EncodingOptions options{repeats, entangled};
        const auto stated = spec.cost(features, options);
        const auto counted = spec.circuit(features, options).cost();
        const auto where = std::to_string(features) + " features, " + std::to_string(repeats) +
                           " repeats, pairs " + std::string(to_string(entangled));
        EXPECT_EQ(stated.qubits, counted.qubits) << where;
        EXPECT_EQ(stated.qubits, spec.qubits(features)) << where;
        EXPECT_EQ(stated.gates, counted.gates) << where;
        EXPECT_EQ(stated.depth, counted.depth) << where;
        EXPECT_EQ(stated.two_qubit, counted.two_qubit) << where;
      }
    }
  }
}

TEST_P(EveryEncoding, FillsTheSlotsThatItsCircuitUses) {
  for (int features = 1; features <= 6; ++features) {
    for (const auto entangled : every_entanglement) {
      const EncodingOptions options{2, entangled};
      EXPECT_EQ(spec.circuit(features, options).features(), spec.slots(features, options));
      EXPECT_EQ(spec.circuit(features, options).parameters(), 0);
      std::vector<double> slots(static_cast<std::size_t>(spec.slots(features, options)), std::nan(""));
      spec.map(random_row(features, 1), options, slots);
      EXPECT_TRUE(std::ranges::none_of(slots, [](double slot) { return std::isnan(slot); }));
    }
  }
}

TEST_P(EveryEncoding, WithoutPairsIsItsSeparableTwin) {
  const EncodingOptions options{2, Entanglement::none};
  EXPECT_EQ(spec.circuit(4, options).cost().two_qubit, 0);
  EXPECT_EQ(spec.cost(4, options).two_qubit, 0);
}

TEST_P(EveryEncoding, TellsRowsApart) {
  const EncodingOptions options{2, Entanglement::full};
  const auto a = state_of(spec.name, {0.3, -0.4, 0.5, 0.9}, options);
  const auto b = state_of(spec.name, {0.9, 0.1, -0.5, 0.2}, options);
  EXPECT_NEAR(fidelity(a, a), 1, 1e-12);
  EXPECT_LT(fidelity(a, b), 0.99);
}

TEST_P(EveryEncoding, HasHelpAndASource) {
  EXPECT_GT(spec.summary.size(), 20U);
  EXPECT_GT(spec.source.size(), 10U);
  EXPECT_EQ(&encoding(spec.name), &spec);
}

TEST_P(EveryEncoding, RefusesWhatItCannotEncode) {
  EXPECT_EQ(error_of([&] { spec.cost(0, {}); }), "an encoding takes 1 to 32768 features, not 0");
  EXPECT_EQ(error_of([&] { spec.circuit(3, {.repeats = 0}); }),
            "an encoding is repeated at least once, not 0");
  EXPECT_EQ(error_of([&] { spec.slots(40000, {}); }), "an encoding takes 1 to 32768 features, not 40000");
}

// The table of encoding costs: Mottonen et al. 2005 and Havlicek et al. 2019.
TEST(Cost, OfAmplitudeAndZzMapIsThePublishedOne) {
  for (const auto& [n, amplitude_cx, once, twice] :
       {std::tuple{4, 14L, 12L, 24L}, {8, 254L, 56L, 112L}, {10, 1022L, 90L, 180L}}) {
    const auto amplitude = encoding("amplitude").cost(1 << n, {});
    EXPECT_EQ(amplitude.qubits, n);
    EXPECT_EQ(amplitude.two_qubit, amplitude_cx);
    EXPECT_EQ(amplitude.gates.at("ry"), amplitude_cx + 1);
    EXPECT_EQ(encoding("zz-map").cost(n, {}).two_qubit, once);
    EXPECT_EQ(encoding("zz-map").cost(n, {.repeats = 2}).gates.at("cx"), twice);
    EXPECT_EQ(encoding("zz-map").cost(n, {3, Entanglement::linear}).two_qubit, 2 * 3 * (n - 1));
    EXPECT_EQ(encoding("angle-y").cost(n, {}).two_qubit, 0);
  }
}

TEST(Cost, OfAmplitudeEncodingOf30Features) {
  const auto cost = encoding("amplitude").cost(30, {});
  EXPECT_EQ(cost.qubits, 5);
  EXPECT_EQ(cost.gates.at("ry") + cost.gates.at("cx"), 61);
  EXPECT_EQ(cost.depth, 57);
}

TEST(Pairs, AreDistinctAndAsManyAsTheyShouldBe) {
  for (int n = 1; n <= 9; ++n) {
    for (const auto entangled : every_entanglement) {
      std::set<std::pair<int, int>> distinct;
      const auto all = pairs(entangled, n);
      for (const auto& [i, j] : all) {
        EXPECT_NE(i, j);
        EXPECT_TRUE(i >= 0 && i < n && j >= 0 && j < n);
        distinct.insert(std::minmax(i, j));
      }
      EXPECT_EQ(distinct.size(), all.size()) << to_string(entangled) << " of " << n;
    }
    EXPECT_EQ(pairs(Entanglement::full, n).size(), static_cast<std::size_t>(n * (n - 1) / 2));
    EXPECT_EQ(pairs(Entanglement::linear, n).size(), static_cast<std::size_t>(n - 1));
    EXPECT_EQ(pairs(Entanglement::ring, n).size(), static_cast<std::size_t>(n > 2 ? n : n - 1));
  }
}

TEST(Pairs, OfNeighboursAreNeighbours) {
  using Pairs = std::vector<std::pair<int, int>>;
  EXPECT_EQ(pairs(Entanglement::linear, 5), (Pairs{{0, 1}, {2, 3}, {1, 2}, {3, 4}}));
  EXPECT_EQ(pairs(Entanglement::ring, 4), (Pairs{{0, 1}, {2, 3}, {1, 2}, {3, 0}}));
}

TEST(Entanglement, ReadsItsOwnNames) {
  for (const auto entangled : every_entanglement) EXPECT_EQ(entanglement(to_string(entangled)), entangled);
  EXPECT_EQ(error_of([] { entanglement("rign"); }),
            "\"rign\" is not an entanglement; did you mean \"ring\"?");
}

TEST(Registry, SuggestsTheNearestName) {
  EXPECT_EQ(error_of([] { encoding("iqp-ful"); }),
            "\"iqp-ful\" is not an encoding; did you mean \"iqp-full\"?");
}

TEST(Angle, StatesAreProductsOfRotations) {
  const double a = 0.7, b = -1.1;
  const auto x = state_of("angle-x", {a, b}, {});
  EXPECT_NEAR(std::abs(x[1] - Complex(0, -std::sin(a / 2) * std::cos(b / 2))), 0, 1e-12);
  const auto y = state_of("angle-y", {a, b}, {});
  EXPECT_NEAR(std::abs(y[2] - std::cos(a / 2) * std::sin(b / 2)), 0, 1e-12);
  const auto z = state_of("angle-z", {a, b}, {});
  EXPECT_NEAR(std::abs(z[3] - std::polar(0.5, (a + b) / 2)), 0, 1e-12);
}

TEST(Amplitude, StateIsTheNormalisedRow) {
  for (int features = 1; features <= 40; ++features) {
    auto row = random_row(features, static_cast<std::uint64_t>(features));
    if (features > 4) row[2] = row[3] = 0;  // a branch of zeros
    const auto state = state_of("amplitude", row, {});
    const double norm = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
    for (std::size_t i = 0; i < state.size(); ++i) {
      const double expected = i < row.size() ? row[i] / norm : 0;
      EXPECT_NEAR(std::abs(state[i] - expected), 0, 1e-12) << features << " features, amplitude " << i;
    }
  }
}

TEST(Amplitude, OfAZeroRowIsAllZeros) {
  const auto state = state_of("amplitude", {0, 0, 0, 0, 0}, {});
  EXPECT_EQ(state[0], 1.0);
}

TEST(Amplitude, SurvivesLargeAndSmallNumbers) {
  for (const double scale : {1e200, 1e-200}) {
    const auto state = state_of("amplitude", {3 * scale, -4 * scale}, {});
    EXPECT_NEAR(state[0].real(), 0.6, 1e-12);
    EXPECT_NEAR(state[1].real(), -0.8, 1e-12);
  }
}

TEST(Amplitude, IsTheSameForEveryBandwidth) {
  Matrix<double> x(1, 3);
  std::ranges::copy(std::vector{0.2, -0.3, 0.4}, x.data());
  const auto narrow = encode_rows(encoding("amplitude"), {}, x, 0.5),
             wide = encode_rows(encoding("amplitude"), {}, x, 4);
  EXPECT_EQ(narrow, wide) << "powers of two scale without rounding";
}

// By hand, two qubits, one repeat: amplitude b is exp(-i (s0 x0 + s1 x1 + s0 s1 x0 x1)/2)/2, s = 1 - 2 bit.
TEST(Iqp, StateOfTwoFeaturesByHand) {
  const double x0 = 0.7, x1 = -1.2;
  for (const auto* name : {"iqp-full", "iqp-legacy"}) {
    const auto state = state_of(name, {x0, x1}, {});
    for (std::size_t basis = 0; basis < 4; ++basis) {
      const double s0 = (basis & 1) != 0 ? -1 : 1, s1 = (basis & 2) != 0 ? -1 : 1;
      const auto expected = std::polar(0.5, -(s0 * x0 + s1 * x1 + s0 * s1 * x0 * x1) / 2);
      EXPECT_NEAR(std::abs(state[basis] - expected), 0, 1e-12) << name;
    }
  }
}

// With d = x - y and e = x0 x1 - y0 y1 the overlap is the mean of four phases:
// k = (cos(e/2) cos(d0/2) cos(d1/2))^2 + (sin(e/2) sin(d0/2) sin(d1/2))^2.
TEST(Iqp, KernelOfTwoFeaturesByHand) {
  const std::vector<double> x{0.7, -1.2}, y{0.1, 0.4};
  const double d0 = x[0] - y[0], d1 = x[1] - y[1], e = x[0] * x[1] - y[0] * y[1];
  const double expected = std::pow(std::cos(e / 2) * std::cos(d0 / 2) * std::cos(d1 / 2), 2) +
                          std::pow(std::sin(e / 2) * std::sin(d0 / 2) * std::sin(d1 / 2), 2);
  EXPECT_NEAR(fidelity(state_of("iqp-full", x, {}), state_of("iqp-full", y, {})), expected, 1e-12);
}

TEST(Iqp, LegacyDiffersFromFullInLaterRepeatsOnly) {
  const auto row = random_row(3, 5);
  EXPECT_NEAR(fidelity(state_of("iqp-full", row, {}), state_of("iqp-legacy", row, {})), 1, 1e-12);
  EXPECT_LT(fidelity(state_of("iqp-full", row, {.repeats = 2}), state_of("iqp-legacy", row, {.repeats = 2})),
            0.999);
  EXPECT_EQ(encoding("iqp-legacy").cost(5, {.repeats = 3}).gates.at("rzz"), 10);
  EXPECT_EQ(encoding("iqp-full").cost(5, {.repeats = 3}).gates.at("rzz"), 30);
}

// Qiskit 2.6, zz_feature_map(3, reps=2, entanglement="full") at (0.3, -0.8, 1.7), qubit 0 the lowest bit.
TEST(ZzMap, StateIsQiskits) {
  const std::vector<Complex> expected{
      {0.489494860768408, 0.115051141877837},   {-0.044867555610893, 0.068436990958808},
      {0.326492083816724, -0.187056394228599},  {-0.377269477357652, -0.120265557129599},
      {-0.301859485213425, -0.310188691175763}, {-0.007225551520462, 0.240624592966167},
      {-0.193328071709685, 0.081752293815084},  {-0.311690639628752, 0.235752511318501}};
  const auto state = state_of("zz-map", {0.3, -0.8, 1.7}, {.repeats = 2});
  Complex overlap = 0;
  for (std::size_t i = 0; i < state.size(); ++i) overlap += std::conj(expected[i]) * state[i];
  EXPECT_NEAR(std::abs(overlap - 1.0), 0, 1e-12);
}

// CX P(2 a) CX is exp(-i a Z Z) up to a phase, and on [0, 2 pi] the map's (pi - x)(pi - y) is a product of
// features in [-pi, pi].
TEST(ZzMap, OfBandwidthPiIsIqpOfTwiceItWithHalfThePairs) {
  const std::vector<double> row{0.3, -0.7, 0.9};
  std::vector<double> moved, wide;
  for (const double x : row) moved.push_back(pi * (x + encoding("zz-map").shift));
  for (const double x : row) wide.push_back(2 * pi * x);
  const auto zz = state_of("zz-map", moved, {.repeats = 2});
  const auto iqp = state_of("iqp-full", wide, {.repeats = 2, .pair_bandwidth = 0.5});
  EXPECT_NEAR(fidelity(zz, iqp), 1, 1e-12);
}

TEST(PairBandwidth, ScalesTheSlotsOfPairsOnly) {
  for (const auto* name : {"iqp-full", "iqp-legacy", "zz-map"}) {
    const auto& spec = encoding(name);
    const auto row = random_row(3, 6);
    std::vector<double> once(6), half(6);
    spec.map(row, {}, once);
    spec.map(row, {.pair_bandwidth = 0.5}, half);
    for (std::size_t slot = 0; slot < 6; ++slot)
      EXPECT_EQ(half[slot], slot < 3 ? once[slot] : once[slot] / 2) << name;
  }
}

using Vector = std::vector<Complex>;

// (X X + Y Y + Z Z) on qubits q and q + 1 is 2 SWAP - 1.
Vector exchanged(const Vector& state, std::size_t q) {
  Vector result(state.size());
  for (std::size_t b = 0; b < state.size(); ++b) {
    const std::size_t low = b >> q & 1, high = b >> (q + 1) & 1;
    const std::size_t swapped = low == high ? b : b ^ (std::size_t{3} << q);
    result[b] = 2.0 * state[swapped] - state[b];
  }
  return result;
}

// exp(-i t H) of the whole chain by the power series of small steps: Trotter steps leave out what is of
// second order in their length.
Vector evolved(Vector state, const std::vector<double>& row) {
  constexpr int steps = 200, terms = 8;
  const double time = static_cast<double>(row.size()) / 3 / (pi / 2);
  for (int step = 0; step < steps; ++step) {
    Vector term = state;
    for (int k = 1; k <= terms; ++k) {
      Vector next(state.size());
      for (std::size_t q = 0; q < row.size(); ++q) {
        const auto part = exchanged(term, q);
        for (std::size_t b = 0; b < state.size(); ++b)
          next[b] += Complex(0, -time / steps / k) * row[q] * part[b];
      }
      term = next;
      for (std::size_t b = 0; b < state.size(); ++b) state[b] += term[b];
    }
  }
  return state;
}

TEST(Heisenberg, ApproachesTheEvolutionOfTheChain) {
  const std::vector<double> row{0.8, -0.5, 0.6};
  const auto start = state_of("heisenberg", {0, 0, 0}, {.start = 2});
  const auto exact = evolved(start, row);
  const auto few = state_of("heisenberg", row, {.repeats = 1, .start = 2});
  const auto many = state_of("heisenberg", row, {.repeats = 10, .start = 2});
  EXPECT_GT(fidelity(exact, few), 0.999);
  EXPECT_GT(fidelity(exact, many), 1 - 1e-5);
  EXPECT_LT(fidelity(exact, start), 0.9);
}

TEST(Heisenberg, OfTwoQubitsIsTheExchange) {
  const double x = 0.9, angle = x / 3 / (pi / 2);
  const auto start = state_of("heisenberg", {0}, {});
  const auto state = state_of("heisenberg", {x}, {});
  const auto turned = exchanged(start, 0);  // 2 SWAP - 1
  Vector expected(4);
  for (std::size_t b = 0; b < 4; ++b) {
    const Complex swapped = (turned[b] + start[b]) / 2.0;
    expected[b] =
        std::polar(1.0, angle) * (std::cos(2 * angle) * start[b] - Complex(0, std::sin(2 * angle)) * swapped);
  }
  EXPECT_NEAR(fidelity(state, expected), 1, 1e-12);
}

TEST(Heisenberg, StartsFromProductsThatDiffer) {
  std::vector<Vector> starts;
  for (int start = 1; start <= 4; ++start) starts.push_back(state_of("heisenberg", {0, 0}, {.start = start}));
  for (std::size_t i = 0; i < starts.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_LT(fidelity(starts[i], starts[j]), 0.99);
  EXPECT_EQ(error_of([] { encoding("heisenberg").circuit(2, {.start = 0}); }),
            "start states of an encoding are numbered from 1, not 0");
}

TEST(AmplitudeAffine, FidelityIsASquaredInnerProductWithAOne) {
  const std::vector<double> x{0.4, -1.1, 0.7}, y{-0.2, 0.5, 1.3};
  const auto with_one = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 1.0);
  };
  const double expected = with_one(x, y) * with_one(x, y) / with_one(x, x) / with_one(y, y);
  EXPECT_NEAR(fidelity(state_of("amplitude-affine", x, {}), state_of("amplitude-affine", y, {})), expected,
              1e-12);
}

TEST(AmplitudeAffine, TakesAQubitMoreWhereTheOneNeedsIt) {
  EXPECT_EQ(encoding("amplitude-affine").qubits(3), 2);
  EXPECT_EQ(encoding("amplitude-affine").qubits(4), 3);
  EXPECT_EQ(encoding("amplitude-affine").qubits(1023), 10);
}

TEST(EncodeRows, ScalesByTheBandwidthBeforeTheMap) {
  Matrix<double> x(2, 2);
  std::ranges::copy(std::vector{0.1, 0.2, 0.3, 0.4}, x.data());
  const auto slots = encode_rows(encoding("iqp-full"), {}, x, 2);
  EXPECT_EQ(slots.columns(), 3U);
  EXPECT_DOUBLE_EQ(slots(1, 0), 0.6);
  EXPECT_DOUBLE_EQ(slots(1, 2), 0.6 * 0.8);
}

TEST(EncodeRows, RefusesWhatIsNotFinite) {
  Matrix<double> x(2, 2);
  x(1, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(error_of([&] { encode_rows(encoding("angle-x"), {}, x, 1); }),
            "row 1, feature 0 is nan times bandwidth 1: an encoding needs finite values");
}

}  // namespace
}  // namespace qupel
