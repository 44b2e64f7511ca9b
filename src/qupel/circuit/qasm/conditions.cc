#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// What measured bits decide. A condition of the circuit is a comparison, and several of one operation must
// all hold; whatever is not of that form is first written into a spare bit.
namespace qupel::qasm {
namespace {

using Relation = Condition::Relation;
constexpr std::size_t most_compared_bits = 62;  // compared at a time: what a Value holds

// Whether a block writes bits, so that a condition on them could change while it runs.
bool writes_bits(const Block& block) {
  return std::ranges::any_of(block, [](const Statement& statement) {
    if (const auto* loop = std::get_if<For>(&statement.what)) return writes_bits(loop->body);
    if (const auto* loop = std::get_if<While>(&statement.what)) return writes_bits(loop->body);
    if (const auto* choice = std::get_if<Switch>(&statement.what))
      return writes_bits(choice->otherwise) ||
             std::ranges::any_of(choice->cases, [](const auto& each) { return writes_bits(each.body); });
    if (const auto* choice = std::get_if<If>(&statement.what))
      return writes_bits(choice->then) || writes_bits(choice->otherwise);
    // A subroutine that is called may measure.
    if (const auto* call = std::get_if<GateCall>(&statement.what); call != nullptr && call->operands.empty())
      return true;
    return std::holds_alternative<Measurement>(statement.what) ||
           std::holds_alternative<Assignment>(statement.what);
  });
}

std::optional<Relation> relation_of(std::string_view text) {
  for (const auto relation : {Relation::equal, Relation::not_equal, Relation::less, Relation::less_equal,
                              Relation::greater, Relation::greater_equal}) {
    if (to_string(relation) == text) return relation;
  }
  return std::nullopt;
}

// The relation with its sides exchanged.
Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::less:
      return Relation::greater;
    case Relation::less_equal:
      return Relation::greater_equal;
    case Relation::greater:
      return Relation::less;
    case Relation::greater_equal:
      return Relation::less_equal;
    default:
      return relation;
  }
}

// The binary digits of a decimal number, the lowest first.
std::vector<bool> binary_digits(std::string_view decimal) {
  std::string digits(decimal);
  std::erase(digits, '_');
  std::vector<bool> bits;
  while (!digits.empty()) {
    int rest = 0;
    for (char& digit : digits) {
      const int value = 10 * rest + (digit - '0');
      digit = static_cast<char>('0' + value / 2);
      rest = value % 2;
    }
    bits.push_back(rest != 0);
    digits.erase(0, digits.find_first_not_of('0'));
  }
  return bits;
}

std::vector<bool> binary_digits(std::int64_t value) {
  std::vector<bool> bits;
  for (; value > 0; value >>= 1) bits.push_back((value & 1) != 0);
  return bits;
}

bool is_integer_type(Type::Kind kind) { return kind != Type::Kind::real && kind != Type::Kind::angle; }

}  // namespace

void Interpreter::choose(const If& choice) {
  const auto at = choice.condition.at;
  const auto spare = spare_bits_used_;
  auto made = decision(with_results(choice.condition));
  if (made.known) {
    run(*made.known ? choice.then : choice.otherwise);
  } else {
    const bool changes = writes_bits(choice.then) || writes_bits(choice.otherwise);
    if (changes || (!choice.otherwise.empty() && made.all.size() > 1)) made.all = {kept(made.all, at)};
    run_where(made.all, choice.then);
    if (!choice.otherwise.empty()) run_where({negation(made.all[0])}, choice.otherwise);
  }
  spare_bits_used_ = spare;
}

// As ifs: each case holds where the value is one of its numbers, the next ones where it is none of them.
void Interpreter::choose(const Switch& choice) {
  using Kind = Expression::Kind;
  const auto subject = with_results(choice.subject);
  const auto one_of = [&](const std::vector<Expression>& values) {
    Expression any;
    for (const auto& value : values) {
      Expression equal{.kind = Kind::binary, .at = value.at, .text = "==", .parts = {subject, value}};
      any = any.kind == Kind::none
                ? std::move(equal)
                : Expression{.kind = Kind::binary, .at = value.at, .text = "||", .parts = {any, equal}};
    }
    return any;
  };
  auto rest = choice.otherwise;
  for (auto each = choice.cases.rbegin(); each != choice.cases.rend(); ++each) {
    If made{one_of(each->values), each->body, std::move(rest)};
    const auto at = made.condition.at;
    rest.clear();
    rest.push_back({at, std::move(made)});
  }
  run(rest);
}

void Interpreter::run_where(const std::vector<Condition>& conditions, const Block& block) {
  const auto outer = conditions_.size();
  if (outer == 0) decided_at_ = scope_.depth();
  conditions_.insert(conditions_.end(), conditions.begin(), conditions.end());
  run(block);
  conditions_.resize(outer);
}

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
    for (const int from : evaluate_.bits(value)) each.push_back(Decision::of(Condition{{from}}));
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
      if (is_integer_type(expression.type)) return decision(expression.parts[0]);
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

