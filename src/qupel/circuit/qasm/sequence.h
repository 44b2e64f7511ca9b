#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/qasm/source.h"

// Lists of operations whose global phase counts, because a control makes it a relative one.
namespace qupel::qasm {

/// How many operations may still be made, and the statement that makes them.
struct Budget {
  std::size_t most = 0, used = 0;
  Location at;
  /// @throws InputError when more than `most` are used
  void spend(std::size_t operations = 1);
};

/// Operations in order. An Operation without a spec is a global phase: exp(i angles[0]), on no qubits.
class Sequence {
 public:
  explicit Sequence(Budget& budget) : budget_(&budget) {}

  void add(Operation operation);
  void add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles = {});
  void add_phase(const Angle& angle);
  void append(const Sequence& other);

  std::span<const Operation> operations() const { return operations_; }
  std::span<Operation> operations() { return operations_; }
  Budget& budget() const { return *budget_; }
  void clear() { operations_.clear(); }

 private:
  Budget* budget_;
  std::vector<Operation> operations_;
};

/// Gates of one part on its own qubits, by name: shared by all calls.
using NamedGates = std::map<std::string, std::shared_ptr<const CompositeGate>>;

/// Makes operations the parts of one gate, unless they are one operation of that name. Global phases are no
/// parts. @param qubits of the gate
void join(std::span<Operation> operations, const std::string& name, const std::vector<int>& qubits,
          NamedGates& known);
/// Makes each operation a gate of its own.
void take_apart(std::span<Operation> operations);

/// The angle times a number.
Angle times(const Angle& angle, double factor);

Sequence inverse(const Sequence& sequence);

/// The sequence as V W V^-1: how many operations V has, as far as the last ones are seen to undo the first.
/// Powers and controls of the whole need be taken of W only.
std::size_t conjugated_by(std::span<const Operation> sequence);

}  // namespace qupel::qasm
