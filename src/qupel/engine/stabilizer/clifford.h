#pragma once
#include <map>
#include <optional>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/pauli_string.h"

namespace qupel::stabilizer {

/// A Clifford gate G on its own qubits 0, 1, ...: what G^-1 X_k G and G^-1 Z_k G are, all of them Pauli
/// operators.
struct Clifford {
  std::vector<PauliWord> x, z;
};

/// Angles within so much of a Clifford gate's count as it: what rounding pi/2 to a number costs, and no more,
/// as many small rotations add up.
inline constexpr double clifford_tolerance = 1e-15;

/// Finds out whether gates are Clifford gates, from their matrices; remembers what it found.
class CliffordGates {
 public:
  /// Null for a gate that is none. The gate's angles are numbers.
  const Clifford* find(const Operation& gate);

 private:
  struct Key {
    const OpSpec* spec;
    std::string pauli;
    std::vector<double> angles;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  std::map<Key, std::optional<Clifford>> found_;
};

}  // namespace qupel::stabilizer