// Whether it names a whole number that holds measured bits.
bool Interpreter::is_number(const Expression& expression) const {
  if (expression.kind != Expression::Kind::name) return false;
  const auto* symbol = scope_.find(expression.text);
  return symbol != nullptr && symbol->kind == Symbol::Kind::bits && is_whole_number(symbol->type.kind);
}

// Whether it is 0 or 1.
bool Interpreter::is_one_bit(const Expression& expression) const {
  if (is_number(expression)) return false;
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
      return expression.type == Type::Kind::boolean || is_one_bit(expression.parts[0]);
    case Kind::binary:
      return relation_of(expression.text) || expression.text == "&&" || expression.text == "||" ||
             (is_one_bit(expression.parts[0]) && is_one_bit(expression.parts[1]));
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
  if (measured_both && (text == "==" || text == "!=")) {
    const Expression differing{
        .kind = Expression::Kind::binary, .at = at, .text = "^", .parts = {parts[0], parts[1]}};
    if (auto each = digits(differing))
      return compared(std::move(*each), text == "==" ? Relation::equal : Relation::not_equal, 0, at);
  }
  return comparison(expression);
}

// A register, or what is 0 or 1, with a constant.
Decision Interpreter::comparison(const Expression& expression) {
  const auto at = expression.at;
  auto relation = relation_of(expression.text);
  const bool on_the_left = evaluate_.depends_on_measurement(expression.parts[0]);
  const Expression* measured = &expression.parts[on_the_left ? 0 : 1];
  const Expression& constant = expression.parts[on_the_left ? 1 : 0];
  if (!relation || evaluate_.depends_on_measurement(constant)) {
    fail(at,
         fmt::format("\"{}\" of measured bits is not supported: they may be compared with a constant, and "
                     "single bits joined by !, && and ||",
                     expression.text));
  }
  if (!on_the_left) relation = mirrored(*relation);
  if (const auto cast = cast_bits(*measured)) return compared(*cast, *relation, constant);
  while (measured->kind == Expression::Kind::cast && is_integer_type(measured->type) &&
         measured->type != Type::Kind::boolean)
    measured = &measured->parts[0];
  if (!is_one_bit(*measured)) {
    if (auto each = digits(*measured))
      return compared(std::move(*each), *relation,
                      evaluate_.integer(constant, "what measured bits are compared with"), at);
  }
  const auto made = decision(*measured);
  if (!is_one_bit(*measured)) fail(at, "only a register or a condition can be compared with a constant");
  if (!made.known) return compared({kept(made.all, at).bits}, *relation, constant);
  const auto result = compared({{0}}, *relation, constant);  // of a bit whose value is known
  return result.known ? result : Decision::of(result.all[0].holds({*made.known}));
}

// The bits of a register, or of one that is cast to whole numbers: uint[2](c) has the two lowest ones of c,
// and int[3](c) of three bits has a sign. Nothing for what is no register.
std::optional<Interpreter::CastBits> Interpreter::cast_bits(const Expression& expression) const {
  using Kind = Expression::Kind;
  if (is_number(expression)) {
    const auto* symbol = scope_.find(expression.text);
    const bool has_sign = symbol->type.kind == Type::Kind::integer &&
                          symbol->bits.size() == static_cast<std::size_t>(whole_width(symbol->type));
    return CastBits{symbol->bits, has_sign};
  }
  if (expression.kind == Kind::name || expression.kind == Kind::index || expression.kind == Kind::bits)
    return CastBits{evaluate_.bits(expression)};
  if (expression.kind != Kind::cast || !is_integer_type(expression.type) ||
      expression.type == Type::Kind::boolean)
    return std::nullopt;
  auto inner = cast_bits(expression.parts[0]);
  if (!inner) return inner;
  const bool is_signed = expression.type == Type::Kind::integer;
  auto width = static_cast<std::int64_t>(most_compared_bits);
  if (expression.parts.size() > 1) {
    width = evaluate_.integer(expression.parts[1], "a width");
    if (width < 1) fail(expression.parts[1].at, "a type's width is at least 1");
    const auto bits = static_cast<std::int64_t>(inner->bits.size());
    if (width < bits) inner->bits.resize(static_cast<std::size_t>(width));
    if (width <= bits) return CastBits{std::move(inner->bits), is_signed};
  }
  // A wider type repeats the sign, which changes no value but those that are negative and lose it.
  if (!inner->has_sign) return inner;
  width = std::min(width, static_cast<std::int64_t>(most_compared_bits));
  const bool wraps = inner->wraps_at > 0;
  if (is_signed && width <= inner->wraps_at) inner->wraps_at = 0;
  if (!is_signed)
    inner->wraps_at = wraps ? std::min(inner->wraps_at, static_cast<int>(width)) : static_cast<int>(width);
  return inner;
}

