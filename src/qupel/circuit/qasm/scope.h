#pragma once
#include <string_view>
#include <unordered_map>
#include <vector>

#include "qupel/circuit/qasm/syntax.h"

namespace qupel::qasm {

/// Some qubits in order: a register, a part of registers, or a single one.
struct Qubits {
  int first = 0, count = 1;
  std::vector<int> listed = {};  ///< instead of first and count, if not empty
  bool single = true;

  int size() const { return listed.empty() ? count : static_cast<int>(listed.size()); }
  int operator[](int k) const { return listed.empty() ? first + k : listed[static_cast<std::size_t>(k)]; }
};

/// A classical bit of the circuit, as far as it is known while the text is read.
struct KnownBit {
  bool measured = false;  ///< it is known only when the circuit runs
  bool value = false;
};

/// What a name stands for.
struct Symbol {
  enum class Kind { variable, array, qubits, bits, unsupported };
  Kind kind = Kind::variable;
  bool constant = false;
  bool unset = false;  ///< a variable without a value yet
  Type type = {};
  Value value = {};
  Qubits qubits = {};
  std::vector<int> dimensions = {};  ///< of an array
  std::vector<Value> elements = {};  ///< the last index runs fastest
  std::vector<int> bits = {};        ///< of a classical register or an alias, the lowest first
  std::string_view reason = {};      ///< why what is declared is not supported
};

/// Names in scope: global ones, and a stack of local ones. Definitions of gates and subroutines see their
/// own, global constants and physical qubits only.
class Scope {
 public:
  void declare(std::string_view name, Symbol symbol, Location at);  ///< @throws InputError if it is taken
  void push(std::string_view name, Symbol symbol) { locals_.emplace_back(name, std::move(symbol)); }
  const Symbol* find(std::string_view name) const;
  Symbol* find(std::string_view name);

  std::size_t depth() const { return locals_.size(); }
  void drop_to(std::size_t depth) { locals_.resize(depth); }
  /// Hides what is below the `visible` topmost locals; returns what leave_definition() takes.
  std::size_t enter_definition(std::size_t visible);
  void leave_definition(std::size_t before) { base_ = before; }
  bool in_definition() const { return base_ != 0; }

  /// Whether `symbol` is a local one, pushed when there were `depth` already.
  bool is_newer(const Symbol* symbol, std::size_t depth) const;

  std::vector<KnownBit> bits;  ///< of all registers

 private:
  std::unordered_map<std::string_view, Symbol> globals_;
  std::vector<std::pair<std::string_view, Symbol>> locals_;
  std::size_t base_ = 0;  ///< 1 + the first local that is visible inside a gate
};

}  // namespace qupel::qasm
