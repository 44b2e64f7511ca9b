#include "qupel/circuit/qasm/evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

namespace qupel::qasm {
namespace {

using ExpressionKind = Expression::Kind;

// Looked up last, so that whatever a program declares under such a name hides it.
std::optional<double> built_in_constant(std::string_view name) {
  if (name == "pi" || name == "π") return std::numbers::pi;
  if (name == "tau" || name == "τ") return 2 * std::numbers::pi;
  if (name == "euler" || name == "ℇ") return std::numbers::e;
  return std::nullopt;
}

// Whether an index names a part, which is a register even where it has one bit.
bool is_part(const Expression& index) {
  return index.kind == ExpressionKind::range || index.kind == ExpressionKind::set;
}

}  // namespace

void refuse_unsupported(const Symbol* symbol, Location at) {
  if (symbol != nullptr && symbol->kind == Symbol::Kind::unsupported) fail(at, symbol->reason);
}

Value Evaluator::value(const Expression& expression) const {
  const auto& parts = expression.parts;
  switch (expression.kind) {
    case ExpressionKind::value:
      return expression.value;
    case ExpressionKind::name:
      return named(expression);
    case ExpressionKind::unary:
      return unary(expression.text, value(parts[0]), expression.at);
    case ExpressionKind::binary:
      if (expression.text == "&&" || expression.text == "||") return logic(expression);
      return binary(expression.text, value(parts[0]), value(parts[1]), version, expression.at);
    case ExpressionKind::call: {
      refuse_unsupported(scope_->find(expression.text), expression.at);
      if (expression.text == "sizeof") return Value::of(std::int64_t{size_of(expression)});
      std::vector<Value> arguments;
      for (const auto& part : parts) arguments.push_back(value(part));
      return call(expression.text, arguments, expression.at);
    }
    case ExpressionKind::cast:
      return cast_value(expression);
    case ExpressionKind::index:
      return indexed(expression);
    case ExpressionKind::bits:
      return is_whole_number(expression.type) ? number_of(value_of(expression.listed, expression.at),
                                                          {expression.type, expression.value.width})
                                              : value_of(expression.listed, expression.at);
    case ExpressionKind::large_integer:
      fail(expression.at, "the integer is too large");
    default:
      fail(expression.at, "a number expected here");
  }
}

Value Evaluator::logic(const Expression& expression) const {
  const bool left = truth(expression.parts[0]);
  const bool decided = left == (expression.text == "||");
  return Value::of(decided ? left : truth(expression.parts[1]));
}

Value Evaluator::named(const Expression& expression) const {
  const Symbol* symbol = scope_->find(expression.text);
  if (symbol == nullptr) {
    if (const auto constant = built_in_constant(expression.text)) return Value::of(*constant);
    fail(expression.at, fmt::format("\"{}\" is not defined here", expression.text));
  }
  refuse_unsupported(symbol, expression.at);
  if (symbol->kind == Symbol::Kind::qubits) {
    fail(expression.at, fmt::format("\"{}\" is a qubit register, not a number", expression.text));
  }
  if (symbol->kind == Symbol::Kind::array)
    fail(expression.at, fmt::format("\"{}\" is an array: only its elements are numbers", expression.text));
  if (symbol->unset) fail(expression.at, fmt::format("\"{}\" has no value yet", expression.text));
  if (symbol->kind != Symbol::Kind::bits) return symbol->value;
  const auto value = value_of(symbol->bits, expression.at);
  return holds_angles(symbol->type.kind) || symbol->type.kind == Type::Kind::bits
             ? value
             : number_of(value, symbol->type);
}

// What a number is worth that holds bits.
Value Evaluator::number_of(Value bits, const Type& type) {
  if (type.kind == Type::Kind::boolean) return Value::of(bits.integer != 0);
  const bool negative =
      holds_sign(type, static_cast<std::size_t>(bits.width)) && ((bits.integer >> (bits.width - 1)) & 1) != 0;
  return {type.kind, bits.integer - (negative ? std::int64_t{1} << bits.width : 0), 0, type.width};
}

bool Evaluator::known(int bit, Location at) const {
  const auto& found = scope_->bits[static_cast<std::size_t>(bit)];
  if (found.measured)
    fail(at,
         "a measured bit is known only when the circuit runs: it may decide about statements (if) and be "
         "written into other bits, and nothing else");
  return found.value;
}

Value Evaluator::value_of(const std::vector<int>& bits, Location at) const {
  Value value{Type::Kind::bits, 0, 0, static_cast<int>(bits.size())};
  if (value.width > most_value_bits)
    fail(at, fmt::format("the value of more than {} bits is not supported", most_value_bits));
  for (int k = 0; k < value.width; ++k)
    if (known(bits[static_cast<std::size_t>(k)], at)) value.integer |= std::int64_t{1} << k;
  return value;
}

// The register that an expression names; null if it names none.
const Symbol* Evaluator::bit_register(const Expression& expression) const {
  const Symbol* symbol = expression.kind == ExpressionKind::name ? scope_->find(expression.text) : nullptr;
  return symbol != nullptr && symbol->kind == Symbol::Kind::bits ? symbol : nullptr;
}

bool Evaluator::names_bits(const Expression& expression) const {
  const bool joined =
      expression.kind == ExpressionKind::concatenation || expression.kind == ExpressionKind::index;
  if (joined && !expression.parts.empty()) return names_bits(expression.parts[0]);
  if (expression.kind == ExpressionKind::bits) return true;
  return bit_register(expression) != nullptr;
}

std::vector<int> Evaluator::bits(const Expression& expression) const {
  if (auto found = bits_of(expression)) return std::move(*found);
  fail(expression.at, "a bit or a bit register expected");
}

std::optional<std::vector<int>> Evaluator::bits_of(const Expression& expression) const {
  switch (expression.kind) {
    case ExpressionKind::bits:
      return expression.listed;
    case ExpressionKind::cast:
      return bits_of_cast(expression);
    case ExpressionKind::concatenation: {
      std::vector<int> found;
      for (const auto& part : expression.parts) {
        const auto more = bits(part);
        found.insert(found.end(), more.begin(), more.end());
      }
      return found;
    }
    case ExpressionKind::index: {
      const auto whole = bits(expression.parts[0]);
      if (expression.parts.size() != 2) fail(expression.at, "one index expected");
      std::vector<int> found;
      for (const int k : places(expression.parts[1], indexed_width(expression.parts[0], whole.size()))) {
        if (static_cast<std::size_t>(k) >= whole.size())
          fail(expression.at,
               fmt::format(
                   "the lowest {} bits of this number can be named; give its type a width to name others",
                   whole.size()));
        found.push_back(whole[static_cast<std::size_t>(k)]);
      }
      return found;
    }
    default:
      break;
  }
  const Symbol* symbol = bit_register(expression);
  return symbol == nullptr ? std::nullopt : std::optional(symbol->bits);
}

// How many bits may be named: of a number as many as its type has.
int Evaluator::indexed_width(const Expression& what, std::size_t bits) const {
  const Symbol* symbol = bit_register(what);
  const bool number = symbol != nullptr && is_whole_number(symbol->type.kind);
  return number ? whole_width(symbol->type) : static_cast<int>(bits);
}

// Those of a cast that gives as many bits as it takes, or another type that holds them.
std::optional<std::vector<int>> Evaluator::bits_of_cast(const Expression& expression) const {
  const auto& inner = expression.parts[0];
  if (holds_angles(expression.type) || (!names_bits(inner) && inner.kind != ExpressionKind::cast))
    return std::nullopt;
  auto found = bits_of(inner);
  if (!found) return found;
  const auto count = static_cast<std::int64_t>(found->size());
  const bool holds = expression.type == Type::Kind::boolean
                         ? count == 1
                         : expression.parts.size() < 2 || integer(expression.parts[1], "a width") >= count;
  return holds ? std::move(found) : std::nullopt;
}

bool Evaluator::depends_on_measurement(const Expression& expression) const {
  if (names_bits(expression)) {
    return std::ranges::any_of(bits(expression),
                               [&](int bit) { return scope_->bits[static_cast<std::size_t>(bit)].measured; });
  }
  return std::ranges::any_of(expression.parts,
                             [&](const Expression& each) { return depends_on_measurement(each); });
}

std::size_t Evaluator::ArrayPart::size() const {
  std::size_t size = 1;
  for (std::size_t k = indices; k < array->dimensions.size(); ++k)
    size *= static_cast<std::size_t>(array->dimensions[k]);
  return size;
}

std::optional<Evaluator::ArrayPart> Evaluator::array_part(const Expression& expression) const {
  if (expression.kind == ExpressionKind::name) {
    const Symbol* symbol = scope_->find(expression.text);
    if (symbol == nullptr || symbol->kind != Symbol::Kind::array) return std::nullopt;
    return ArrayPart{symbol};
  }
  if (expression.kind != ExpressionKind::index) return std::nullopt;
  auto part = array_part(expression.parts[0]);
  if (!part || part->is_element()) return std::nullopt;  // or a bit of an element
  for (std::size_t k = 1; k < expression.parts.size(); ++k) {
    const auto& index = expression.parts[k];
    if (part->is_element()) fail(index.at, "an index more than the array has dimensions");
    if (index.kind == ExpressionKind::range || index.kind == ExpressionKind::set)
      fail(index.at, "slices of arrays are not supported");
    const int size = part->array->dimensions[part->indices++];
    part->place = part->place * static_cast<std::size_t>(size) +
                  static_cast<std::size_t>(place(integer(index, "an index"), size, index.at));
  }
  return part;
}

// sizeof(array), sizeof(array, dimension)
int Evaluator::size_of(const Expression& expression) const {
  const auto& parts = expression.parts;
  const auto part = parts.empty() || parts.size() > 2 ? std::nullopt : array_part(parts[0]);
  if (!part || part->is_element())
    fail(expression.at, "sizeof takes an array, and the number of a dimension");
  const auto left = static_cast<int>(part->array->dimensions.size() - part->indices);
  const int dimension = parts.size() == 1 ? 0 : place(integer(parts[1], "a dimension"), left, parts[1].at);
  return part->array->dimensions[part->indices + static_cast<std::size_t>(dimension)];
}

// A bit of a register or of an integer.
Value Evaluator::indexed(const Expression& expression) const {
  const auto& what = expression.parts[0];
  if (const auto part = array_part(expression)) {
    if (!part->is_element())
      fail(expression.at, fmt::format("an array of {} dimensions, and {} of its indices",
                                      part->array->dimensions.size(), part->indices));
    return part->array->elements[part->first()];
  }
  if (expression.parts.size() != 2) fail(expression.at, "one index expected");
  const Symbol* symbol = what.kind == ExpressionKind::name ? scope_->find(what.text) : nullptr;
  if (names_bits(what)) {
    const auto found = bits(expression);
    return is_part(expression.parts[1]) ? value_of(found, what.at) : Value::of(known(found[0], what.at));
  }
  const auto number = value(what);
  if (!number.whole()) fail(expression.at, "only registers, bits and integers can be indexed");
  const int declared = symbol == nullptr ? 0 : symbol->type.width;
  const int width = number.width > 0                              ? number.width
                    : declared > 0 && declared <= most_value_bits ? declared
                                                                  : most_value_bits;
  Value part{Type::Kind::bits};
  for (const int k : places(expression.parts[1], width)) {
    const auto bit = (number.integer >> std::min(k, 63)) & 1;  // a sign goes on upwards
    if (part.width == most_value_bits)
      fail(expression.at, fmt::format("the value of more than {} bits is not supported", most_value_bits));
    part.integer |= bit << part.width++;
  }
  return is_part(expression.parts[1]) ? part : Value::of(part.integer != 0);
}

Value Evaluator::cast_value(const Expression& expression) const {
  Type type{expression.type, 0};
  if (expression.parts.size() > 1) {
    type.width =
        static_cast<int>(std::clamp<std::int64_t>(integer(expression.parts[1], "a width"), 0, 1 << 20));
    if (type.width == 0) fail(expression.parts[1].at, "a type's width is at least 1");
  }
  return cast(value(expression.parts[0]), type, expression.at);
}

std::int64_t Evaluator::integer(const Expression& expression, std::string_view what) const {
  return to_integer(value(expression), what, expression.at);
}

Type Evaluator::type(const TypeName& name) const {
  return {name.classical, name.width ? size(name.width) : 0};
}

int Evaluator::size(const std::optional<Expression>& width) const {
  constexpr int most = 1'000'000;
  if (!width) return 1;
  const auto given = integer(*width, "a size");
  if (given < 1 || given > most) fail(width->at, fmt::format("a size of {}: sizes are 1 to {}", given, most));
  return static_cast<int>(given);
}

int Evaluator::place(std::int64_t index, int size, Location at) const {
  if (index < (version == Version::two ? 0 : -size) || index >= size) {
    fail(at,
         fmt::format("index {} is out of range: there are {}, counted from 0{}", index, size,
                     version == Version::two && index < 0 ? " (OpenQASM 2 has no negative indices)" : ""));
  }
  return static_cast<int>(index < 0 ? index + size : index);
}

Evaluator::Range Evaluator::range(const Expression& expression, int size) const {
  const auto& parts = expression.parts;  // start, step, end
  const auto written = [](const Expression& part) { return part.kind != ExpressionKind::none; };
  if (size == 0 && (!written(parts[0]) || !written(parts[2])))
    fail(expression.at, "a range needs both its ends");
  Range range;
  if (written(parts[1])) range.step = integer(parts[1], "a step");
  if (range.step == 0) fail(parts[1].at, "a step of 0");
  range.start = written(parts[0]) ? integer(parts[0], "an index") : range.step > 0 ? 0 : size - 1;
  range.end = written(parts[2]) ? integer(parts[2], "an index") : range.step > 0 ? size - 1 : 0;
  return range;
}

std::vector<int> Evaluator::places(const Expression& index, int size) const {
  std::vector<int> found;
  if (index.kind == ExpressionKind::range) {
    auto part = range(index, size);
    part.start = place(part.start, size, index.at);
    part.end = place(part.end, size, index.at);
    part.step = std::clamp<std::int64_t>(part.step, -size, size);
    for (auto k = part.start; part.holds(k); k += part.step) found.push_back(static_cast<int>(k));
    if (found.empty()) fail(index.at, "this range is empty");
  } else if (index.kind == ExpressionKind::set) {
    for (const auto& each : index.parts) found.push_back(place(integer(each, "an index"), size, each.at));
    if (found.empty()) fail(index.at, "this set is empty");
  } else {
    found.push_back(place(integer(index, "an index"), size, index.at));
  }
  return found;
}

Qubits Evaluator::qubits(const Expression& expression) const {
  switch (expression.kind) {
    case ExpressionKind::name: {
      const Symbol* symbol = scope_->find(expression.text);
      if (symbol == nullptr) fail(expression.at, fmt::format("\"{}\" is not defined here", expression.text));
      refuse_unsupported(symbol, expression.at);
      if (symbol->kind != Symbol::Kind::qubits) {
        fail(expression.at, fmt::format("\"{}\" is not a qubit or a qubit register", expression.text));
      }
      return symbol->qubits;
    }
    case ExpressionKind::index:
      return part(expression);
    case ExpressionKind::concatenation:
      return joined(expression);
    default:
      fail(expression.at, "a qubit or a qubit register expected");
  }
}

Qubits Evaluator::part(const Expression& expression) const {
  const auto whole = qubits(expression.parts[0]);
  if (whole.single) fail(expression.at, "a single qubit cannot be indexed");
  if (expression.parts.size() != 2) fail(expression.at, "one index expected");
  const auto& index = expression.parts[1];
  Qubits result;
  const auto at = places(index, whole.size());
  result.single = index.kind != ExpressionKind::range && index.kind != ExpressionKind::set;
  if (result.single) {
    result.first = whole[at[0]];
    return result;
  }
  for (const int k : at) result.listed.push_back(whole[k]);
  return result;
}

Qubits Evaluator::joined(const Expression& expression) const {
  if (expression.parts.size() == 1) return qubits(expression.parts[0]);
  Qubits result;
  result.single = false;
  for (const auto& each : expression.parts) {
    const auto next = qubits(each);
    for (int k = 0; k < next.size(); ++k) result.listed.push_back(next[k]);
  }
  return result;
}

}  // namespace qupel::qasm
