#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/parser.h"

// Statements that hold others, and what leaves them: loops, choices, subroutines, gates.
namespace qupel::qasm {

For Parser::for_loop() {
  expect("for", "");
  For loop;
  if (starts_declaration()) loop.type = type_name();
  loop.name = name("a loop variable").text;
  expect("in", "the loop variable");
  if (is("{")) {
    loop.values = set();
  } else if (accept("[")) {
    loop.values = index_part();
    expect("]", "a range");
    if (loop.values.kind != Expression::Kind::range)
      fail(loop.values.at, "a range is [first:last] or [first:step:last]");
  } else if (token_.kind == Token::Kind::name) {
    loop.values = postfix();
  } else {
    fail(token_.at, "a loop runs over a range [first:last], a set {a, b, ...} of constants, or an array");
  }
  loop.body = block();
  return loop;
}

If Parser::if_statement() {
  If made;
  expect("if", "");
  do {
    expect("(", "if");
    If::Branch branch{expression(), {}};
    expect(")", "a condition");
    branch.body = block();
    made.branches.push_back(std::move(branch));
    if (!accept("else")) return made;
  } while (accept("if"));
  made.otherwise = block();
  return made;
}

// A block on its own.
If Parser::plain_block(Location at) {
  If made;
  made.branches.push_back({always(at), block()});
  return made;
}

// Labels may be stacked, as in Qiskit's first draft: "case 1: case 2: { ... } break;".
Switch Parser::switch_statement() {
  expect("switch", "");
  expect("(", "switch");
  Switch made{expression(), {}, {}};
  expect(")", "what is switched on");
  expect("{", "switch");
  while (!accept("}")) {
    if (accept("default")) {
      made.otherwise = case_block(accept(":"));
      expect("}", "the default, which is the last case");
      break;
    }
    Switch::Case next;
    bool first_draft = false;
    do {
      expect("case", "switch");
      do next.values.push_back(expression());
      while (accept(",") && !is("{"));
      first_draft = accept(":");
    } while (first_draft && is("case"));
    next.body = case_block(first_draft);
    made.cases.push_back(std::move(next));
  }
  return made;
}

// "{ ... }", or, as the language was drafted first and Qiskit writes it where asked to, ": { ... } break;".
Block Parser::case_block(bool first_draft) {
  if (!is("{")) unexpected("\"{\"");
  auto body = block();
  if (first_draft && accept("break")) end_statement();
  return body;
}

Jump Parser::jump(Jump::Kind kind) {
  Jump made{.kind = kind};
  if (kind == Jump::Kind::out_of_subroutine && !is(";")) {
    made.measured = accept("measure");
    made.value = made.measured ? postfix() : expression();
  }
  end_statement();
  return made;
}

SubroutineText Parser::subroutine_text() {
  take();
  const auto called = name("a subroutine's name");
  lexer_.skip_block(token_);
  token_ = lexer_.next();
  return {called.text, called.at.offset, token_.at.offset};
}

Subroutine Parser::subroutine_in(const Source& source, const SubroutineText& text, Version version,
                                 IsGate is_gate) {
  Parser parser(Lexer(source, text.begin, text.end));
  parser.version_ = version;
  parser.is_gate_ = std::move(is_gate);
  parser.take();
  Subroutine made;
  parser.expect("(", "a subroutine's name");
  while (!parser.is(")")) {
    made.parameters.push_back(parser.parameter());
    if (!parser.accept(",")) break;
  }
  parser.expect(")", "the parameters");
  if (parser.accept("->")) made.result = parser.type_name();
  if (!parser.is("{")) parser.unexpected("\"{\"");
  made.body = parser.block();
  return made;
}

Subroutine::Parameter Parser::parameter() {
  if (is("readonly") || is("mutable")) {
    const bool changes = take().text == "mutable";
    auto type = array_type();
    return {{}, name("a parameter's name").text, std::move(type), changes};
  }
  if (is("array")) unexpected("readonly or mutable before an array");
  if (!is("qreg") && !is("creg")) {
    auto type = type_name();
    return {std::move(type), name("a parameter's name").text};
  }
  auto [type, called] = register_name();
  return {std::move(type), called};
}

GateDefinition Parser::gate_header() {
  take();
  GateDefinition made;
  made.name = name("a gate's name").text;
  if (accept("(")) {
    if (!is(")")) made.angles = names("a parameter's name");
    expect(")", "the parameters");
  }
  made.qubits = names("a qubit's name");
  return made;
}

GateDefinition Parser::gate_definition() {
  auto made = gate_header();
  if (!is("{")) unexpected("\"{\"");
  made.body = block();
  return made;
}

GateDefinition Parser::opaque_gate() {
  auto made = gate_header();
  made.opaque = true;
  end_statement();
  return made;
}

}  // namespace qupel::qasm
