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

std::optional<std::vector<Decision>> Interpreter::digits(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::unary && expression.text == "~") {
    auto each = digits(expression.parts[0]);
    if (!each) return each;
    for (auto& decided : *each) decided = negated(std::move(decided), expression.at);
    return each;
  }
  if (expression.kind == Kind::binary && is_bitwise(expression.text)) return digits_of_binary(expression);
  const auto cast = cast_bits(expression);
  if (!cast || cast->has_sign) return std::nullopt;
  std::vector<Decision> each;
  for (const int bit : cast->bits) each.push_back(Decision::of(Condition{{bit}}));
  if (expression.kind == Kind::cast && expression.parts.size() > 1) {
    const auto width = evaluate_.integer(expression.parts[1], "a width");
    each.resize(std::clamp<std::size_t>(static_cast<std::size_t>(width), each.size(), most_digits),
                Decision::of(false));
  }
  return each;
}

std::optional<std::vector<Decision>> Interpreter::digits_of_binary(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  if (text == "<<" || text == ">>") return shifted(expression);
  std::vector<Decision> sides[2];
  std::size_t width = 0;
  for (std::size_t k = 0; k < 2; ++k) {
    if (!evaluate_.depends_on_measurement(parts[k])) continue;
    auto measured = digits(parts[k]);
    if (!measured) return measured;
    sides[k] = std::move(*measured);
    width = std::max(width, sides[k].size());
  }
  for (std::size_t k = 0; k < 2; ++k) {
    if (!sides[k].empty()) {
      sides[k].resize(width, Decision::of(false));
      continue;
    }
    const auto value = evaluate_.integer(parts[k], "what measured bits are joined with");
    if (text != "&" && (value < 0 || (width < most_digits && (value >> width) != 0)))
      fail(parts[k].at,
           fmt::format("{} does not fit into the {} measured bits that it is joined with", value, width));
    for (std::size_t bit = 0; bit < width; ++bit) sides[k].push_back(Decision::of(digit(value, bit)));
  }
  std::vector<Decision> made;
  for (std::size_t bit = 0; bit < width; ++bit) {
    auto one = std::move(sides[0][bit]), other = std::move(sides[1][bit]);
    made.push_back(text == "&"   ? both(std::move(one), std::move(other))
                   : text == "|" ? either(std::move(one), std::move(other), expression.at)
                                 : different(std::move(one), std::move(other), expression.at));
  }
  return made;
}

std::optional<std::vector<Decision>> Interpreter::shifted(const Expression& expression) {
  auto each = digits(expression.parts[0]);
  if (!each) return each;
  const auto by = evaluate_.integer(expression.parts[1], "a shift");
  if (by < 0) fail(expression.parts[1].at, "a shift is 0 or more");
  std::vector<Decision> made(each->size(), Decision::of(false));
  const auto shift = std::min(static_cast<std::size_t>(by), each->size());
  for (std::size_t k = shift; k < each->size(); ++k)
    expression.text == "<<" ? made[k] = std::move((*each)[k - shift])
                            : made[k - shift] = std::move((*each)[k]);
  return made;
}

Decision Interpreter::compared(std::vector<Decision> each, Condition::Relation relation, std::int64_t value,
                               Location at) {
  using Relation = Condition::Relation;
  if (relation == Relation::not_equal || relation == Relation::greater || relation == Relation::greater_equal)
    return negated(compared(std::move(each), negation(Condition{{}, relation}).relation, value, at), at);
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
