#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// What measured bits decide. A condition of the circuit is a comparison, and several of one operation must
// all hold; whatever is not of that form is first written into a spare bit.
namespace qupel::qasm {
namespace {

using Relation = Condition::Relation;
constexpr std::size_t most_compared_bits = most_value_bits;  // at a time

bool writes_bits(const If& choice);
bool writes_bits(const Switch& choice);

// Whether a block writes bits, so that a condition on them could change while it runs.
bool writes_bits(const Block& block) {
  return std::ranges::any_of(block, [](const Statement& statement) {
    if (const auto* loop = std::get_if<For>(&statement.what)) return writes_bits(loop->body);
    if (const auto* loop = std::get_if<While>(&statement.what)) return writes_bits(loop->body);
    if (const auto* choice = std::get_if<Switch>(&statement.what)) return writes_bits(*choice);
    if (const auto* choice = std::get_if<If>(&statement.what)) return writes_bits(*choice);
    // A subroutine that is called may measure.
    if (const auto* call = std::get_if<GateCall>(&statement.what); call != nullptr && call->operands.empty())
      return true;
    return std::holds_alternative<Measurement>(statement.what) ||
           std::holds_alternative<Assignment>(statement.what);
  });
}

bool writes_bits(const If& choice) {
  return writes_bits(choice.otherwise) ||
         std::ranges::any_of(choice.branches, [](const auto& branch) { return writes_bits(branch.body); });
}

bool writes_bits(const Switch& choice) {
  return writes_bits(choice.otherwise) ||
         std::ranges::any_of(choice.cases, [](const auto& each) { return writes_bits(each.body); });
}

std::optional<Relation> relation_of(std::string_view text) {
  for (const auto relation : {Relation::equal, Relation::not_equal, Relation::less, Relation::less_equal,
                              Relation::greater, Relation::greater_equal}) {
    if (to_string(relation) == text) return relation;
  }
  return std::nullopt;
}

bool is_bit_by_bit(std::string_view text) { return text == "&" || text == "|" || text == "^"; }

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

// As many as a number in two's complement has.
std::vector<bool> binary_digits(std::int64_t value, std::size_t count) {
  std::vector<bool> bits;
  for (std::size_t k = 0; k < count; ++k) bits.push_back(((value >> std::min(k, std::size_t{63})) & 1) != 0);
  return bits;
}

}  // namespace

/// Branches of which the first runs whose condition holds.
class Interpreter::ChoiceInProgress {
 public:
  /// @param changes whether a branch may change what conditions look at
  ChoiceInProgress(Interpreter& self, bool changes)
      : self_(self),
        changes_(changes),
        spare_(self.spare_bits_used_),
        outer_(self.conditions_.size()),
        outer_locals_(self.locals_before_condition_) {}
  ~ChoiceInProgress() {
    self_.spare_bits_used_ = spare_;
    self_.conditions_.resize(outer_);
    self_.locals_before_condition_ = outer_locals_;
  }
  ChoiceInProgress(const ChoiceInProgress&) = delete;
  ChoiceInProgress& operator=(const ChoiceInProgress&) = delete;

  /// The next one. @param last whether none follows @return whether one that follows may run
  bool branch(Decision decision, const Block& body, bool last, Location at) {
    if (decision.known) {
      if (*decision.known) self_.run(body);
      return !*decision.known;
    }
    if (changes_ || (!last && decision.all.size() > 1)) decision.all = {self_.kept(decision.all, at)};
    self_.run_where(decision.all, body);
    if (!last) exclude(decision.all[0], at);
    return !last;
  }

 private:
  // What follows runs where this does not hold. Of many such conditions one bit is made.
  void exclude(const Condition& condition, Location at) {
    constexpr std::size_t many = 8;
    auto& all = self_.conditions_;
    self_.locals_before_condition_ = self_.scope_.depth();
    all.push_back(negation(condition));
    if (all.size() - outer_ <= many) return;
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(outer_);
    auto bit = self_.kept({first, all.end()}, at);
    self_.conditions_.resize(outer_);
    self_.conditions_.push_back(std::move(bit));
  }

