#include "qupel/device/device.h"

#include <gmock/gmock.h>

#include <ctime>
#include <set>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/device/one_qubit_reach.h"

namespace qupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<std::string> native_names(const Device& device) {
  std::vector<std::string> names;
  for (const auto& native : device.native) names.emplace_back(native.spec->name);
  return names;
}

std::string name_refusal(const std::string& name) {
  try {
    static_cast<void>(device(name));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// shared/references/nisq.md's table; Pauli errors (Google) as average infidelities.
struct Published {
  const char* name;
  int qubits;
  std::size_t edges;  // dead ones, too
  double t1, t2, one_qubit, two_qubit, readout, one_time, two_time, readout_time;
};
constexpr double none = 0;
constexpr double pauli1 = 2.0 / 3, pauli2 = 4.0 / 5;
constexpr Published table[] = {
    {"ibm-washington", 127, 142, 98.6, 89.8, 2.8e-4, 1.12e-2, .0147, .036, .455, .864},
    {"ibm-sherbrooke", 127, 144, 278, 170, 2.36e-4, 7.50e-3, .0198, .057, .533, 1.216},
    {"ibm-kyiv", 127, 144, 287, 118, 2.52e-4, 1.15e-2, .0127, .050, .562, 1.244},
    {"ibm-torino", 133, 150, 185, 141, 2.71e-4, 4.08e-3, .0230, .032, .068, 1.560},
    {"ibm-marrakesh", 156, 176, 197, 118, 2.30e-4, 3.23e-3, .0095, .036, .068, 2.584},
    {"ibm-boston", 156, 176, 292, 353, 1.44e-4, 1.27e-3, .0051, .032, .068, 2.200},
    // The table's two-qubit error and time are those of the Sycamore gate; the root of iswap has 2.12e-2, 32
    // ns.
    {"google-weber", 53, 86, 15.2, none, 2.4e-3 * pauli1, 2.12e-2 * pauli2, .032, .025, .032, 4},
    {"google-willow", 105, 182, 70.2, none, 4.0e-4 * pauli1, 3.4e-3 * pauli2, .0072, .025, .042, .6},
    {"rigetti-cepheus-1", 107, 193, 26.0, 10.7, 1.6e-3, 1.16e-2, .041, none, none, none},
    {"iqm-garnet", 20, 30, 43.7, 8.7, 1.0e-3, 8.6e-3, .027, none, none, none},
    {"ionq-aria", 25, 300, 1e7, 1e6, 5e-4, 4e-3, .0039, 135, 600, none}};

TEST(Device, BuiltInOnesHaveThePublishedMedians) {
  for (const auto& row : table) {
    const auto found = device(row.name);
    const auto all = medians(found);
    const auto expect = [&](double value, double published, const char* what) {
      if (published == none) return;
      EXPECT_NEAR(value, published, 0.02 * published) << row.name << ' ' << what;
    };
    EXPECT_EQ(found.size(), row.qubits) << row.name;
    expect(all.t1, row.t1, "t1");
    expect(all.t2, row.t2, "t2");
    expect(all.one_qubit_error, row.one_qubit, "one-qubit error");
    expect(all.two_qubit_error, row.two_qubit, "two-qubit error");
    expect(all.readout_error, row.readout, "readout error");
    expect(all.one_qubit_time, row.one_time, "one-qubit time");
    expect(all.two_qubit_time, row.two_time, "two-qubit time");
    expect(all.readout_time, row.readout_time, "readout time");
  }
}

TEST(Device, BuiltInOnesHaveThePublishedPairs) {
  for (const auto& row : table) {
    const auto found = device(row.name);
    EXPECT_EQ(found.edges().size() + found.dead_edges.size(), row.edges) << row.name;
    EXPECT_LE(found.dead_edges.size(), 13u) << row.name;
  }
  EXPECT_EQ(device("ibm-sherbrooke").dead_edges.size(), 9u);
}

TEST(Device, BuiltInOnesHaveTheirNativeOperations) {
  EXPECT_THAT(native_names(device("ibm-washington")), ElementsAre("rz", "sx", "x", "cx"));
  EXPECT_THAT(native_names(device("ibm-sherbrooke")), ElementsAre("rz", "sx", "x", "ecr"));
  EXPECT_THAT(native_names(device("ibm-torino")), ElementsAre("rz", "sx", "x", "cz"));
  EXPECT_THAT(native_names(device("ibm-boston")), ElementsAre("rz", "sx", "x", "cz", "rzz"));
  EXPECT_THAT(native_names(device("google-weber")), ElementsAre("rz", "prx", "sqrt_iswap"));
  EXPECT_THAT(native_names(device("ionq-aria")), ElementsAre("rz", "gpi", "gpi2", "ms"));
}

TEST(Device, BuiltInFilesAreInOrder) {
  EXPECT_EQ(device_names().size(), std::size(table));
  for (const auto& name : device_names()) {
    const auto found = device(name);
    EXPECT_EQ(found.name, name);
    EXPECT_GT(age_in_days(found, "2030-01-01"), 0) << name;
    EXPECT_LT(embedded_file("device/data/" + name + ".json").size(), 60'000u) << name;
    EXPECT_FALSE(found.source.empty()) << name;
    const auto text = to_json(found);
    EXPECT_EQ(to_json(device_from_json(text, name)), text);
    EXPECT_EQ(to_json(validated(found)), text) << name << ": validated twice";
  }
}

/// The numbers of Sherbrooke that nisq.md compares with Aer.
TEST(Device, KeepsCalibrationsToTheBit) {
  const auto found = device("ibm_Sherbrooke");  // spelled as anybody likes
  const auto* sx = found.gate(operation("sx"), std::vector{3});
  ASSERT_NE(sx, nullptr);
  EXPECT_NEAR(sx->duration, 0.056889, 1e-6);
  EXPECT_NEAR(found.qubits[3].t1, 328.775, 1e-3);
  EXPECT_NEAR(found.qubits[3].t2, 333.428, 1e-3);
  EXPECT_EQ(found.qubits[0].zero_for_one, 0.00634765625);
  EXPECT_EQ(found.qubits[0].one_for_zero, 0.01611328125);
  EXPECT_NE(found.gate(operation("ecr"), std::vector{1, 0}), nullptr);
  EXPECT_EQ(found.gate(operation("ecr"), std::vector{0, 1}), nullptr) << "ecr runs in one direction";
  EXPECT_EQ(found.repetition_delay, 250);
  EXPECT_EQ(found.prices.at(0).plan, "pay-as-you-go");
}

TEST(Device, SymmetricOperationsRunInBothOrders) {
  EXPECT_TRUE(symmetric(operation("cz")));
  EXPECT_TRUE(symmetric(operation("rzz")));
  EXPECT_TRUE(symmetric(operation("sqrt_iswap")));
  EXPECT_FALSE(symmetric(operation("cx")));
  EXPECT_FALSE(symmetric(operation("ecr")));
  EXPECT_FALSE(symmetric(operation("ms"))) << "each phase is one qubit's";
  EXPECT_FALSE(symmetric(operation("sx")));
  const auto line = device("line(3)");
  EXPECT_EQ(line.gate(operation("cz"), std::vector{1, 0}), line.gate(operation("cz"), std::vector{0, 1}));
  EXPECT_EQ(line.gate(operation("cz"), std::vector{0, 2}), nullptr);
}

TEST(Device, LoadsQuickly) {
  static_cast<void>(device("ibm-washington"));  // tables of operations are made once
  const auto start = std::clock();
  static_cast<void>(device("ibm-washington"));
  RecordProperty("milliseconds", static_cast<int>(1000 * (std::clock() - start) / CLOCKS_PER_SEC));
}

TEST(Device, HeavyHexIsIbms) {
  for (const auto& [name, generic, edges] :
       {std::tuple{"ibm-washington", "heavy-hex(127)", 144}, std::tuple{"ibm-torino", "heavy-hex(133)", 150},
        std::tuple{"ibm-boston", "heavy-hex(156)", 176}}) {
    const auto made = device(generic).edges();
    EXPECT_EQ(made.size(), static_cast<std::size_t>(edges)) << generic;
    const std::set<std::pair<int, int>> all(made.begin(), made.end());
    for (const auto& edge : device(name).edges())
      EXPECT_TRUE(all.contains(edge)) << edge.first << ' ' << edge.second;
  }
}

TEST(Device, GenericOnes) {
  EXPECT_EQ(device("line(5)").edges().size(), 4u);
  EXPECT_EQ(device("ring(8)").edges().size(), 8u);
  EXPECT_EQ(device("ring(2)").edges().size(), 1u);
  EXPECT_EQ(device("grid(3x4)").edges().size(), 17u);
  EXPECT_EQ(device("heavy-hex(3x9)").size(), 27 + 3 + 2);
  EXPECT_EQ(device("all-to-all(11)").edges().size(), 55u);
  EXPECT_EQ(device("line(1)").size(), 1);
  const auto grid =
      device("grid( 3x3 , two-qubit = 0.01,one-qubit=0.001, readout=0.02, t1=100, t2=80, gate=ecr)");
  const auto all = medians(grid);
  EXPECT_EQ(all.two_qubit_error, 0.01);
  EXPECT_EQ(all.one_qubit_error, 0.001);
  EXPECT_EQ(all.readout_error, 0.02);
  EXPECT_EQ(all.t1, 100);
  EXPECT_EQ(all.t2, 80);
  EXPECT_NE(grid.gate(operation("ecr"), std::vector{1, 0}), nullptr) << "in both directions";
  EXPECT_EQ(medians(device("line(4, t1=100)")).t2, 200);
}

TEST(Device, NamesThatAreNone) {
  EXPECT_THAT(name_refusal("ibm-sherbroke"), HasSubstr("did you mean \"ibm-sherbrooke\"?"));
  EXPECT_THAT(name_refusal("nowhere.json"), HasSubstr("no device file"));
  EXPECT_THAT(name_refusal("lime(5)"), HasSubstr("did you mean \"line\"?"));
  EXPECT_THAT(name_refusal("line(0)"), HasSubstr("\"0\" is not a whole number of qubits from 1 to 10000"));
  EXPECT_THAT(name_refusal("line()"), HasSubstr("\"\" is not a whole number"));
  EXPECT_THAT(name_refusal("line(99999)"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(name_refusal("grid(9)"), HasSubstr("ROWSxCOLUMNS"));
  EXPECT_THAT(name_refusal("grid(500x500)"), HasSubstr("more than 10000 qubits"));
  EXPECT_THAT(name_refusal("heavy-hex(100)"), HasSubstr("127, 133 or 156"));
  EXPECT_THAT(name_refusal("line(5, two-qbit=0.1)"), HasSubstr("did you mean \"two-qubit\"?"));
  EXPECT_THAT(name_refusal("line(5, two-qubit=1.5)"), HasSubstr("\"1.5\" is not an error from 0 to 1"));
  EXPECT_THAT(name_refusal("line(5, t1=-3)"), HasSubstr("\"-3\" is not a time"));
  EXPECT_THAT(name_refusal("line(5, t1=0)"), HasSubstr("t1 = 0 us is not above 0"));
  EXPECT_THAT(name_refusal("line(5, t1=1, t1=2)"), HasSubstr("t1 stands twice"));
  EXPECT_THAT(name_refusal("line(5, gate=cy)"), HasSubstr("a gate of generic devices"));
}

TEST(Device, Age) {
  auto old = device("line(2)");
  old.date = "2026-01-31";
  EXPECT_EQ(age_in_days(old, "2026-03-01"), 29);
  EXPECT_EQ(age_in_days(old, "2026-01-30"), -1);
  EXPECT_THROW(age_in_days(old, "2026-02-30"), InputError);
  old.date = "";
  EXPECT_THROW(age_in_days(old, "2026-03-01"), InputError);
}

bool reach_any(const std::vector<std::string>& names) {
  std::vector<const OpSpec*> specs;
  for (const auto& name : names) specs.push_back(&operation(name));
  return make_any_one_qubit_gate(specs);
}

TEST(Device, WhichOperationsMakeAnyOneQubitGate) {
  EXPECT_TRUE(reach_any({"rz", "sx"}));
  EXPECT_TRUE(reach_any({"rx", "rz"}));
  EXPECT_TRUE(reach_any({"u"}));
  EXPECT_TRUE(reach_any({"prx"}));
  EXPECT_TRUE(reach_any({"gpi2"}));
  EXPECT_TRUE(reach_any({"p", "h"}));
  EXPECT_FALSE(reach_any({"rz", "x"})) << "diagonal and antidiagonal ones";
  EXPECT_FALSE(reach_any({"gpi", "rz"}));
  EXPECT_FALSE(reach_any({"rx"}));
  EXPECT_FALSE(reach_any({"h", "s"})) << "Clifford gates";
  EXPECT_FALSE(reach_any({}));
}

}  // namespace
}  // namespace qupel
