#include "qupel/compile/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/compile/devices_example.test.h"
#include "qupel/compile/native.h"

namespace qupel {
namespace {

using std::numbers::pi;
using testing::HasSubstr;

struct NativeSet {
  const char* name;
  std::vector<std::string_view> operations;
};

const NativeSet native_sets[] = {
    {"cx", {"rz", "sx", "x", "cx"}},
    {"ecr", {"rz", "sx", "x", "ecr"}},
    {"cz_rx", {"rz", "rx", "cz"}},
    {"heron", {"rz", "sx", "x", "cz", "rzz"}},
    {"prx_cz", {"prx", "cz"}},
    {"prx_rz_rzz", {"prx", "rz", "rzz"}},
    {"sycamore", {"prx", "rz", "sqrt_iswapdg"}},
    {"u_cx", {"u", "cx"}},
    {"iswap", {"rz", "sx", "iswap"}},
    {"ion", {"gpi", "gpi2", "ms"}},
    {"rxx", {"rz", "rx", "rxx"}},
};

Angle random_angle(Random& random, bool slots) {
  const double angle =
      random.below(3) == 0 ? pi / 2 * static_cast<double>(random.below(4)) : random.uniform(-pi, pi);
  if (!slots || random.below(2) == 0) return angle;
  const int slot = static_cast<int>(random.below(3));
  const double scale = random.uniform(-2, 2);
  return random.below(2) == 0 ? Angle::feature(slot, scale, angle) : Angle::parameter(slot, scale, angle);
}

/// Operations of all kinds in a random order.
Circuit random_circuit(int qubits, int operations, bool slots, Random& random) {
  Circuit circuit(qubits);
  const auto all = gates();
  for (int k = 0; k < operations; ++k) {
    const auto& spec = *all[random.below(all.size())];
    std::vector<int> places(index(qubits));
    for (int q = 0; q < qubits; ++q) places[index(q)] = q;
    random.shuffle(std::span(places));
    const int width = spec.qubits > 0 ? spec.qubits : 1 + static_cast<int>(random.below(4));
    if (width > qubits) continue;
    places.resize(index(width));
    if (spec.qubits == 0) {
      std::string letters;
      for (int q = 0; q < width; ++q) letters += "XYZ"[random.below(3)];
      circuit.add_pauli_rotation(letters, places, random_angle(random, slots));
      continue;
    }
    std::vector<Angle> angles;
    for (int a = 0; a < spec.angles; ++a) angles.push_back(random_angle(random, slots));
    circuit.add(spec, places, angles);
  }
  return circuit;
}

std::vector<double> random_values(int count, Random& random) {
  std::vector<double> values;
  for (int k = 0; k < count; ++k) values.push_back(random.uniform(-pi, pi));
  return values;
}

/// Every operation is native, and stands where the device has it.
void expect_native(const Circuit& circuit, const Device& device) {
  EXPECT_EQ(circuit.qubits(), device.size());
  for (const auto& each : circuit.operations()) {
    if (!each.spec->gate()) continue;
    const auto stands = std::ranges::any_of(device.gates, [&](const DeviceGate& gate) {
      if (gate.spec != each.spec) return false;
      if (gate.qubits == each.qubits) return true;
      const bool symmetric = each.spec->name != "cx" && each.spec->name != "ecr";
      return symmetric && std::ranges::equal(gate.qubits.rbegin(), gate.qubits.rend(), each.qubits.begin(),
                                             each.qubits.end());
    });
    EXPECT_TRUE(stands) << each.spec->name << " on " << each.qubits[0] << " " << each.qubits.back();
  }
}

/// |overlap| of the state that the compiled circuit leaves, read where the final layout says, with the
/// circuit's own; 1 if they are the same.
double overlap(const Circuit& circuit, const Compiled& compiled, std::span<const double> features,
               std::span<const double> parameters) {
  const auto expected = dense_state(circuit, features, parameters);
  const auto small = compact(compiled.circuit, compiled.final_layout);
  const auto state = dense_state(small.circuit, features, parameters);
  Complex total = 0;
  for (std::size_t basis = 0; basis < expected.size(); ++basis) {
    std::size_t there = 0;
    for (int q = 0; q < circuit.qubits(); ++q) {
      const auto place =
          std::ranges::find(small.physical, compiled.final_layout[index(q)]) - small.physical.begin();
      there |= ((basis >> q) & 1) << place;
    }
    total += std::conj(expected[basis]) * state[there];
  }
  return std::abs(total);
}

void expect_same(const Circuit& circuit, const Device& device, std::uint64_t seed) {
  const auto compiled = compile(circuit, device, {.seed = seed});
  expect_native(compiled.circuit, device);
  Random random(seed);
  for (int draw = 0; draw < 2; ++draw) {
    const auto features = random_values(3, random), parameters = random_values(3, random);
    EXPECT_NEAR(overlap(circuit, compiled, features, parameters), 1, 1e-9) << seed;
  }
}

class EveryNativeSet : public testing::TestWithParam<NativeSet> {};
INSTANTIATE_TEST_SUITE_P(Compile, EveryNativeSet, testing::ValuesIn(native_sets),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(EveryNativeSet, MakesTheSameOfEveryOperation) {
  const auto device = example::device_of(3, example::line(3), GetParam().operations);
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    Random random(derive(seed, {1}));
    expect_same(random_circuit(3, 1 + static_cast<int>(seed), seed % 2 == 1, random), device, seed);
  }
}

TEST_P(EveryNativeSet, MakesTheSameOnEveryTopology) {
  const std::pair<int, example::Pairs> topologies[] = {
      {6, example::line(6)}, {6, example::ring(6)}, {8, example::grid(2, 4)}, {5, example::all(5)}};
  std::uint64_t seed = 0;
  for (const auto& [qubits, pairs] : topologies) {
    const auto device = example::device_of(qubits, pairs, GetParam().operations);
    for (const int width : {2, 5}) {
      Random random(derive(++seed, {2}));
      expect_same(random_circuit(width, 25, seed % 2 == 1, random), device, seed);
    }
  }
}

/// A device in the shape of IBM's: rows of qubits with bridges between them.
example::Pairs heavy_hex() {
  example::Pairs pairs;
  for (const int start : {0, 9, 18}) {
    for (int q = start; q < start + 6; ++q) pairs.emplace_back(q + 1, q);
  }
  for (const auto& [a, bridge, b] : {std::array{0, 7, 9}, {4, 8, 13}, {11, 16, 20}, {15, 17, 24}}) {
    pairs.emplace_back(a, bridge);
    pairs.emplace_back(bridge, b);
  }
  return pairs;
}

TEST(Compile, IsTheSameOnAnyNumberOfThreads) {
  const auto device = example::device_of(25, heavy_hex(), native_sets[0].operations);
  Random random(5);
  const auto circuit = random_circuit(8, 60, false, random);
  const auto one = compile(circuit, device, {.threads = 1}), three = compile(circuit, device, {.threads = 3});
  EXPECT_EQ(one.circuit, three.circuit);
  EXPECT_EQ(one.initial_layout, three.initial_layout);
  EXPECT_EQ(one.final_layout, three.final_layout);
}

/// What a circuit makes of a Pauli string that is measured after it, as strings before it with their weights.
using PauliSum = std::map<PauliString, double>;

PauliSum before(const Operation& operation, const PauliSum& after) {
  const auto matrix = dense_matrix(operation);
  const auto size = operation.qubits.size();
  PauliSum sum;
  for (const auto& [string, weight] : after) {
    std::string letters;
    for (const int q : operation.qubits) letters += string.letter(q);
    const auto turned = product(adjoint(matrix), product(pauli_matrix(letters), matrix));
    for (std::size_t k = 0; k < std::size_t{1} << (2 * size); ++k) {
      std::string other;
      for (std::size_t side = 0; side < size; ++side) other += "IXYZ"[k >> (2 * side) & 3];
      const auto product_of_both = product(pauli_matrix(other), turned);
      Complex trace = 0;
      for (std::size_t row = 0; row < product_of_both.rows(); ++row) trace += product_of_both(row, row);
      const double part = trace.real() / static_cast<double>(product_of_both.rows());
      if (std::abs(part) < 1e-9) continue;
      auto made = string;
      for (std::size_t side = 0; side < size; ++side) made.set(operation.qubits[side], other[side]);
      sum[made] += part * weight;
    }
  }
  std::erase_if(sum, [](const auto& term) { return std::abs(term.second) < 1e-9; });
  return sum;
}

PauliSum before(const Circuit& circuit, const PauliString& measured) {
  PauliSum sum{{measured, 1}};
  const auto operations = circuit.operations();
  for (auto k = operations.size(); k-- > 0;) sum = before(operations[k], sum);
  return sum;
}

TEST(Compile, MakesTheSameOfWideCliffordCircuits) {
  struct Wide {
    const char* two;
    int qubits;
    example::Pairs pairs;
  };
  const Wide devices[] = {{"cx", 25, heavy_hex()}, {"ecr", 25, heavy_hex()}, {"cz", 20, example::grid(4, 5)}};
  const std::string_view names[] = {"h",  "s",  "sdg",  "sx",    "x",   "y", "cx",
                                    "cz", "cy", "swap", "iswap", "ecr", "cx"};
  for (const auto& [two, qubits, pairs] : devices) {
    const auto device = example::device_of(qubits, pairs, {"rz", "sx", "x", two});
    Random random(derive(key_of(two), {index(qubits)}));
    constexpr int width = 14;
    Circuit circuit(width);
    for (int k = 0; k < 60; ++k) {
      const auto& spec = operation(names[random.below(std::size(names))]);
      const int a = static_cast<int>(random.below(width)), b = static_cast<int>(random.below(width - 1));
      circuit.add(spec, spec.qubits == 1 ? std::vector{a} : std::vector{a, b < a ? b : b + 1});
    }
    const auto compiled = compile(circuit, device);
    expect_native(compiled.circuit, device);
    for (const int q : {0, 7, 13}) {
      for (const char letter : {'X', 'Z'}) {
        PauliSum expected;
        for (const auto& [string, weight] : before(circuit, PauliString{{q, letter}}))
          expected[string.moved_to(compiled.initial_layout)] = weight;
        const auto found = before(compiled.circuit, PauliString{{compiled.final_layout[index(q)], letter}});
        ASSERT_EQ(found.size(), expected.size()) << two;
        for (const auto& [string, weight] : expected) EXPECT_NEAR(found.at(string), weight, 1e-8) << two;
      }
    }
  }
}

/// Probabilities of the classical bits and of the qubits at `places`, read at the end.
std::map<std::string, double> outcomes(const Circuit& circuit, std::span<const int> places) {
  struct Branch {
    std::vector<Complex> state;
    std::vector<bool> bits;
  };
  std::vector<Branch> branches{
      {std::vector<Complex>(std::size_t{1} << circuit.qubits()), std::vector<bool>(index(circuit.bits()))}};
  branches[0].state[0] = 1;
  for (const auto& each : circuit.operations()) {
    std::vector<Branch> next;
    for (auto& branch : branches) {
      const bool happens =
          std::ranges::all_of(each.conditions, [&](const Condition& c) { return c.holds(branch.bits); });
      const auto structure = each.spec->structure;
      if (!happens || each.spec->idle()) {
        next.push_back(std::move(branch));
      } else if (each.spec->classical()) {
        branch.bits[index(each.bits[0])] = structure == Structure::set;
        next.push_back(std::move(branch));
      } else if (each.spec->gate()) {
        branch.state = dense_apply(dense_matrix(each), each.qubits, branch.state);
        next.push_back(std::move(branch));
      } else {
        bool result = false;
        for (const auto& kraus : kraus_operators(*each.spec)) {
          Branch made{dense_apply(kraus, each.qubits, branch.state), branch.bits};
          if (structure == Structure::measure) made.bits[index(each.bits[0])] = result;
          result = true;
          double norm = 0;
          for (const auto& amplitude : made.state) norm += std::norm(amplitude);
          if (norm > 1e-12) next.push_back(std::move(made));
        }
      }
    }
    branches = std::move(next);
  }
  std::map<std::string, double> found;
  for (const auto& branch : branches) {
    for (std::size_t basis = 0; basis < branch.state.size(); ++basis) {
      std::string key;
      for (const bool bit : branch.bits) key += bit ? '1' : '0';
      for (const int q : places) key += (basis >> q & 1) != 0 ? '1' : '0';
      found[key] += std::norm(branch.state[basis]);
    }
  }
  return found;
}

Circuit random_program(int qubits, Random& random) {
  auto circuit = random_circuit(qubits, 6, false, random);
  circuit.add_bits("c", 2);
  circuit.add_bits("d", 1);
  const auto any = [&] { return static_cast<int>(random.below(index(qubits))); };
  const auto any_bit = [&] { return static_cast<int>(random.below(3)); };
  for (int k = 0; k < 4; ++k) {
    circuit.measure(any(), any_bit());
    if (random.below(3) == 0) circuit.reset(any());
    if (random.below(2) == 0) {
      Operation reset{&operation("reset"), {any()}, {}, {}};
      reset.conditions = {{{any_bit()}}};
      circuit.add(std::move(reset));
    }
    if (random.below(3) == 0) circuit.write(any_bit(), random.below(2) == 0);
    if (random.below(2) == 0) circuit.barrier({0, qubits - 1}).delay(any(), {100});
    const int a = any(), b = any();
    circuit.add_if({{any_bit()}}, "ry", {any()}, {random.uniform(-pi, pi)});
    if (a != b)
      circuit.add_if({{0, 1}, Condition::Relation::less, 2}, random.below(2) == 0 ? "swap" : "ch", {a, b});
    if (random.below(2) == 0) circuit.add_if({{2}}, "ccx", {0, 1, 2});
    circuit.append(random_circuit(qubits, 4, false, random));
  }
  for (int q = 0; q < qubits; ++q) circuit.add("u", {q}, {0.3 + q, 0.1, 0.7});
  return circuit;
}

TEST_P(EveryNativeSet, KeepsMeasurementsResetsAndConditions) {
  const auto device = example::device_of(5, example::line(5), GetParam().operations);
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    Random random(derive(seed, {3}));
    const auto circuit = random_program(3, random);
    const auto compiled = compile(circuit, device, {.seed = seed});
    expect_native(compiled.circuit, device);
    EXPECT_TRUE(std::ranges::equal(compiled.circuit.registers(), circuit.registers()));
    const auto expected = outcomes(circuit, std::vector{0, 1, 2});
    const auto found = outcomes(compiled.circuit, compiled.final_layout);
    for (const auto& [key, probability] : expected) {
      const auto there = found.find(key);
      EXPECT_NEAR(there == found.end() ? 0 : there->second, probability, 1e-8) << seed << ": " << key;
    }
  }
}

TEST(Compile, WritesNoRotationThatNothingSees) {
  const auto device = example::device_of(2, example::line(2), {"rz", "sx", "x", "cz"});
  Circuit circuit(2);
  circuit.add_bits("c", 2);
  circuit.add("h", {0}).add("rz", {0}, {0.3}).add("cx", {0, 1}).measure(0, 0).measure(1, 1);
  const auto compiled = compile(circuit, device, {});
  EXPECT_EQ(compiled.circuit.operations().back().spec->name, "measure");
}

TEST(Compile, StartsWhereItIsTold) {
  const auto device = example::device_of(6, example::ring(6), {"rz", "sx", "x", "ecr"});
  Random random(4);
  const auto circuit = random_circuit(3, 20, false, random);
  const auto compiled = compile(circuit, device, {.initial_layout = std::vector{5, 2, 0}});
  EXPECT_THAT(compiled.initial_layout, testing::ElementsAre(5, 2, 0));
  EXPECT_NEAR(overlap(circuit, compiled, {}, {}), 1, 1e-9);
}

// What is compiled moves to the best pairs at the end, so a search from many places must not care for the
// errors of the pairs where it happens to look: circuits get about as short as where all pairs are alike.
TEST(Compile, IsAboutAsShortWherePairsDifferAsWhereTheyAreAlike) {
  auto uneven = example::device_of(40, example::grid(5, 8), {"rz", "sx", "x", "cz"}), even = uneven;
  Random errors(3);
  for (auto& gate : uneven.gates)
    if (gate.qubits.size() == 2) gate.error = std::pow(10, errors.uniform(-3, -1));
  for (auto& gate : even.gates)
    if (gate.qubits.size() == 2) gate.error = 0.01;
  double depth = 0, depth_of_even = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Random random(seed);
    constexpr int width = 9;
    Circuit circuit(width);
    for (int layer = 0; layer < 3; ++layer) {
      const auto order = random.permutation(width);
      for (std::size_t k = 0; k + 1 < width; k += 2)
        for (const auto* turn : {"rxx", "ryy", "rzz"})
          circuit.add(turn, {static_cast<int>(order[k]), static_cast<int>(order[k + 1])},
                      {random.uniform(0.1, 1.4)});
    }
    depth += static_cast<double>(resources(compile(circuit, uneven), uneven).two_qubit_depth);
    depth_of_even += static_cast<double>(resources(compile(circuit, even), even).two_qubit_depth);
  }
  EXPECT_LT(depth, 1.15 * depth_of_even);  // 1.22 if it does care
}

