#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"
#include "qupel/circuit/qasm/lexer.h"

// Qubits, classical bits and variables.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_declared_qubits = 1'000'000;
constexpr std::string_view unreadable_number =
    "measured bits become a number only as they are, as a condition, or joined by &, |, ^, ~, <<, >>, + and -, or "
    "times a constant";

// The slot that to_qasm() writes under this name.
std::optional<Slot> slot_named(std::string_view name) {
  Slot slot{Slot::Kind::feature, 0};
  std::string_view digits = name.substr(1);
  if (name.starts_with("theta")) {
    slot.kind = Slot::Kind::parameter;
    digits = name.substr(5);
  } else if (!name.starts_with('x')) {
    return std::nullopt;
  }
  constexpr std::size_t most_digits = 6;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), slot.index);
  const bool canonical = digits.size() <= most_digits && (digits == "0" || !digits.starts_with('0'));
  if (error != std::errc{} || end != digits.data() + digits.size() || !canonical || slot.index < 0)
    return std::nullopt;
  return slot;
}

/// Names of physical qubits and where they come first, in numerical order.
using PhysicalQubits = std::map<std::pair<std::size_t, std::string_view>, Location>;

/// Those that a line with a pragma acts on.
void find_physical_qubits(const Source& source, std::string_view line, PhysicalQubits& found) {
  if (line.find("unitary") == std::string_view::npos) return;
  for (auto at = line.find('$'); at != std::string_view::npos; at = line.find('$', at + 1)) {
    auto end = line.find_first_not_of("0123456789", at + 1);
    if (end == std::string_view::npos) end = line.size();
    const auto name = line.substr(at, end - at);
    const auto offset = static_cast<std::size_t>(name.data() - source.text.data());
    if (name.size() > 1) found.try_emplace({name.size(), name}, Location{&source, offset});
  }
}

bool holds_measured_bits(Type::Kind kind) { return is_whole_number(kind) || kind == Type::Kind::boolean; }

std::size_t width_of(const Type& type) {
  return static_cast<std::size_t>(type.kind == Type::Kind::boolean ? 1 : whole_width(type));
}

/// A number of a type with a width holds all its bits, so that each can be named.
std::size_t held_bits(const Type& type) {
  const bool all = is_whole_number(type.kind) && type.width > 0 && type.width <= most_value_bits;
  return all ? static_cast<std::size_t>(type.width) : 1;
}

/// A number as a value that casts to the kind.
Value given_value(double number, Type::Kind kind) {
  constexpr double most = 9e15;  // whole numbers up to here are exact
  if (holds_angles(kind) || std::abs(number) > most) return Value::of(number);
  return Value::of(static_cast<std::int64_t>(number));
}

}  // namespace

void Interpreter::declare(const Declaration& declaration, Location at) {
  if (declaration.initial && calls_subroutine(*declaration.initial)) {
    auto known = declaration;
    known.initial = with_results(*declaration.initial);
    return declare(known, at);
  }
  if (declaration.type.kind == TypeName::Kind::qubit) return declare_qubits(declaration, at);
  if (declaration.type.classical == Type::Kind::bits && !declaration.constant)
    return declare_bits(declaration, at);
  if (declaration.input) input_names_.emplace_back(declaration.name);
  introduce(declaration.name, variable(declaration, at), at);
}

void Interpreter::declare_qubits(const Declaration& declaration, Location at) {
  if (depth_ > 1) fail(at, "qubits are declared at the top level only");
  if (declaration.initial || declaration.constant || declaration.input)
    fail(at, "a qubit register has no initial value");
  const int size = evaluate_.size(declaration.type.width);
  if (qubits_.size() + static_cast<std::size_t>(size) > most_declared_qubits) {
    fail(at, fmt::format("more than {} qubits", most_declared_qubits));
  }
  if (physical_) fail(at, "this circuit uses physical qubits ($0, $1, ...): it cannot declare others");
  add_qubits(declaration.name, {static_cast<int>(qubits_.size()), size, {}, !declaration.type.width}, at);
}

void Interpreter::declare_physical_qubits(const Source& source) {
  PhysicalQubits found;
  Lexer lexer(source);
  for (auto token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    if (token.text == "#" || token.text == "pragma") {
      find_physical_qubits(source, lexer.skip_line(token), found);
      continue;
    }
    if (token.text == "@") lexer.skip_line(token);
    if (token.text == "cal" || token.text == "defcal") lexer.skip_block(token);
    if (token.kind == Token::Kind::name && token.text.starts_with('$'))
      found.try_emplace({token.text.size(), token.text}, token.at);
  }
  for (const auto& [number, at] : found) {
    if (!physical_ && !qubits_.empty()) fail(at, "this circuit declares qubits: it cannot use physical ones");
    if (scope_.find(number.second) != nullptr) continue;
    physical_ = true;
    add_qubits(number.second, {static_cast<int>(qubits_.size()), 1, {}, true}, at);
  }
}