  Interpreter& self_;
  bool changes_;
  std::size_t spare_, outer_, outer_locals_;
};

void Interpreter::choose(const If& choice) {
  ChoiceInProgress branches(*this, writes_bits(choice));
  for (const auto& each : choice.branches) {
    const bool last = &each == &choice.branches.back() && choice.otherwise.empty();
    auto made = decision(with_results(each.condition));
    if (!branches.branch(std::move(made), each.body, last, each.condition.at)) return;
  }
  run(choice.otherwise);
}

// A case holds where the value is one of its numbers.
void Interpreter::choose(const Switch& choice) {
  const auto subject = with_results(choice.subject);
  ChoiceInProgress branches(*this, writes_bits(choice));
  for (const auto& each : choice.cases) {
    const auto at = each.values.front().at;
    auto none = Decision::of(true);
    for (const auto& value : each.values) {
      const Expression equal{
          .kind = Expression::Kind::binary, .at = value.at, .text = "==", .parts = {subject, value}};
      none = both(std::move(none), negated(decision(equal), value.at));
      if (none.known == false) break;
    }
    const bool last = &each == &choice.cases.back() && choice.otherwise.empty();
    if (!branches.branch(negated(std::move(none), at), each.body, last, at)) return;
  }
  run(choice.otherwise);
}

void Interpreter::run_where(const std::vector<Condition>& conditions, const Block& block) {
  const auto outer = conditions_.size();
  const auto outer_locals = std::exchange(locals_before_condition_, scope_.depth());
  conditions_.insert(conditions_.end(), conditions.begin(), conditions.end());
  run(block);
  conditions_.resize(outer);
  locals_before_condition_ = outer_locals;
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

std::optional<Interpreter::MeasuredNumber> Interpreter::measured_number_in(
    const Expression& expression) const {
  if (expression.kind == Expression::Kind::bits && is_whole_number(expression.type))
    return MeasuredNumber{{expression.type, expression.value.width}, expression.listed};
  const auto* symbol = expression.kind == Expression::Kind::name ? scope_.find(expression.text) : nullptr;
  if (symbol == nullptr || symbol->kind != Symbol::Kind::bits || !is_whole_number(symbol->type.kind))
    return std::nullopt;
  return MeasuredNumber{symbol->type, symbol->bits};
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
  if (measured_both && (text == "==" || text == "!=")) {
    const Expression differing{
        .kind = Expression::Kind::binary, .at = at, .text = "^", .parts = {parts[0], parts[1]}};
    if (auto each = digits(differing))
      return compared(std::move(*each), text == "==" ? Relation::equal : Relation::not_equal, 0, at);
  }
  if (measured_both && relation_of(text)) {
    const bool swapped = text == ">" || text == "<=";
    auto left = summand(parts[swapped ? 1 : 0]), right = summand(parts[swapped ? 0 : 1]);
    if (left && right) {
      auto is_less = less(std::move(*left), std::move(*right), at);
      return text == "<" || text == ">" ? is_less : negated(std::move(is_less), at);
    }
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
         fmt::format(
             "\"{}\" of measured bits is not supported: they may be compared, joined by &, |, ^, ~, <<, >>, "
             "+ and -, and multiplied by constants",
             expression.text));
  }
  if (!on_the_left) relation = mirrored(*relation);
  if (const auto cast = cast_bits(*measured)) return compared(*cast, *relation, constant);
  const Expression* inner = measured;  // of conversions, which change no single bit
  while (inner->kind == Expression::Kind::cast && !holds_angles(inner->type)) inner = &inner->parts[0];
  if (!is_one_bit(*inner)) {
    if (auto each = digits(*measured))
      return compared(std::move(*each), *relation,
                      evaluate_.integer(constant, "what measured bits are compared with"), at);
  } else {
    measured = inner;
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
  if (const auto number = measured_number_in(expression))
    return CastBits{number->bits, holds_sign(number->type, number->bits.size())};
  if (expression.kind == Kind::name || expression.kind == Kind::index || expression.kind == Kind::bits)
    return CastBits{evaluate_.bits(expression)};
  if (expression.kind != Kind::cast || holds_angles(expression.type) ||
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
  if (constant.kind == Expression::Kind::large_integer) {
    auto value = binary_digits(constant.text);
    if (measured.has_sign && value.size() >= bits.size())  // more than they hold
      return Decision::of(relation == Relation::not_equal || relation == Relation::less ||
                          relation == Relation::less_equal);
    return compared(bits, relation, std::move(value), constant.at);
  }
  const auto value = evaluate_.integer(constant, "what measured bits are compared with");
  if (measured.wraps_at > 0) return compared_wrapped(measured, relation, value, constant.at);
  if (measured.has_sign && bits.size() <= most_compared_bits)
    return compared_with_sign(bits, relation, value, constant.at);
  if (measured.has_sign) {
    if (relation != Relation::equal && relation != Relation::not_equal)
      fail(constant.at, fmt::format("measured bits with a sign are compared by size up to {} of them",
                                    most_compared_bits));
    return compared(bits, relation, binary_digits(value, bits.size()), constant.at);
  }
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
    auto all = digits_of(bits);
    all.has_sign = true;
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
  if (relation != Relation::equal && bits.size() > most_compared_bits)
    fail(at, fmt::format("measured bits are compared by size up to {} of them", most_compared_bits));
  if (relation != Relation::equal && !is_register(bits)) {
    std::int64_t number = 0;
    for (std::size_t k = 0; k < std::min(bits.size(), value.size()); ++k)
      number |= std::int64_t{value[k]} << k;
    return compared(digits_of(bits), relation, number, at);
  }
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

// Whether the bit is 1.
Decision Interpreter::decided(int bit) const {
  const auto& known = scope_.bits[static_cast<std::size_t>(bit)];
  return known.measured ? Decision::of(Condition{{bit}}) : Decision::of(known.value);
}

Interpreter::Digits Interpreter::digits_of(std::span<const int> bits) const {
  Digits made;
  for (const int bit : bits) made.each.push_back(decided(bit));
  return made;
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