TEST(Compile, IsDecidedByTheSeedAlone) {
  const auto device = example::device_of(25, heavy_hex(), {"rz", "sx", "x", "ecr"});
  Random random(5);
  const auto circuit = random_circuit(12, 60, true, random);
  const auto first = compile(circuit, device, {.seed = 3}), again = compile(circuit, device, {.seed = 3});
  EXPECT_EQ(first.circuit, again.circuit);
  EXPECT_EQ(first.initial_layout, again.initial_layout);
  EXPECT_EQ(first.final_layout, again.final_layout);
}

TEST(Compile, SwapsOfTheCircuitCostNothing) {
  const auto device = example::device_of(3, example::line(3), {"rz", "sx", "x", "cx"});
  Circuit circuit(3);
  circuit.add("h", {0}).add("cx", {0, 1}).add("swap", {0, 2}).add("swap", {1, 2});
  const auto compiled = compile(circuit, device);
  EXPECT_EQ(compiled.circuit.cost().two_qubit, 1);
  EXPECT_NEAR(overlap(circuit, compiled, {}, {}), 1, 1e-9);
}

long two_qubit(const Circuit& circuit, const std::vector<std::string_view>& native) {
  const int qubits = circuit.qubits();
  return compile(circuit, example::device_of(qubits, example::line(qubits), native)).circuit.cost().two_qubit;
}

