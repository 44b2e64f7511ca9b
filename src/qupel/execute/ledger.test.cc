#include "qupel/execute/ledger.h"

#include <gtest/gtest.h>

#include <thread>

namespace qupel {
namespace {

CircuitCost cost(int qubits, long one_qubit, long two_qubit, long depth) {
  CircuitCost cost;
  cost.qubits = qubits;
  cost.one_qubit = one_qubit;
  cost.two_qubit = two_qubit;
  cost.depth = depth;
  return cost;
}

void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

TEST(Ledger, CountsCircuitsShotsAndGates) {
  Ledger ledger;
  ledger.add_circuits(cost(3, 5, 2, 4), 10, 100);
  ledger.add_circuits(cost(2, 1, 0, 9), 1, 0);
  ledger.add_circuits(cost(50, 1, 1, 99), 0, 100);
  EXPECT_EQ(ledger.circuits, 11);
  EXPECT_EQ(ledger.shots, 1000);
  EXPECT_EQ(ledger.one_qubit_gates, 51);
  EXPECT_EQ(ledger.two_qubit_gates, 20);
  EXPECT_EQ(ledger.depth, 9);
  EXPECT_EQ(ledger.qubits, 3);
}

TEST(Ledger, AddsUp) {
  Ledger a, b;
  a.add_circuits(cost(3, 5, 2, 4), 10, 100);
  a.seconds[Stage::execute] = 1;
  b.add_circuits(cost(4, 1, 1, 2), 5, 0);
  b.gradients = 5;
  a.hardware_circuits = 7;
  b.hardware_circuits = 70;
  b.seconds[Stage::execute] = 2;
  b.seconds[Stage::tune] = 3;
  a += b;
  EXPECT_EQ(a.circuits, 15);
  EXPECT_EQ(a.gradients, 5);
  EXPECT_EQ(a.hardware_circuits, 77);
  EXPECT_EQ(a.depth, 4);
  EXPECT_EQ(a.qubits, 4);
  EXPECT_EQ(a.seconds[Stage::execute], 3);
  EXPECT_EQ(a.seconds[Stage::tune], 3);
}

TEST(StageTimer, ChargesTheInnermostStageOnly) {
  Ledger ledger;
  const auto start = std::chrono::steady_clock::now();
  {
    const StageTimer optimise(&ledger, Stage::optimise);
    wait();
    {
      const StageTimer execute(&ledger, Stage::execute);
      wait();
    }
    const StageTimer nothing(nullptr, Stage::tune);
    wait();
  }
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_GE(ledger.seconds[Stage::execute], 0.005);
  EXPECT_GE(ledger.seconds[Stage::optimise], 0.010);
  EXPECT_EQ(ledger.seconds.count(Stage::tune), 0u);
  EXPECT_LE(ledger.seconds[Stage::execute] + ledger.seconds[Stage::optimise], passed);
}

TEST(StageTimer, ChargesNestedLedgersApart) {
  Ledger outer, inner;
  const auto start = std::chrono::steady_clock::now();
  {
    const StageTimer tune(&outer, Stage::tune);
    const StageTimer execute(&inner, Stage::execute);
    wait();
  }
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_GE(inner.seconds[Stage::execute], 0.005);
  EXPECT_LE(outer.seconds[Stage::tune] + inner.seconds[Stage::execute], passed);
}

TEST(Stage, HasAName) {
  EXPECT_EQ(to_string(Stage::encode), "encode");
  EXPECT_EQ(to_string(Stage::execute), "execute");
  EXPECT_EQ(to_string(Stage::optimise), "optimise");
  EXPECT_EQ(to_string(Stage::classical), "classical");
  EXPECT_EQ(to_string(Stage::tune), "tune");
  EXPECT_EQ(to_string(Stage::compile), "compile");
  EXPECT_EQ(to_string(Stage::queue), "queue");
  EXPECT_EQ(to_string(Stage::mitigate), "mitigate");
}

TEST(Ledger, AddsWhatBackendsCharge) {
  Ledger one, other;
  one.circuits = 30, one.mitigation_circuits = 20, one.device_seconds = 1.5, one.money = 0.25;
  other.circuits = 10, other.device_seconds = 2, other.money = 1;
  EXPECT_EQ(one.mitigation_factor(), 3);
  EXPECT_EQ(Ledger().mitigation_factor(), 1);
  one += other;
  EXPECT_EQ(one.mitigation_factor(), 2);
  EXPECT_EQ(one.device_seconds, 3.5);
  EXPECT_EQ(one.money, 1.25);
}

}  // namespace
}  // namespace qupel