// Measured bits with a constant of the program.
Decision Interpreter::compared(const CastBits& measured, Relation relation, const Expression& constant) {
  const auto& bits = measured.bits;
  if (constant.kind == Expression::Kind::large_integer)
    return compared(bits, relation, binary_digits(constant.text), constant.at);
  const auto value = evaluate_.integer(constant, "what measured bits are compared with");
  if (measured.wraps_at > 0) return compared_wrapped(measured, relation, value, constant.at);
  if (measured.has_sign && bits.size() <= most_compared_bits)
    return compared_with_sign(bits, relation, value, constant.at);
  if (value >= 0) return compared(bits, relation, binary_digits(value), constant.at);
  return Decision::of(relation == Relation::not_equal || relation == Relation::greater ||
                      relation == Relation::greater_equal);
}

// Measured bits with a sign in a wider type without one: negative numbers are at its upper end.
Decision Interpreter::compared_wrapped(const CastBits& measured, Relation relation, std::int64_t value,
                                       Location at) {
  const auto lowest_negative =
      (std::int64_t{1} << measured.wraps_at) - (std::int64_t{1} << (measured.bits.size() - 1));
  const auto highest = (std::int64_t{1} << (measured.bits.size() - 1)) - 1;
  if (relation == Relation::equal || relation == Relation::not_equal) {
    if (value > highest && value < lowest_negative) return Decision::of(relation == Relation::not_equal);
    if (value < 0) return Decision::of(relation == Relation::not_equal);
    const auto with_sign = value > highest ? value - (std::int64_t{1} << measured.wraps_at) : value;
    return compared_with_sign(measured.bits, relation, with_sign, at);
  }
  if (relation == Relation::less || relation == Relation::greater_equal) --value;  // x < v is x <= v - 1
  const bool upwards = relation == Relation::greater || relation == Relation::greater_equal;
  if (value < 0) return Decision::of(upwards);
  if (value < highest || value >= lowest_negative)
    fail(at, "measured bits with a sign are compared by == and !=, and by size with 0 alone");
  return compared(std::vector{measured.bits.back()}, upwards ? Relation::not_equal : Relation::equal, {}, at);
}

// Measured bits as a number in two's complement.
Decision Interpreter::compared_with_sign(const std::vector<int>& bits, Relation relation, std::int64_t value,
                                         Location at) {
  const auto end = std::int64_t{1} << (bits.size() - 1);  // one more than the highest number
  if (relation == Relation::equal || relation == Relation::not_equal) {
    if (value < -end || value >= end) return Decision::of(relation == Relation::not_equal);
    return compared(bits, relation, binary_digits(value < 0 ? value + 2 * end : value), at);
  }
  value = std::clamp(value, -end - 2, end + 2);
  if (relation == Relation::less || relation == Relation::greater_equal) --value;  // x < v is x <= v - 1
  const bool upwards = relation == Relation::greater || relation == Relation::greater_equal;
  if (value < -end) return Decision::of(upwards);
  if (value >= end - 1) return Decision::of(!upwards);
  if (value != -1) {
    Digits all{{}, true};
    for (const int bit : bits) all.each.push_back(Decision::of(Condition{{bit}}));
    return compared(std::move(all), upwards ? Relation::greater : Relation::less_equal, value, at);
  }
  return compared(std::vector{bits.back()}, upwards ? Relation::equal : Relation::not_equal, {}, at);
}

// Bits with a number of any size, both the lowest first.
Decision Interpreter::compared(std::span<const int> bits, Relation relation, std::vector<bool> value,
                               Location at) {
  if (relation == Relation::not_equal)
    return negated(compared(bits, Relation::equal, std::move(value), at), at);
  const bool beyond =
      std::find(value.begin() + static_cast<std::ptrdiff_t>(std::min(bits.size(), value.size())), value.end(),
                true) != value.end();
  if (beyond) return Decision::of(relation == Relation::less || relation == Relation::less_equal);
  if (relation != Relation::equal && bits.size() == 1) {
    const Condition asked{{0}, relation, value.empty() || !value[0] ? 0U : 1U};
    const bool zero = asked.holds({false}), one = asked.holds({true});
    if (zero == one) return Decision::of(one);
    return Decision::of(Condition{{bits[0]}, Relation::equal, one ? 1U : 0U});
  }
  if (relation != Relation::equal && (bits.size() > most_compared_bits || !is_register(bits)))
    fail(at, fmt::format("measured bits are compared by size as whole registers of up to {} bits",
                         most_compared_bits));
  value.resize(bits.size());
  Decision all = Decision::of(true);
  for (std::size_t first = 0; first < bits.size(); first += most_compared_bits) {
    const auto count = std::min(most_compared_bits, bits.size() - first);
    Condition part{{bits.begin() + static_cast<std::ptrdiff_t>(first),
                    bits.begin() + static_cast<std::ptrdiff_t>(first + count)},
                   relation,
                   0};
    for (std::size_t k = 0; k < count; ++k) part.value |= std::uint64_t{value[first + k]} << k;
    all = both(std::move(all), Decision::of(std::move(part)));
  }
  return all;
}

bool Interpreter::is_register(std::span<const int> bits) const {
  return std::ranges::any_of(registers_, [&](const BitRegister& each) {
    return static_cast<std::size_t>(each.size) == bits.size() && each.first == bits[0] &&
           bits.back() - bits.front() + 1 == each.size && std::ranges::is_sorted(bits);
  });
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