TEST(Compile, TakesAsFewEntanglersAsTheGateNeeds) {
  const std::vector<std::string_view> cx = {"rz", "sx", "x", "cx"}, heron = {"rz", "sx", "x", "cz", "rzz"};
  const auto x0 = Angle::feature(0);
  EXPECT_EQ(two_qubit(Circuit(2).add("rzz", {0, 1}, {x0}), cx), 2);
  EXPECT_EQ(two_qubit(Circuit(2).add("rzz", {0, 1}, {x0}), heron), 2);
  EXPECT_EQ(two_qubit(Circuit(2).add("crx", {0, 1}, {x0}), cx), 2);
  EXPECT_EQ(two_qubit(Circuit(2).add("cp", {0, 1}, {x0}), heron), 2);
  EXPECT_EQ(two_qubit(Circuit(2).add("cx", {0, 1}).add("rz", {1}, {x0}).add("cx", {0, 1}), heron), 2);
  EXPECT_EQ(two_qubit(Circuit(2).add("cx", {0, 1}).add("rz", {0}, {x0}).add("cx", {0, 1}), cx), 0);
  EXPECT_EQ(two_qubit(Circuit(2).add("cx", {0, 1}).add("rx", {1}, {x0}).add("cx", {0, 1}), cx), 0);
  EXPECT_EQ(two_qubit(Circuit(3).add("cx", {0, 1}).add("cx", {2, 1}).add("cx", {0, 1}), cx), 1);
  // cx commutes with a rotation about ZX.
  EXPECT_EQ(two_qubit(Circuit(2).add("cx", {0, 1}).add("rzx", {0, 1}, {x0}).add("cx", {0, 1}), cx), 2);
  Random random(6);
  EXPECT_LE(two_qubit(random_circuit(2, 40, false, random), cx), 3);
}

