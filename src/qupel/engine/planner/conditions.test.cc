#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/engine/engine.h"

namespace qupel {
namespace {

// Written as OpenQASM and read again, a condition holds for the same bits. @return how many were written
int expect_same_conditions(const std::vector<int>& bits, std::uint64_t assignment) {
  int written = 0;
  for (int relation = 0; relation < 6; ++relation)
    for (std::uint64_t value = 0; value < 8; ++value) {
      const Condition condition{bits, static_cast<Condition::Relation>(relation), value};
      Circuit circuit(4);
      circuit.add_bits("c", 3);
      circuit.add_bits("d", 1);
      std::vector<bool> values(4);
      for (int q = 0; q < 3; ++q) {
        values[static_cast<std::size_t>(q)] = ((assignment >> q) & 1) != 0;
        if (values[static_cast<std::size_t>(q)]) circuit.add("x", {q});
        circuit.measure(q, q);
      }
      Operation flip{&operation("x"), {3}, {}, {}};
      flip.conditions = {condition};
      circuit.add(flip).measure(3, 3);
      std::string text;
      try {
        text = to_qasm(circuit);
      } catch (const InputError&) {
        continue;  // OpenQASM has no such condition
      }
      ++written;
      const auto counts = run({.circuit = read_qasm(text, "text").circuit, .shots = 1}).bit_counts;
      const char flipped = counts.begin()->first[counts.begin()->first.size() - 4];
      EXPECT_EQ(flipped == '1', condition.holds(values)) << text;
    }
  return written;
}

TEST(Conditions, AreWrittenAsTheyAre) {
  int written = 0;
  for (const auto& bits : std::vector<std::vector<int>>{{0}, {2}, {0, 1}, {2, 0}, {0, 1, 2}})
    for (std::uint64_t assignment = 0; assignment < 8; ++assignment)
      written += expect_same_conditions(bits, assignment);
  EXPECT_GT(written, 500);
}

}  // namespace
}  // namespace qupel
