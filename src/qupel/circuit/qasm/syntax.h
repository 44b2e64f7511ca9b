#pragma once
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "qupel/circuit/qasm/value.h"

// The syntax tree. Texts point into the source, which outlives it.
namespace qupel::qasm {

struct Expression {
  enum class Kind {
    value,          ///< a literal
    large_integer,  ///< text: a decimal literal that no Value holds; only bits can be compared with it
    name,           ///< text: a variable, constant, register or qubit
    unary,          ///< text: the operator
    binary,         ///< text: the operator
    call,           ///< text: the function
    cast,           ///< type; an optional second part is its width
    index,          ///< first part: what; the others: which
    range,          ///< start, step, end; a part that is not written is of kind `none`
    set,
    concatenation,
    bits,  ///< `listed`: bits of the circuit that a subroutine returned
    none
  };
  Kind kind = Kind::none;
  Location at;
  std::string_view text = {};
  Value value = {};
  Type::Kind type = Type::Kind::real;
  std::vector<Expression> parts = {};
  std::vector<int> listed = {};
  int depth = 1;  ///< levels below, this one included
};

/// A condition that always holds: of blocks on their own.
inline Expression always(Location at) {
  return {.kind = Expression::Kind::value, .at = at, .value = Value::of(true)};
}

struct TypeName {
  enum class Kind { classical, qubit };
  Kind kind = Kind::classical;
  Type::Kind classical = Type::Kind::real;
  std::optional<Expression> width = {};  ///< the size of a register
};

struct Modifier {
  enum class Kind { inverse, power, control, negative_control };
  Kind kind = Kind::inverse;
  Location at;
  std::optional<Expression> argument = {};  ///< power, or number of controls
};

struct Gate;
struct Statement;
using Block = std::vector<Statement>;

struct GateCall {
  std::vector<Modifier> modifiers;
  std::string_view name;
  std::vector<Expression> angles, operands;
  const Gate* gate = nullptr;  ///< found when the gate is defined that the call is in
};
struct GateDefinition {
  std::string_view name;
  std::vector<std::string_view> angles, qubits;
  Block body;
  bool opaque = false;  ///< what it does is not said
};
/// A declaration of what this reader has not: an error only where the name is used.
struct Unsupported {
  std::string_view name, keyword, reason;
};
struct Pragma {
  std::string_view text;  ///< what follows the word "pragma" in its line
};
struct Declaration {
  TypeName type;
  std::string_view name;
  bool constant = false, input = false;
  std::optional<Expression> initial = {};
  bool measured = false;  ///< `initial` is what is measured
};
struct ArrayType {
  TypeName element;
  std::vector<Expression> dimensions;
  std::optional<Expression> rank = {};  ///< of a parameter: their number, where it does not say their sizes
};
struct ArrayDeclaration {
  ArrayType type;
  std::string_view name;
  bool constant = false;
  std::optional<Expression> initial = {};  ///< nested sets, or an array
};
struct Assignment {
  Expression target;
  std::string_view operator_;  ///< "=", "+=", ...
  Expression value;
};
struct Measurement {
  Expression qubits;
  std::optional<Expression> bits;
};
struct Alias {
  std::string_view name;
  Expression value;
};
struct For {
  std::optional<TypeName> type;
  std::string_view name;
  Expression values;
  Block body;
};
struct While {
  Expression condition;
  Block body;
};
/// The first branch runs whose condition holds.
struct If {
  struct Branch {
    Expression condition;
    Block body;
  };
  std::vector<Branch> branches;
  Block otherwise;
};
struct Switch {
  struct Case {
    std::vector<Expression> values;
    Block body;
  };
  Expression subject;
  std::vector<Case> cases;
  Block otherwise;
};
/// What leaves a block before its end.
struct Jump {
  enum class Kind { next_round, out_of_loop, out_of_subroutine, end_of_program };
  Kind kind = Kind::end_of_program;
  std::optional<Expression> value = {};  ///< returned
  bool measured = false;                 ///< `value` is what is measured
};
/// The definition of a subroutine, from its name on: it is parsed when it is called first, so that what is
/// not supported in it matters to those who call it only.
struct SubroutineText {
  std::string_view name;
  std::size_t begin = 0, end = 0;
};
struct Subroutine {
  struct Parameter {
    TypeName type;
    std::string_view name;
    std::optional<ArrayType> array = {};  ///< instead of `type`
    bool changes = false;                 ///< what is done to it is done to the array that is given
  };
  std::vector<Parameter> parameters;
  std::optional<TypeName> result;
  Block body;
};
struct Reset {
  Expression qubits;
};
struct Barrier {
  std::vector<Expression> operands;
};
struct Delay {
  Duration duration;
  std::vector<Expression> operands;
};
struct Include {
  std::string_view file;
};

struct Statement {
  Location at;
  std::variant<GateCall, GateDefinition, Declaration, ArrayDeclaration, Assignment, Measurement, Alias, For,
               While, If, Switch, Jump, Reset, Barrier, Delay, Include, Pragma, SubroutineText, Unsupported>
      what;
};

}  // namespace qupel::qasm