TEST(Compile, UsesBothDirectionsWhereTheDeviceHasThem) {
  example::Pairs pairs = example::line(3);
  for (const auto& [a, b] : example::line(3)) pairs.emplace_back(b, a);
  const auto device = example::device_of(3, pairs, {"rz", "sx", "x", "cx"});
  Circuit circuit(3);
  circuit.add("cx", {1, 0}).add("cx", {1, 2});
  const auto compiled = compile(circuit, device, {.initial_layout = std::vector{0, 1, 2}});
  EXPECT_EQ(compiled.circuit.cost().one_qubit, 0) << to_qasm(compiled.circuit);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Random random(derive(seed, {7}));
    expect_same(random_circuit(3, 20, true, random), device, seed);
  }
}

long one_qubit(const Circuit& circuit, const Device& device) {
  return without_frames(compile(circuit, device).circuit, device).cost().one_qubit;
}

// RY is a rotation about Z between quarter turns, which pass through the target of cx and meet: 2 of 4 are
// left.
TEST(Compile, SparesPulsesByRotationsThatPassThroughEntanglers) {
  const auto device = example::device_of(3, {{0, 1}, {2, 1}}, {"rz", "sx", "x", "cx"});
  Circuit circuit(3);
  circuit.add("ry", {1}, {0.3}).add("cx", {0, 1}).add("ry", {1}, {0.4}).add("cx", {2, 1});
  EXPECT_EQ(one_qubit(circuit, device), 2);
  EXPECT_NEAR(overlap(circuit, compile(circuit, device), {}, {}), 1, 1e-9);
}

