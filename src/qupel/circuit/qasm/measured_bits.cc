#include <fmt/format.h>

#include <algorithm>

#include "qupel/circuit/qasm/decision.h"
#include "qupel/circuit/qasm/interpreter.h"

// Numbers that are made of measured bits by &, |, ^, ~, << and >>, as one decision a binary digit, the lowest
// first.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_digits = most_value_bits;

bool is_bitwise(std::string_view text) {
  return text == "&" || text == "|" || text == "^" || text == "<<" || text == ">>";
}

bool is_sum(std::string_view text) { return text == "+" || text == "-" || text == "*"; }

// Above the 64 bits that hold the number its sign goes on.
bool digit(std::int64_t value, std::size_t k) { return ((value >> std::min(k, std::size_t{63})) & 1) != 0; }

}  // namespace

std::optional<Interpreter::MeasuredNumber> Interpreter::measured_number_in(
    const Expression& expression) const {
  if (expression.kind == Expression::Kind::bits && is_whole_number(expression.type))
    return MeasuredNumber{{expression.type, expression.value.width}, expression.listed};
  const auto* symbol = expression.kind == Expression::Kind::name ? scope_.find(expression.text) : nullptr;
  if (symbol == nullptr || symbol->kind != Symbol::Kind::bits || !is_whole_number(symbol->type.kind))
    return std::nullopt;
  return MeasuredNumber{symbol->type, symbol->bits};
}

Interpreter::Digits Interpreter::digits_of(std::span<const int> bits) const {
  Digits made;
  for (const int bit : bits) made.each.push_back(decided(bit));
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::unary && expression.text == "~") {
    auto made = digits(expression.parts[0]);
    if (!made) return made;
    for (auto& decided : made->each) decided = negated(std::move(decided), expression.at);
    return made;
  }
  if (expression.kind == Kind::binary && is_bitwise(expression.text)) return digits_of_binary(expression);
  if (expression.kind == Kind::binary && is_sum(expression.text)) return digits_of_sum(expression);
  const auto cast = cast_bits(expression);
  if (!cast && expression.kind == Kind::cast && is_whole_number(expression.type))
    return digits_of_cast(expression);
  if (!cast || cast->wraps_at > 0 || (cast->has_sign && cast->bits.size() > most_digits)) return std::nullopt;
  auto made = digits_of(cast->bits);
  made.has_sign = cast->has_sign;
  if (made.has_sign) return made;
  // As wide as the type says, with zeros above; an int has its sign there.
  std::optional<Type> type;
  if (const auto number = measured_number_in(expression)) type = number->type;
  if (expression.kind == Kind::cast && is_whole_number(expression.type)) type = type_of_cast(expression);
  if (type) {
    const auto width = std::min(static_cast<std::size_t>(whole_width(*type)), most_digits);
    if (width > made.each.size()) {
      made.each.resize(width, Decision::of(false));
      made.has_sign = type->kind == Type::Kind::integer;
    }
  }
  return made;
}

Type Interpreter::type_of_cast(const Expression& cast) const {
  Type type{cast.type, 0};
  if (cast.parts.size() > 1)
    type.width = static_cast<int>(std::clamp<std::int64_t>(evaluate_.integer(cast.parts[1], "a width"), 1,
                                                           static_cast<std::int64_t>(most_digits)));
  return type;
}

// Of what is no register. A narrower type drops the highest digits, a wider one repeats the sign.
std::optional<Interpreter::Digits> Interpreter::digits_of_cast(const Expression& expression) {
  const auto& inner = expression.parts[0];
  auto made = is_one_bit(inner) ? std::optional(Digits{{decision(inner)}}) : digits(inner);
  if (!made) return made;
  const auto type = type_of_cast(expression);
  const auto width = std::min(static_cast<std::size_t>(whole_width(type)), most_digits);
  resize(*made, width);
  made->has_sign = type.kind == Type::Kind::integer;
  return made;
}

void Interpreter::resize(Digits& digits, std::size_t width) {
  const auto above = digits.has_sign ? digits.each.back() : Decision::of(false);
  digits.each.resize(width, above);
}

