#pragma once
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "qupel/circuit/qasm/syntax.h"
#include "qupel/circuit/qasm_reader.h"

namespace qupel::qasm {

/// A gate that circuits may call: an operation of the registry, a global phase, or a definition.
struct Gate {
  std::string_view name;
  std::size_t angles = 0, qubits = 0;
  const OpSpec* operation = nullptr;  ///< null for a definition and for the global phase
  std::vector<std::string_view> angle_names = {}, qubit_names = {};
  Block body = {};
  bool defined = true;    ///< by `body`
  bool standard = false;  ///< of the registry or of the files that are built in
  bool opaque = false;    ///< declared, not defined

  bool global_phase() const { return operation == nullptr && !defined; }
};

/// The gates in scope. Definitions keep pointers to the gates that they call, so that a later definition of
/// the same name as a standard gate does not change them. Knows the language's own U, CX and gphase.
class GateTable {
 public:
  using Index = std::unordered_map<std::string_view, const Gate*>;

  /// @param native names of operations of the registry, which definitions of these names stand for
  explicit GateTable(GateNames native = {}) : native_(std::move(native)) {}

  /// Files that are built in: stdgates.inc, qelib1.inc, and those that pytket includes.
  static std::span<const std::string_view> standard_files();
  /// Adds the gates of such a file, which definitions may replace; false: it is none.
  bool include_standard(std::string_view file);
  /// An opaque gate that the included files define is theirs.
  /// @throws InputError for a name that is defined already (in version 2 also for the gates that its paper
  /// puts into qelib1.inc), or a body that calls unknown gates or does what only circuits do
  void define(GateDefinition definition, Version version, Location at);
  /// @throws InputError at `at` for an unknown name
  const Gate& find(std::string_view name, Location at) const;
  bool defines(std::string_view name) const { return own_.contains(name); }
  /// Whether no gate has the called name, but it is a known gate's after "mc", or "c" and a number: mcx, c5x.
  bool controls_by_name(const GateCall& call) const;
  /// The same call with its controls as a modifier.
  GateCall with_controls(const GateCall& call, Location at) const;
  /// Of the gates that were defined, sorted.
  std::vector<std::string> own_names() const;
  /// Of the files that are built in, and of Amazon Braket, sorted.
  static std::vector<std::string_view> standard_names();

 private:
  struct Library;  ///< what is built in
  static const Library& library();
  const Gate* known(std::string_view name) const;
  void resolve(Block& body, const Gate& gate) const;
  void resolve(Statement& statement, const Gate& gate) const;
  void resolve(GateCall& call, const Gate& gate, Location at) const;
  Index define_all(std::string_view definitions, const Index& below);
  /// Makes a gate of a native name the operation. @throws InputError if it has other qubits or angles
  void make_native(Gate& gate, Location at) const;

  GateNames native_;

  const Index* included_ = nullptr;
  bool standard_ = false;                 ///< what is defined is standard
  std::unique_ptr<const Source> source_;  ///< of what is built in
  std::deque<Gate> gates_;
  Index own_;
};

}  // namespace qupel::qasm
