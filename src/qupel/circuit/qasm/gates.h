#pragma once
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "qupel/circuit/qasm/syntax.h"

namespace qupel::qasm {

/// A gate that circuits may call: an operation of the registry, a global phase, or a definition.
struct Gate {
  std::string_view name;
  std::size_t angles = 0, qubits = 0;
  const OpSpec* operation = nullptr;  ///< null for a definition and for the global phase
  std::vector<std::string_view> angle_names = {}, qubit_names = {};
  Block body = {};
  bool defined = true;    ///< by `body`
  bool standard = false;  ///< of the registry or of the files qelib1.inc and stdgates.inc
};

/// The gates in scope. Definitions keep pointers to the gates that they call, so that a later definition of
/// the same name as a standard gate does not change them. Knows the language's own U, CX and gphase.
class GateTable {
 public:
  using Index = std::unordered_map<std::string_view, const Gate*>;

  /// Adds the gates of stdgates.inc and qelib1.inc, which definitions may replace.
  void include_standard();
  /// @throws InputError for a name that is defined already, or a body that calls unknown gates or does what
  /// only circuits do
  void define(GateDefinition definition, Location at);
  /// @throws InputError at `at` for an unknown name
  const Gate& find(std::string_view name, Location at) const;
  bool defines(std::string_view name) const { return own_.contains(name); }
  /// Of the files that programs include, sorted.
  static std::vector<std::string_view> standard_names();

 private:
  static const Index& standard();
  void resolve(Block& body, const Gate& gate) const;
  void resolve(Statement& statement, const Gate& gate) const;
  void resolve(GateCall& call, const Gate& gate, Location at) const;

  const Index* included_ = nullptr;
  bool standard_ = false;  ///< what is defined is standard
  std::deque<Gate> gates_;
  Index own_;
};

}  // namespace qupel::qasm