TEST(Compile, KeepsNothingBetweenGatesInOppositeDirections) {
  const auto device = example::device_of(2, {{0, 1}, {1, 0}}, {"rz", "sx", "x", "cx"});
  EXPECT_EQ(one_qubit(Circuit(2).add("cx", {0, 1}).add("cx", {1, 0}), device), 0);
  EXPECT_EQ(one_qubit(Circuit(2).add("cx", {1, 0}).add("cx", {0, 1}), device), 0);
}

// IBM's fractional rzz takes 0 to pi/2: an angle that is open until the circuit runs may be any other.
TEST(Compile, AsksHeronForNoRotationBeyondAQuarterTurn) {
  const auto heron = qupel::device("ibm-marrakesh");
  Random random(3);
  for (int k = 0; k < 20; ++k) {
    Circuit circuit(3);
    circuit.add("rzz", {0, 1}, {Angle(random.uniform(-7, 7))}).add("rx", {1}, {Angle(0.3)});
    circuit.add("rzz", {1, 2}, {Angle::parameter(0)}).add("rx", {1}, {Angle(0.2)});
    circuit.add("cp", {1, 2}, {Angle(random.uniform(-7, 7))});
    long rotations = 0;
    const auto compiled = compile(circuit, heron);
    for (const auto& each : compiled.circuit.operations()) {
      if (each.spec->name != "rzz") continue;
      ++rotations;
      EXPECT_EQ(each.angles[0].scale, 0);
      EXPECT_GE(each.angles[0].offset, 0);
      EXPECT_LE(each.angles[0].offset, pi / 2 + 1e-12);
    }
    EXPECT_GT(rotations, 0);
    expect_same(circuit, heron, 3);
  }
}

