#include <fmt/format.h>

#include <algorithm>

#include "qupel/circuit/qasm/decision.h"
#include "qupel/circuit/qasm/interpreter.h"

// Numbers that are made of measured bits by &, |, ^, ~, << and >>, as one decision a binary digit, the lowest
// first.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_digits = 62;  // what a Value holds

bool is_bitwise(std::string_view text) {
  return text == "&" || text == "|" || text == "^" || text == "<<" || text == ">>";
}

bool digit(std::int64_t value, std::size_t k) { return k < most_digits && ((value >> k) & 1) != 0; }

}  // namespace

std::optional<Interpreter::Digits> Interpreter::digits(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::unary && expression.text == "~") {
    auto made = digits(expression.parts[0]);
    if (!made) return made;
    for (auto& decided : made->each) decided = negated(std::move(decided), expression.at);
    return made;
  }
  if (expression.kind == Kind::binary && is_bitwise(expression.text)) return digits_of_binary(expression);
  const bool is_cast_of_digits =
      expression.kind == Kind::cast && is_whole_number(expression.type) && !cast_bits(expression);
  const auto cast = is_cast_of_digits ? std::nullopt : cast_bits(expression);
  if (!cast || cast->wraps_at > 0) return std::nullopt;
  Digits made{{}, cast->has_sign};
  for (const int bit : cast->bits) made.each.push_back(Decision::of(Condition{{bit}}));
  if (made.has_sign) return made;
  // As wide as the type says, with zeros above; an int has its sign there.
  std::optional<Type> type;
  if (is_number(expression)) type = scope_.find(expression.text)->type;
  if (expression.kind == Kind::cast && is_whole_number(expression.type)) {
    type = Type{expression.type, 0};
    if (expression.parts.size() > 1)
      type->width = static_cast<int>(std::clamp<std::int64_t>(
          evaluate_.integer(expression.parts[1], "a width"), 1, static_cast<std::int64_t>(most_digits)));
  }
  if (type) {
    const auto width = std::min(static_cast<std::size_t>(whole_width(*type)), most_digits);
    if (width > made.each.size()) {
      made.each.resize(width, Decision::of(false));
      made.has_sign = type->kind == Type::Kind::integer;
    }
  }
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits_for(Type::Kind type, const Expression& value) {
  if (type == Type::Kind::boolean) return Digits{{decision(value)}};
  auto made = digits(value);
  if (!made && is_one_bit(value)) made = Digits{{decision(value)}};
  while (made && made->each.size() > 1 && made->each.back().known == false) {
    made->each.pop_back();
    made->has_sign = false;
  }
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits_of_binary(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  if (text == "<<" || text == ">>") return shifted(expression);
  std::vector<Decision> sides[2];
  std::size_t width = 0;
  bool has_sign = false;
  for (std::size_t k = 0; k < 2; ++k) {
    if (!evaluate_.depends_on_measurement(parts[k])) continue;
    auto measured = digits(parts[k]);
    if (!measured) return measured;
    sides[k] = std::move(measured->each);
    width = std::max(width, sides[k].size());
    has_sign |= measured->has_sign;
  }
  for (std::size_t k = 0; k < 2; ++k) {
    if (!sides[k].empty()) {
      sides[k].resize(width, Decision::of(false));
      continue;
    }
    const auto value = evaluate_.integer(parts[k], "what measured bits are joined with");
    const auto beyond = width < most_digits ? value >> (has_sign ? width - 1 : width) : 0;
    if (text != "&" && beyond != 0 && !(has_sign && beyond == -1))
      fail(parts[k].at,
           fmt::format("{} does not fit into the {} measured bits that it is joined with", value, width));
    for (std::size_t bit = 0; bit < width; ++bit) sides[k].push_back(Decision::of(digit(value, bit)));
  }
  Digits made{{}, has_sign};
  for (std::size_t bit = 0; bit < width; ++bit) {
    auto one = std::move(sides[0][bit]), other = std::move(sides[1][bit]);
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
    each.back() = negated(std::move(each.back()), at);
    if (__builtin_add_overflow(value, std::int64_t{1} << (each.size() - 1), &value))
      return Decision::of(relation != Relation::equal);
  }
  const bool beyond = each.size() < most_digits && (value >> each.size()) != 0;
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