void Interpreter::add_qubits(std::string_view name, const Qubits& made, Location at) {
  introduce(name, {.kind = Symbol::Kind::qubits, .qubits = made}, at);
  for (int k = 0; k < made.count; ++k)
    qubits_.push_back(made.single ? std::string(name) : fmt::format("{}[{}]", name, k));
  used_.resize(qubits_.size());
  measured_.resize(qubits_.size());
  reserved_.resize(qubits_.size());
}

void Interpreter::declare_bits(const Declaration& declaration, Location at) {
  if (declaration.input) fail(at, "an input of bits is not supported: give it a value");
  const int size = evaluate_.size(declaration.type.width);
  const int first = static_cast<int>(scope_.bits.size());
  Symbol made{.kind = Symbol::Kind::bits};
  for (int k = 0; k < size; ++k) made.bits.push_back(first + k);
  introduce(declaration.name, std::move(made), at);
  add_register(depth_ > 1 ? "" : declaration.name, size, at);  // those of a block are no result
  if (!declaration.initial) return;
  const Expression target{Expression::Kind::name, at, declaration.name};
  if (declaration.measured) return measure({*declaration.initial, target}, at);
  write(evaluate_.bits(target), *declaration.initial, at);
}

Symbol Interpreter::variable(const Declaration& declaration, Location at) {
  Symbol symbol{.constant = declaration.constant, .type = evaluate_.type(declaration.type)};
  if (declaration.measured) fail(at, "measurements go into bits");
  if (declaration.input) return input(declaration, std::move(symbol), at);
  if (!declaration.initial) {
    if (declaration.constant) fail(at, fmt::format("the constant \"{}\" has no value", declaration.name));
    symbol.unset = true;
    return symbol;
  }
  if (holds_measured_bits(symbol.type.kind) && evaluate_.depends_on_measurement(*declaration.initial))
    return measured_number(symbol.type, *declaration.initial);
  symbol.value = cast(evaluate_.value(*declaration.initial), symbol.type, declaration.initial->at);
  return symbol;
}

// What is written into a number of the type: of a sum, as C has it, the digits that the type holds.
// @throws InputError for other digits that it does not hold
void Interpreter::fit(Digits& digits, const Type& type, Location at) {
  const auto width = width_of(type);
  const bool is_signed = type.kind == Type::Kind::integer;
  const auto needed = digits.each.size() + (is_signed && !digits.has_sign ? 1 : 0);
  if (needed <= width && (is_signed || !digits.has_sign)) return;
  if (!digits.may_wrap)
    fail(at, fmt::format("{} measured bits do not fit into this type without a change of sign",
                         digits.each.size()));
  resize(digits, width);
  digits.has_sign = is_signed;
}

// A variable that measured bits are written into holds bits of its own.
Symbol Interpreter::measured_number(Type type, const Expression& value) {
  const auto spare = spare_bits_used_;
  auto made = digits_for(type.kind, value);
  if (!made) fail(value.at, unreadable_number);
  fit(*made, type, value.at);
  auto& each = made->each;
  resize(*made, made->has_sign ? width_of(type) : std::max(each.size(), held_bits(type)));
  Symbol symbol{.kind = Symbol::Kind::bits,
                .type = type,
                .bits = unnamed_bits(static_cast<int>(each.size()), value.at)};
  write(symbol.bits, std::move(each), value.at);
  spare_bits_used_ = spare;
  return symbol;
}

// A number is assigned to only where conditions hold: it keeps what it was where they do not.
void Interpreter::assign_where(Symbol& symbol, const Expression& value, Location at) {
  const auto spare = spare_bits_used_;
  const auto& type = symbol.type;
  const auto old = symbol.kind == Symbol::Kind::bits || symbol.unset ? 0 : symbol.value.integer;
  auto made = evaluate_.depends_on_measurement(value)
                  ? digits_for(type.kind, value)
                  : std::optional(constant_digits(cast(evaluate_.value(value), type, at).integer));
  if (!made) fail(at, unreadable_number);
  fit(*made, type, at);
  auto needed = std::max(made->each.size(), symbol.bits.size());
  if (old > 0)
    needed = std::max(needed, static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(old))));
  if (made->has_sign || old < 0) needed = std::max(needed, width_of(type));
  if (needed > static_cast<std::size_t>(most_value_bits))
    fail(at, fmt::format("a number of {} bits under a measured condition: {} are supported", needed,
                         most_value_bits));
  const auto width = std::max(needed, held_bits(type));
  auto conditions = std::exchange(conditions_, {});
  const auto more = unnamed_bits(static_cast<int>(width - symbol.bits.size()), at);
  for (std::size_t k = 0; k < more.size(); ++k)
    if (((old >> k) & 1) != 0) write(more[k], true, at);
  conditions_ = std::move(conditions);
  symbol.kind = Symbol::Kind::bits;
  symbol.unset = false;
  symbol.bits.insert(symbol.bits.end(), more.begin(), more.end());
  resize(*made, width);
  write(symbol.bits, std::move(made->each), at);
  spare_bits_used_ = spare;
}

