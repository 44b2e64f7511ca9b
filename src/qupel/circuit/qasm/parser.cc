#include "qupel/circuit/qasm/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/circuit/qasm/nesting.h"

namespace qupel::qasm {
namespace {

constexpr std::string_view external = "what is extern is not defined here, so it cannot be called";
// Declarations that are read over, and refused where their name is used, and why.
struct Refusal {
  std::string_view keyword, reason;
};
constexpr Refusal unsupported_variables[] = {
    {"duration", "timing other than delay is not supported"},
    {"stretch", "timing other than delay is not supported"},
    {"complex", "complex numbers are not supported"},
};

std::string shown(const Token& token) {
  if (token.kind == Token::Kind::end) return "the end of the text";
  return in_quotes(token.text);
}

}  // namespace

Parser::Parser(const Source& source, Version otherwise, IsGate is_gate)
    : lexer_(source), token_(lexer_.next()), version_(otherwise), is_gate_(std::move(is_gate)) {
  version_line();
}

Token Parser::take() {
  const auto taken = token_;
  token_ = lexer_.next();
  return taken;
}

bool Parser::is(std::string_view text) const {
  return (token_.kind == Token::Kind::symbol || token_.kind == Token::Kind::name) && token_.text == text;
}

bool Parser::accept(std::string_view text) {
  if (!is(text)) return false;
  token_ = lexer_.next();
  return true;
}

Token Parser::expect(std::string_view text, std::string_view after) {
  if (is(text)) return take();
  fail(token_.at, fmt::format("\"{}\" expected after {}, not {}", text, after, shown(token_)));
}

Token Parser::name(std::string_view what) {
  if (token_.kind == Token::Kind::name) return take();
  fail(token_.at, fmt::format("{} expected, not {}", what, shown(token_)));
}

void Parser::unexpected(std::string_view wanted) const {
  fail(token_.at, fmt::format("{} expected, not {}", wanted, shown(token_)));
}

void Parser::end_statement() {
  if (is("[")) fail(token_.at, "an index does not belong here");
  expect(";", "a statement");
}

void Parser::version_line() {
  while (skip_annotation() || starts_pragma()) {
    if (const auto at = token_.at; starts_pragma()) before_version_.push_back({at, pragma()});
  }
  if (!is("OPENQASM")) return;
  take();
  const auto number = take();
  if (number.text == "2" || number.text.starts_with("2.")) {
    version_ = Version::two;
  } else if (number.text == "3" || number.text.starts_with("3.")) {
    version_ = Version::three;
  } else {
    fail(number.at, fmt::format("OpenQASM {} is not supported: versions are 2.0 and 3.x", shown(number)));
  }
  expect(";", "the version");
}

// Annotations say nothing about the unitary.
bool Parser::skip_annotation() {
  if (!is("@")) return false;
  lexer_.skip_line(token_);
  token_ = lexer_.next();
  return true;
}

bool Parser::starts_pragma() const { return is("#") || (is("pragma") && !names_a_gate()); }

Pragma Parser::pragma() {
  constexpr std::string_view word = "pragma";
  auto line = lexer_.skip_line(token_);
  const auto start = line.find(word);
  if (start == line.npos || start > line.find_first_not_of("# \t")) unexpected("\"pragma\" after \"#\"");
  line.remove_prefix(start + word.size());
  token_ = lexer_.next();
  return {line};
}

bool Parser::names_a_gate() const {
  return version_ == Version::two && token_.kind == Token::Kind::name && is_gate_(token_.text);
}

std::optional<Statement> Parser::next() {
  if (!before_version_.empty()) {
    auto first = std::move(before_version_.front());
    before_version_.pop_front();
    return first;
  }
  while (skip_annotation() || accept(";")) {
  }
  if (token_.kind == Token::Kind::end) return std::nullopt;
  return statement();
}

Block Parser::block() {
  Block body;
  if (!accept("{")) {
    while (skip_annotation()) {
    }
    body.push_back(statement());
    return body;
  }
  while (!is("}")) {
    if (skip_annotation() || accept(";")) continue;
    if (token_.kind == Token::Kind::end) expect("}", "a block");
    body.push_back(statement());
  }
  take();
  return body;
}

Statement Parser::statement() {
  const Nesting nesting(depth_, token_.at);
  const auto at = token_.at;
  if (starts_pragma()) return {at, pragma()};
  if (is("{")) return {at, plain_block(at)};
  if (token_.kind != Token::Kind::name) unexpected("a statement");
  if (names_a_gate()) return call_or_assignment(at);
  if (auto skipped = not_supported(at)) return std::move(*skipped);
  if (starts_declaration()) return declaration(at);
  return keyword(at);
}

// What is read over: calibrations, what is defined elsewhere, and variables of other types than numbers and
// bits.
std::optional<Statement> Parser::not_supported(Location at) {
  if (accept("cal") || accept("defcal")) {
    lexer_.skip_block(token_);
    token_ = lexer_.next();
    return Statement{at, Unsupported{}};
  }
  if (is("extern") || is("defcalgrammar")) {
    const auto keyword = take();
    const auto what = token_.kind == Token::Kind::string ? take() : name("a name");
    lexer_.skip_statement(token_);
    token_ = lexer_.next();
    if (keyword.text == "defcalgrammar") return Statement{at, Unsupported{}};
    return Statement{at, Unsupported{what.text, keyword.text, external}};
  }
  for (const auto& [keyword, reason] : unsupported_variables)
    if (is(keyword)) return Statement{at, unsupported_variable(keyword, reason)};
  return std::nullopt;
}

Unsupported Parser::unsupported_variable(std::string_view keyword, std::string_view reason) {
  take();
  if (is("[")) {
    int open = 0;
    do {
      if (token_.kind == Token::Kind::end) expect("]", "a type");
      open += is("[") ? 1 : is("]") ? -1 : 0;
      take();
    } while (open > 0);
  }
  const auto variable = name("a name");
  lexer_.skip_statement(token_);
  token_ = lexer_.next();
  return {variable.text, keyword, reason};
}

Statement Parser::keyword(Location at) {
  if (is("gate")) return {at, gate_definition()};
  if (is("opaque")) return {at, opaque_gate()};
  if (accept("box")) {
    if (is("[")) fail(token_.at, "the duration of a box: timing is not supported");
    return {at, plain_block(at)};
  }
  if (is("qreg") || is("creg")) return {at, register_declaration()};
  if (is("measure")) return {at, measurement()};
  if (is("for")) return {at, for_loop()};
  if (is("if")) return {at, if_statement()};
  if (is("switch")) return {at, switch_statement()};
  if (is("def")) return {at, subroutine_text()};
  if (accept("while")) {
    expect("(", "while");
    While loop{expression(), {}};
    expect(")", "a condition");
    loop.body = block();
    return {at, std::move(loop)};
  }
  if (accept("continue")) return {at, jump(Jump::Kind::next_round)};
  if (accept("break")) return {at, jump(Jump::Kind::out_of_loop)};
  if (accept("end")) return {at, jump(Jump::Kind::end_of_program)};
  if (accept("return")) return {at, jump(Jump::Kind::out_of_subroutine)};
  if (accept("OPENQASM")) fail(at, "the version stands on the first line only");
  if (accept("include")) {
    if (token_.kind != Token::Kind::string) unexpected("a file name in quotes");
    const Include include{take().text};
    end_statement();
    return {at, include};
  }
  if (accept("reset")) {
    Reset reset{postfix()};
    end_statement();
    return {at, std::move(reset)};
  }
  if (accept("barrier")) {
    Barrier barrier{operands()};
    end_statement();
    return {at, std::move(barrier)};
  }
  if (accept("delay")) return {at, delay()};
  if (accept("let")) {
    Alias alias{name("a name").text, {}};
    expect("=", "the name of an alias");
    alias.value = alias_value();
    end_statement();
    return {at, std::move(alias)};
  }
  return call_or_assignment(at);
}

Measurement Parser::measurement() {
  expect("measure", "");
  Measurement made{postfix(), std::nullopt};
  if (accept("->")) made.bits = postfix();
  end_statement();
  return made;
}

std::vector<Expression> Parser::operands_in(const Source& source, std::size_t begin, std::size_t end) {
  Parser parser(Lexer(source, begin, end));
  auto all = parser.operands();
  if (parser.token_.kind != Token::Kind::end) parser.unexpected("the end of the line");
  return all;
}

std::vector<std::string_view> Parser::names(std::string_view what) {
  std::vector<std::string_view> all;
  do {
    const auto token = name(what);
    if (std::ranges::find(all, token.text) != all.end()) {
      fail(token.at, fmt::format("\"{}\" is named twice", token.text));
    }
    all.push_back(token.text);
  } while (accept(",") && token_.kind == Token::Kind::name);
  return all;
}

}  // namespace qupel::qasm
