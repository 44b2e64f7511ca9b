#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// What measured bits decide. A condition of the circuit is a comparison, and several of one operation must
// all hold; whatever is not of that form is first written into a spare bit.
namespace qupel::qasm {
namespace {

using Relation = Condition::Relation;

bool is_bit_by_bit(std::string_view text) { return text == "&" || text == "|" || text == "^"; }

}  // namespace

// A bit that holds from now on whether all conditions hold now.
Condition Interpreter::kept(const std::vector<Condition>& conditions, Location at) {
  const int bit = spare_bit(at);
  auto outer = std::exchange(conditions_, {});
  write(bit, false, at);
  conditions_ = conditions;
  write(bit, true, at);
  conditions_ = std::move(outer);
  return {{bit}};
}

void Interpreter::copy(std::span<const int> bits, const Expression& value, Location at) {
  const auto spare = spare_bits_used_;
  std::vector<Decision> each;
  if (bits.size() == 1 && is_one_bit(value)) {
    each.push_back(decision(value));
  } else if (auto made = evaluate_.names_bits(value) ? std::nullopt : digits(value)) {
    each = std::move(made->each);
  } else if (bits.size() == 1 && !evaluate_.names_bits(value)) {
    each.push_back(decision(value));
  } else {
    each = digits_of(evaluate_.bits(value)).each;
  }
  if (each.size() != bits.size())
    fail(at, fmt::format("{} bits are written into {}", each.size(), bits.size()));
  write(bits, std::move(each), at);
  spare_bits_used_ = spare;
}

void Interpreter::write(std::span<const int> bits, std::vector<Decision> each, Location at) {
  for (auto& decided : each)  // before any bit changes
    if (!decided.known) decided = Decision::of(kept(decided.all, at));
  for (std::size_t k = 0; k < bits.size(); ++k) {
    for (const bool one : {false, true}) {
      if (each[k].known && *each[k].known != one) continue;
      const auto outer = conditions_.size();
      if (!each[k].known) conditions_.push_back(one ? each[k].all[0] : negation(each[k].all[0]));
      write(bits[k], one, at);
      conditions_.resize(outer);
    }
  }
}

Decision Interpreter::decision(const Expression& expression) {
  using Kind = Expression::Kind;
  if (!evaluate_.depends_on_measurement(expression)) return Decision::of(evaluate_.truth(expression));
  switch (expression.kind) {
    case Kind::name:
    case Kind::index:
    case Kind::bits:
      return compared(evaluate_.bits(expression), Relation::not_equal, {}, expression.at);
    case Kind::unary:
      if (expression.text == "!" || (expression.text == "~" && is_one_bit(expression.parts[0])))
        return negated(decision(expression.parts[0]), expression.at);
      if (auto each = digits(expression))
        return compared(std::move(*each), Relation::not_equal, 0, expression.at);
      break;
    case Kind::cast:
      if (const auto cast = cast_bits(expression))
        return compared(cast->bits, Relation::not_equal, {}, expression.at);
      if (is_whole_number(expression.type) && !is_one_bit(expression.parts[0])) {
        if (auto each = digits(expression))
          return compared(std::move(*each), Relation::not_equal, 0, expression.at);
        break;
      }
      if (!holds_angles(expression.type)) return decision(expression.parts[0]);
      break;
    case Kind::binary:
      return decision_of_binary(expression);
    case Kind::call:
      refuse_unsupported(scope_.find(expression.text), expression.at);
      break;
    default:
      break;
  }
  fail(expression.at,
       "measured bits may be used in a condition as single bits, as a register that is compared with a whole "
       "number, joined before by &, |, ^, ~, << and >>, and as these joined by !, && and ||");
}

// Whether it is 0 or 1.
bool Interpreter::is_one_bit(const Expression& expression) const {
  if (measured_number_in(expression)) return false;
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::name:
    case Kind::index:
    case Kind::bits:
      if (evaluate_.names_bits(expression)) return evaluate_.bits(expression).size() == 1;
      return !evaluate_.depends_on_measurement(expression) && evaluate_.value(expression).is_one_bit();
    case Kind::unary:
      return expression.text == "!" || (expression.text == "~" && is_one_bit(expression.parts[0]));
    case Kind::cast:
      return expression.type == Type::Kind::boolean ||
             (expression.type == Type::Kind::bits && is_one_bit(expression.parts[0]));
    case Kind::binary:
      return relation_of(expression.text) || expression.text == "&&" || expression.text == "||" ||
             (is_bit_by_bit(expression.text) && is_one_bit(expression.parts[0]) &&
              is_one_bit(expression.parts[1]));
    case Kind::value:
      return expression.value.whole() && (expression.value.integer == 0 || expression.value.integer == 1);
    default:
      return false;
  }
}

Decision Interpreter::decision_of_binary(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  const auto at = expression.at;
  const bool one_bit = is_one_bit(parts[0]) && is_one_bit(parts[1]);
  if (text == "&&" || (text == "&" && one_bit)) return both(decision(parts[0]), decision(parts[1]));
  if (text == "||" || (text == "|" && one_bit)) return either(decision(parts[0]), decision(parts[1]), at);
  if (text == "^" && one_bit) return different(decision(parts[0]), decision(parts[1]), at);
  const bool measured_both =
      evaluate_.depends_on_measurement(parts[0]) && evaluate_.depends_on_measurement(parts[1]);
  if (text == "!=" && one_bit && measured_both) return different(decision(parts[0]), decision(parts[1]), at);
  if (text == "==" && one_bit && measured_both)
    return negated(different(decision(parts[0]), decision(parts[1]), at), at);
  if (!relation_of(text))
    if (auto each = digits(expression)) return compared(std::move(*each), Relation::not_equal, 0, at);
  if (measured_both && relation_of(text)) {
    const bool swapped = text == ">" || text == "<=";
    auto left = summand(parts[swapped ? 1 : 0]), right = summand(parts[swapped ? 0 : 1]);
    if (left && right) {
      const bool equality = text == "==" || text == "!=";
      auto holds = equality ? equal(std::move(*left), std::move(*right), at)
                            : less(std::move(*left), std::move(*right), at);
      return text == "==" || text == "<" || text == ">" ? holds : negated(std::move(holds), at);
    }
  }
  return comparison(expression);
}

// Whether the bit is 1.
Decision Interpreter::decided(int bit) const {
  const auto& known = scope_.bits[static_cast<std::size_t>(bit)];
  return known.measured ? Decision::of(Condition{{bit}}) : Decision::of(known.value);
}

Decision Interpreter::negated(Decision decision, Location at) {
  if (decision.known) return Decision::of(!*decision.known);
  if (decision.all.size() > 1) decision.all = {kept(decision.all, at)};
  decision.all[0] = negation(std::move(decision.all[0]));
  return decision;
}

Decision Interpreter::either(Decision one, Decision other, Location at) {
  return negated(both(negated(std::move(one), at), negated(std::move(other), at)), at);
}

Decision Interpreter::different(Decision one, Decision other, Location at) {
  if (one.known) return *one.known ? negated(std::move(other), at) : other;
  if (other.known) return *other.known ? negated(std::move(one), at) : one;
  return either(both(one, negated(other, at)), both(negated(one, at), other), at);
}

}  // namespace qupel::qasm