void Interpreter::hold_in_bits(Symbol& number, Location at) {
  const auto value = number.unset ? 0 : number.value.integer;
  auto conditions = std::exchange(conditions_, {});
  auto bits = unnamed_bits(std::min(whole_width(number.type), most_value_bits), at);
  if (const auto beyond = value >> bits.size(); beyond != 0 && beyond != -1)
    fail(at, fmt::format("bits of numbers of more than {} bits are not supported", bits.size()));
  for (std::size_t k = 0; k < bits.size(); ++k) write(bits[k], ((value >> k) & 1) != 0, at);
  conditions_ = std::move(conditions);
  number = {.kind = Symbol::Kind::bits, .type = number.type, .bits = std::move(bits)};
}

std::vector<int> Interpreter::target_bits(const Expression& target) {
  if (target.kind == Expression::Kind::index && target.parts[0].kind == Expression::Kind::name) {
    auto* symbol = scope_.find(target.parts[0].text);
    if (symbol != nullptr && symbol->kind == Symbol::Kind::variable && !symbol->constant &&
        is_whole_number(symbol->type.kind))
      hold_in_bits(*symbol, target.at);
  }
  return evaluate_.bits(target);
}

Symbol Interpreter::input(const Declaration& declaration, Symbol symbol, Location at) const {
  symbol.constant = true;
  if (const auto given = inputs_.find(declaration.name); given != inputs_.end()) {
    if (!holds_angles(symbol.type.kind) && given->second != std::trunc(given->second))
      fail(at, fmt::format("the input \"{}\" is a whole number, not {}", declaration.name, given->second));
    symbol.value = cast(given_value(given->second, symbol.type.kind), symbol.type, at);
    return symbol;
  }
  const auto slot = slot_named(declaration.name);
  if (!slot || !holds_angles(symbol.type.kind) || declaration.initial) {
    fail(at,
         fmt::format("the input \"{0}\" has no value (qupel sim takes one: --input {0}=NUMBER); only float "
                     "inputs x0, x1, ... (features) and theta0, theta1, ... (parameters) may be left open",
                     declaration.name));
  }
  symbol.value = Value::of(Angle(1, *slot));
  return symbol;
}

void Interpreter::assign(const Assignment& assignment, Location at) {
  const auto operator_ = assignment.operator_.substr(0, assignment.operator_.size() - 1);
  const auto& target = assignment.target;
  auto given = with_results(assignment.value);
  if (!operator_.empty()) given = {Expression::Kind::binary, at, operator_, {}, {}, {target, given}};
  if (assign_in_array(target, given, at)) return;
  Symbol* symbol = target.kind == Expression::Kind::name ? scope_.find(target.text) : nullptr;
  if (symbol == nullptr || (symbol->kind == Symbol::Kind::bits && !holds_measured_bits(symbol->type.kind)))
    return write(target_bits(target), given, at);
  if (!conditions_.empty() && holds_measured_bits(symbol->type.kind) && !symbol->constant &&
      !scope_.is_newer(symbol, locals_before_condition_) &&
      (symbol->kind == Symbol::Kind::variable || symbol->kind == Symbol::Kind::bits))
    return assign_where(*symbol, given, at);
  if (!conditions_.empty() && !scope_.is_newer(symbol, locals_before_condition_))
    fail(at, fmt::format("\"{}\" would depend on a measurement, and only bits can", target.text));
  if (symbol->kind == Symbol::Kind::qubits || symbol->constant)
    fail(at, fmt::format("\"{}\" cannot be assigned to: it is constant or a qubit register", target.text));
  refuse_unsupported(symbol, at);
  if (holds_measured_bits(symbol->type.kind) && evaluate_.depends_on_measurement(given)) {
    *symbol = measured_number(symbol->type, given);
    return;
  }
  const auto value = cast(evaluate_.value(given), symbol->type, at);
  *symbol = {.type = symbol->type, .value = value};
}

}  // namespace qupel::qasm