TEST(Compile, SaysWhatCannotBe) {
  const std::vector<std::string_view> cx = {"rz", "sx", "x", "cx"};
  const auto message = [](const Circuit& circuit, const Device& device,
                          const CompileOptions& options = {}) -> std::string {
    try {
      compile(circuit, device, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  const auto line = example::device_of(4, example::line(4), cx);
  EXPECT_EQ(message(Circuit(5), line), "a circuit of 5 qubits is wider than device \"example\", which has 4");
  auto broken = line;
  broken.qubits[1].live = false;
  EXPECT_EQ(message(Circuit(3), broken),
            "a circuit of 3 qubits is wider than the largest connected part of device \"example\": 2 live "
            "qubits of 4");
  EXPECT_EQ(message(Circuit(2), broken), "no error");
  EXPECT_THAT(message(Circuit(2), example::device_of(2, example::line(2), {"rz", "x", "cx"})),
              HasSubstr("makes rz, x, cx: not every gate on one qubit"));
  EXPECT_EQ(message(Circuit(2), line, {.initial_layout = std::vector{0}}),
            "the initial layout [0] names 1 qubits; the circuit has 2");
  EXPECT_EQ(message(Circuit(2), line, {.initial_layout = std::vector{0, 4}}),
            "the initial layout [0, 4] names qubit 4; device \"example\" has qubits 0 to 3");
  EXPECT_EQ(message(Circuit(2), line, {.initial_layout = std::vector{3, 3}}),
            "the initial layout [3, 3] names qubit 3 twice");
  EXPECT_EQ(message(Circuit(2), broken, {.initial_layout = std::vector{0, 3}}),
            "the initial layout [0, 3] names qubits 0 and 3, between which there is no way");
  EXPECT_EQ(message(Circuit(2), broken, {.initial_layout = std::vector{0, 1}}),
            "the initial layout [0, 1] names qubit 1, which does not work");
}

TEST(Compact, KeepsQubitsInUseAndThoseAskedFor) {
  Circuit circuit(6);
  circuit.add_bits("c", 1);
  circuit.add("cx", {4, 1}).barrier({0, 1, 5}).measure(4, 0).barrier({0, 2});
  const auto small = compact(circuit, {3});
  EXPECT_THAT(small.physical, testing::ElementsAre(1, 3, 4));
  Circuit expected(3);
  expected.add_bits("c", 1);
  expected.add("cx", {2, 0}).barrier({0}).measure(2, 0);
  EXPECT_EQ(small.circuit, expected);
}

}  // namespace
}  // namespace qupel
