#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <numbers>

#include "qupel/base/text.h"
#include "qupel/circuit/qasm/nesting.h"
#include "qupel/circuit/qasm/parser.h"

namespace qupel::qasm {
namespace {

using ExpressionKind = Expression::Kind;

constexpr int most_levels = 500;

// Binding strength, weakest first; 0: not a binary operator.
int strength(std::string_view operator_, Version version) {
  static constexpr std::pair<std::string_view, int> strengths[] = {
      {"||", 1}, {"&&", 2}, {"|", 3},  {"^", 4},  {"&", 5}, {"==", 6}, {"!=", 6}, {"<", 7},  {">", 7},
      {"<=", 7}, {">=", 7}, {"<<", 8}, {">>", 8}, {"+", 9}, {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};
  if (std::string_view(",;:()[]{}").find(operator_[0]) != std::string_view::npos) return 0;
  if (operator_ == "^" && version == Version::two) return 0;  // a power there
  for (const auto& [text, value] : strengths) {
    if (text == operator_) return value;
  }
  return 0;
}

std::string without_underscores(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  return digits;
}

// Nothing for a decimal one that is too large.
std::optional<Value> integer_literal(const Token& token) {
  const auto digits = without_underscores(token.text);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char letter = static_cast<char>(digits[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : letter == 'o' ? 8 : 10;
  }
  const std::size_t start = base == 10 ? 0 : 2;
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data() + start, digits.data() + digits.size(), value, base);
  if (error == std::errc::result_out_of_range) {
    if (base == 10 && end == digits.data() + digits.size()) return std::nullopt;
    fail(token.at, "the integer is too large");
  }
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    fail(token.at, fmt::format("\"{}\" is not an integer", token.text));
  }
  return Value::of(value);
}

Value real_literal(const Token& token) {
  const auto digits = without_underscores(token.text);
  const auto value = parse_double(digits);
  if (!value || std::isinf(*value))
    fail(token.at, fmt::format("{} is beyond the range of a real number", token.text));
  return Value::of(*value);
}

Value bit_literal(const Token& token) {
  Value value{Type::Kind::bits};
  for (const char c : token.text) {
    if (c == '_') continue;
    if (c != '0' && c != '1') fail(token.at, "a bit string is made of 0 and 1");
    if (++value.width > most_value_bits)
      fail(token.at, fmt::format("bit strings of more than {} bits are not supported", most_value_bits));
    value.integer = 2 * value.integer + (c - '0');
  }
  return value;
}

std::optional<Type::Kind> cast_type(std::string_view name) {
  if (name == "int") return Type::Kind::integer;
  if (name == "uint") return Type::Kind::unsigned_integer;
  if (name == "float") return Type::Kind::real;
  if (name == "angle") return Type::Kind::angle;
  if (name == "bool") return Type::Kind::boolean;
  if (name == "bit") return Type::Kind::bits;
  return std::nullopt;
}

}  // namespace

Expression Parser::node(ExpressionKind kind, Location at, std::string_view text,
                        std::vector<Expression> parts) const {
  Expression made{kind, at, text};
  made.parts = std::move(parts);
  for (const auto& part : made.parts) made.depth = std::max(made.depth, part.depth + 1);
  if (made.depth > most_levels) fail(at, fmt::format("an expression of more than {} levels", most_levels));
  return made;
}

Expression Parser::expression() { return binary(1); }

Expression Parser::binary(int lowest) {
  const Nesting nesting(depth_, token_.at);
  auto left = prefix();
  for (;;) {
    const int binds = token_.kind == Token::Kind::symbol ? strength(token_.text, version()) : 0;
    if (binds == 0 || binds < lowest) return left;
    const auto operator_ = take();
    std::vector<Expression> parts;
    parts.push_back(std::move(left));
    parts.push_back(binary(binds + 1));
    left = node(ExpressionKind::binary, operator_.at, operator_.text, std::move(parts));
  }
}

Expression Parser::prefix() {
  if (!is("-") && !is("!") && !is("~") && !is("+")) return operand_of_power();
  const Nesting nesting(depth_, token_.at);
  const auto operator_ = take();
  if (operator_.text == "+") return prefix();
  std::vector<Expression> parts;
  parts.push_back(prefix());
  return node(ExpressionKind::unary, operator_.at, operator_.text, std::move(parts));
}

Expression Parser::operand_of_power() {
  auto base = postfix();
  if (!is("**") && !(is("^") && version() == Version::two)) return base;
  const Nesting nesting(depth_, token_.at);
  const auto operator_ = take();
  std::vector<Expression> parts;
  parts.push_back(std::move(base));
  parts.push_back(prefix());  // from the right: 2**-3**2 is 2**(-(3**2))
  return node(ExpressionKind::binary, operator_.at, operator_.text, std::move(parts));
}

Expression Parser::postfix() { return indexed(primary()); }

Expression Parser::indexed(Expression what) {
  while (is("[")) {
    const auto bracket = take();
    std::vector<Expression> parts;
    parts.reserve(2);
    parts.push_back(std::move(what));
    do parts.push_back(index_part());
    while (accept(",") && !is("]"));
    expect("]", "an index");
    what = node(ExpressionKind::index, bracket.at, {}, std::move(parts));
  }
  return what;
}

Expression Parser::index_part() {
  if (is("{")) return set();
  const auto at = token_.at;
  Expression start, step, end;
  if (!is(":")) start = expression();
  if (!accept(":")) return start;
  if (!is(":") && !is("]")) end = expression();
  if (accept(":")) {
    step = std::move(end);
    end = is("]") ? Expression{} : expression();
  }
  std::vector<Expression> parts;
  parts.push_back(std::move(start));
  parts.push_back(std::move(step));
  parts.push_back(std::move(end));
  return node(ExpressionKind::range, at, {}, std::move(parts));
}

Expression Parser::set() {
  const auto at = expect("{", "").at;
  return node(ExpressionKind::set, at, {}, list("}"));
}

// The expressions up to `end`, which is taken.
std::vector<Expression> Parser::list(std::string_view end) {
  std::vector<Expression> parts;
  while (!is(end)) {
    parts.push_back(expression());
    if (!accept(",")) break;
  }
  expect(end, "a list");
  return parts;
}

Expression Parser::primary() {
  switch (token_.kind) {
    case Token::Kind::integer: {
      const auto token = take();
      const auto value = integer_literal(token);
      Expression made{value ? ExpressionKind::value : ExpressionKind::large_integer, token.at, token.text};
      if (value) made.value = *value;
      return made;
    }
    case Token::Kind::real:
    case Token::Kind::string: {
      const auto token = take();
      Expression made{ExpressionKind::value, token.at, token.text};
      made.value = token.kind == Token::Kind::real ? real_literal(token) : bit_literal(token);
      return made;
    }
    case Token::Kind::imaginary:
      fail(token_.at, "an imaginary number: complex numbers are not supported");
    case Token::Kind::duration:
      fail(token_.at, "a duration does not belong here: only delay takes one");
    case Token::Kind::name:
      return named();
    default:
      break;
  }
  if (!accept("(")) unexpected("an expression");
  auto inner = expression();
  expect(")", "an expression in parentheses");
  return inner;
}

Expression Parser::named() {
  const auto token = take();
  if (version() == Version::three && (token.text == "true" || token.text == "false")) {
    Expression made{ExpressionKind::value, token.at, token.text};
    made.value = Value::of(token.text == "true");
    return made;
  }
  if (token.text == "measure") fail(token.at, "a measurement inside an expression is not supported");
  if (version() == Version::three && cast_type(token.text) && (is("(") || is("["))) return cast(token);
  if (!accept("(")) return node(ExpressionKind::name, token.at, token.text, {});
  return node(ExpressionKind::call, token.at, token.text, list(")"));
}

Expression Parser::cast(Token type) {
  std::optional<Expression> width;
  if (accept("[")) {
    width = expression();
    expect("]", "a type's width");
  }
  expect("(", "a type");
  std::vector<Expression> parts;
  parts.push_back(expression());
  expect(")", "a conversion");
  if (width) parts.push_back(std::move(*width));
  auto made = node(ExpressionKind::cast, type.at, type.text, std::move(parts));
  made.type = *cast_type(type.text);
  return made;
}

// Registers joined by ++, where {a, b} is what Qiskit writes for a register of bits that have other names.
Expression Parser::alias_value() {
  const auto at = token_.at;
  std::vector<Expression> parts;
  do {
    if (!accept("{")) {
      parts.push_back(postfix());
      continue;
    }
    do {
      if (is("}")) break;  // after a trailing comma
      parts.push_back(postfix());
    } while (accept(","));
    expect("}", "the parts of an alias");
  } while (accept("++"));
  if (parts.empty()) fail(at, "an alias of nothing");
  return node(ExpressionKind::concatenation, at, {}, std::move(parts));
}

}  // namespace qupel::qasm