std::optional<Interpreter::Digits> Interpreter::digits_for(Type::Kind type, const Expression& value) {
  if (type == Type::Kind::boolean) return Digits{{decision(value)}};
  auto made = digits(value);
  if (!made && is_one_bit(value)) made = Digits{{decision(value)}};
  if (made) trim(*made);
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits_of_binary(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  if (text == "<<" || text == ">>") return shifted(expression);
  Digits sides[2];
  std::size_t width = 0;
  for (std::size_t k = 0; k < 2; ++k) {
    if (evaluate_.depends_on_measurement(parts[k])) {
      auto measured = digits(parts[k]);
      if (!measured) return measured;
      sides[k] = std::move(*measured);
      width = std::max(width, sides[k].each.size());
    } else if (const auto type = evaluate_.value(parts[k]); is_whole_number(type.kind) && type.width > 0) {
      width = std::max(width, std::min(static_cast<std::size_t>(type.width), most_digits));
    }
  }
  const bool has_sign = sides[0].has_sign || sides[1].has_sign;
  for (std::size_t k = 0; k < 2; ++k) {
    if (!sides[k].each.empty()) {
      resize(sides[k], width);
      continue;
    }
    const auto value = evaluate_.integer(parts[k], "what measured bits are joined with");
    const auto beyond = width <= most_digits ? value >> (has_sign ? width - 1 : width) : 0;
    if (text != "&" && beyond != 0 && !(has_sign && beyond == -1))
      fail(parts[k].at,
           fmt::format("{} does not fit into the {} measured bits that it is joined with", value, width));
    for (std::size_t bit = 0; bit < width; ++bit) sides[k].each.push_back(Decision::of(digit(value, bit)));
  }
  Digits made{{}, has_sign};
  for (std::size_t bit = 0; bit < width; ++bit) {
    auto one = std::move(sides[0].each[bit]), other = std::move(sides[1].each[bit]);
    made.each.push_back(text == "&"   ? both(std::move(one), std::move(other))
                        : text == "|" ? either(std::move(one), std::move(other), expression.at)
                                      : different(std::move(one), std::move(other), expression.at));
  }
  return made;
}

std::optional<Interpreter::Digits> Interpreter::shifted(const Expression& expression) {
  auto given = digits(expression.parts[0]);
  if (!given) return given;
  const auto by = evaluate_.integer(expression.parts[1], "a shift");
  if (by < 0) fail(expression.parts[1].at, "a shift is 0 or more");
  const auto width = given->each.size();
  // A number with a sign keeps it when it is shifted to the right.
  const auto filling = given->has_sign && expression.text == ">>" ? given->each.back() : Decision::of(false);
  Digits made{std::vector(width, filling), given->has_sign};
  const auto shift = std::min(static_cast<std::size_t>(by), width);
  for (std::size_t k = shift; k < width; ++k)
    expression.text == "<<" ? made.each[k] = std::move(given->each[k - shift])
                            : made.each[k - shift] = std::move(given->each[k]);
  return made;
}

Decision Interpreter::compared(Digits digits, Condition::Relation relation, std::int64_t value, Location at) {
  using Relation = Condition::Relation;
  if (relation == Relation::not_equal || relation == Relation::greater || relation == Relation::greater_equal)
    return negated(compared(std::move(digits), negation(Condition{{}, relation}).relation, value, at), at);
  auto& each = digits.each;
  if (digits.has_sign) {  // from the lowest number on
    if (each.size() > most_digits)
      fail(at, fmt::format("measured bits with a sign are joined up to {} of them", most_digits));
    each.back() = negated(std::move(each.back()), at);
    if (__builtin_add_overflow(value, std::int64_t{1} << (each.size() - 1), &value))
      return Decision::of(relation != Relation::equal);
  }
  const bool beyond = each.size() <= most_digits && (value >> each.size()) != 0;
  if (value < 0 || beyond) return Decision::of(value >= 0 && relation != Relation::equal);
  auto holds = Decision::of(relation != Relation::less);  // of the digits so far, the lowest ones
  for (std::size_t k = 0; k < each.size(); ++k) {
    auto zero = negated(each[k], at);
    if (relation == Relation::equal)
      holds = both(digit(value, k) ? std::move(each[k]) : std::move(zero), std::move(holds));
    else if (digit(value, k))
      holds = either(std::move(zero), std::move(holds), at);
    else
      holds = both(std::move(zero), std::move(holds));
  }
  return holds;
}

}  // namespace qupel::qasm
