#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "qupel/circuit/qasm/nesting.h"
#include "qupel/circuit/qasm/parser.h"

// Declarations, assignments and calls of gates.
namespace qupel::qasm {
namespace {

constexpr std::string_view types[] = {"const", "input", "output", "qubit", "bit",  "bool",
                                      "int",   "uint",  "float",  "angle", "array"};
constexpr std::string_view assignments[] = {
    "=", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "**=", "<<=", ">>="};

}  // namespace

bool Parser::starts_declaration() const {
  return token_.kind == Token::Kind::name && std::ranges::find(types, token_.text) != std::end(types);
}

TypeName Parser::type_name() {
  const auto token = take();
  TypeName type;
  if (token.text == "qubit") {
    type.kind = TypeName::Kind::qubit;
  } else if (token.text == "bit") {
    type.classical = Type::Kind::bits;
  } else if (token.text == "bool") {
    type.classical = Type::Kind::boolean;
  } else if (token.text == "int") {
    type.classical = Type::Kind::integer;
  } else if (token.text == "uint") {
    type.classical = Type::Kind::unsigned_integer;
  } else if (token.text == "angle") {
    type.classical = Type::Kind::angle;
  } else if (token.text != "float") {
    fail(token.at, fmt::format("a type expected, not \"{}\"", token.text));
  }
  if (accept("[")) {
    type.width = expression();
    expect("]", "a type's width");
  }
  return type;
}

Statement Parser::declaration(Location at) {
  Declaration made;
  made.constant = accept("const");
  if (!made.constant) made.input = accept("input");
  if (!made.constant && !made.input) accept("output");
  if (token_.kind != Token::Kind::name) unexpected("a type");
  if (auto skipped = not_supported(at)) return std::move(*skipped);
  if (is("array")) {
    if (made.input) fail(token_.at, "arrays are no inputs");
    return {at, array_declaration(made.constant)};
  }
  made.type = type_name();
  made.name = name("a name").text;
  if (accept("=")) {
    made.measured = accept("measure");
    made.initial = made.measured ? postfix() : expression();
  }
  end_statement();
  return {at, std::move(made)};
}

// "array[int[8], 2, 3]", and of a parameter "array[int[8], #dim = 2]".
ArrayType Parser::array_type() {
  expect("array", "");
  expect("[", "array");
  ArrayType type{type_name(), {}};
  if (type.element.kind == TypeName::Kind::qubit || type.element.classical == Type::Kind::bits)
    fail(token_.at, "arrays hold numbers and truths; bits and qubits stand in registers");
  expect(",", "the type of an array's elements");
  if (accept("#")) {
    expect("dim", "#");
    expect("=", "#dim");
    type.rank = expression();
  } else {
    do type.dimensions.push_back(expression());
    while (accept(",") && !is("]"));
  }
  expect("]", "an array's sizes");
  return type;
}

ArrayDeclaration Parser::array_declaration(bool constant) {
  ArrayDeclaration made{array_type(), name("a name").text, constant};
  if (made.type.rank) fail(made.type.rank->at, "only parameters of subroutines leave an array's sizes open");
  if (accept("=")) made.initial = array_value();
  end_statement();
  return made;
}

Expression Parser::array_value() {
  const Nesting nesting(depth_, token_.at);
  if (!is("{")) return expression();
  const auto at = take().at;
  std::vector<Expression> parts;
  while (!is("}")) {
    parts.push_back(array_value());
    if (!accept(",")) break;
  }
  expect("}", "an array's elements");
  return node(Expression::Kind::set, at, {}, std::move(parts));
}

Declaration Parser::register_declaration() {
  auto [type, name] = register_name();
  end_statement();
  return {.type = std::move(type), .name = name};
}

// "qreg q[2]", "creg c": the size stands behind the name.
std::pair<TypeName, std::string_view> Parser::register_name() {
  TypeName type;
  type.kind = take().text == "qreg" ? TypeName::Kind::qubit : TypeName::Kind::classical;
  type.classical = Type::Kind::bits;
  const auto called = name("a register's name").text;
  if (accept("[")) {
    type.width = expression();
    expect("]", "a register's size");
  }
  return {std::move(type), called};
}

Statement Parser::call_or_assignment(Location at) {
  auto made = names_a_gate() ? std::vector<Modifier>{} : modifiers();
  const auto first = name("a gate");
  if (made.empty() && (is("[") || std::ranges::find(assignments, token_.text) != std::end(assignments))) {
    return assignment(at, indexed(node(Expression::Kind::name, first.at, first.text, {})));
  }
  return {at, gate_call(std::move(made), first.text)};
}

Statement Parser::assignment(Location at, Expression target) {
  if (std::ranges::find(assignments, token_.text) == std::end(assignments)) unexpected("\"=\"");
  const auto operator_ = take();
  if (operator_.text == "=" && accept("measure")) {
    Measurement made{postfix(), std::move(target)};
    end_statement();
    return {at, std::move(made)};
  }
  Assignment made{std::move(target), operator_.text, expression()};
  end_statement();
  return {at, std::move(made)};
}

std::vector<Modifier> Parser::modifiers() {
  std::vector<Modifier> all;
  for (;;) {
    Modifier next{Modifier::Kind::inverse, token_.at, std::nullopt};
    if (is("ctrl")) {
      next.kind = Modifier::Kind::control;
    } else if (is("negctrl")) {
      next.kind = Modifier::Kind::negative_control;
    } else if (is("pow")) {
      next.kind = Modifier::Kind::power;
    } else if (!is("inv")) {
      return all;
    }
    const auto keyword = take();
    if (next.kind == Modifier::Kind::power && !is("(")) unexpected("the power in parentheses");
    if (next.kind != Modifier::Kind::inverse && accept("(")) {
      next.argument = expression();
      expect(")", "a modifier's argument");
    }
    expect("@", keyword.text);
    all.push_back(std::move(next));
  }
}

GateCall Parser::gate_call(std::vector<Modifier> before, std::string_view gate) {
  GateCall call;
  call.modifiers = std::move(before);
  call.name = gate;
  if (accept("(")) call.angles = list(")");
  if (is("[")) fail(token_.at, "a duration of a gate: timing is not supported");
  call.operands = operands();
  end_statement();
  return call;
}

std::vector<Expression> Parser::operands() {
  std::vector<Expression> all;
  if (is(";")) return all;
  do all.push_back(postfix());
  while (accept(",") && !is(";"));
  return all;
}

Delay Parser::delay() {
  expect("[", "delay");
  Delay made{duration(), {}};
  expect("]", "a duration");
  made.operands = operands();
  end_statement();
  return made;
}

Duration Parser::duration() {
  if (token_.kind != Token::Kind::duration)
    unexpected("a duration, a number with one of the units ns, us, ms, s and dt,");
  const auto token = take();
  const auto unit = token.text.find_first_not_of("0123456789_.eE+-");
  std::string number(token.text.substr(0, unit));
  std::erase(number, '_');
  Duration made;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), made.length);
  if (error != std::errc{} || end != number.data() + number.size())
    fail(token.at, fmt::format("{} is beyond the range of a real number", number));
  const auto name = token.text.substr(unit);
  made.unit = name == "ns"   ? Duration::Unit::ns
              : name == "ms" ? Duration::Unit::ms
              : name == "s"  ? Duration::Unit::s
              : name == "dt" ? Duration::Unit::dt
                             : Duration::Unit::us;
  return made;
}

}  // namespace qupel::qasm
