#include <fmt/format.h>

#include <algorithm>

#include "qupel/circuit/qasm/interpreter.h"

// Arrays of numbers, which are known while the program is read.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_elements = 1'000'000;

std::size_t elements_of(const std::vector<int>& dimensions, Location at) {
  std::size_t count = 1;
  for (const int size : dimensions) {
    count *= static_cast<std::size_t>(size);
    if (count > most_elements) fail(at, fmt::format("an array of more than {} elements", most_elements));
  }
  return count;
}

}  // namespace

void Interpreter::declare(const ArrayDeclaration& declaration, Location at) {
  Symbol made{.kind = Symbol::Kind::array, .type = evaluate_.type(declaration.type.element)};
  for (const auto& size : declaration.type.dimensions) made.dimensions.push_back(evaluate_.size(size));
  const auto count = elements_of(made.dimensions, at);
  if (declaration.initial)
    fill(made, 0, *declaration.initial);
  else
    made.elements.assign(count, cast(Value::of(std::int64_t{0}), made.type, at));
  made.constant = declaration.constant;
  introduce(declaration.name, std::move(made), at);
}

// Appends what a nested set or an array holds.
void Interpreter::fill(Symbol& made, std::size_t dimension, const Expression& values) {
  if (const auto part = evaluate_.array_part(values); part && !part->is_element()) {
    const auto& given = *part->array;
    if (!std::ranges::equal(
            given.dimensions.begin() + static_cast<std::ptrdiff_t>(part->indices), given.dimensions.end(),
            made.dimensions.begin() + static_cast<std::ptrdiff_t>(dimension), made.dimensions.end()))
      fail(values.at, "an array of other dimensions");
    for (std::size_t k = 0; k < part->size(); ++k)
      made.elements.push_back(cast(given.elements[part->first() + k], made.type, values.at));
    return;
  }
  if (dimension == made.dimensions.size()) {
    made.elements.push_back(cast(evaluate_.value(with_results(values)), made.type, values.at));
    return;
  }
  const auto size = static_cast<std::size_t>(made.dimensions[dimension]);
  if (values.kind != Expression::Kind::set || values.parts.size() != size)
    fail(values.at, fmt::format("{{...}} of {} element{} expected here", size, size == 1 ? "" : "s"));
  for (const auto& part : values.parts) fill(made, dimension + 1, part);
}

// @return false if the target is no array
bool Interpreter::assign_in_array(const Expression& target, const Expression& value, Location at) {
  const auto part = evaluate_.array_part(target);
  if (!part) return false;
  Symbol made{.type = part->array->type, .dimensions = part->array->dimensions};
  fill(made, part->indices, value);
  write(*part, made.elements, at);
  return true;
}

void Interpreter::write(const Evaluator::ArrayPart& part, const std::vector<Value>& elements, Location at) {
  if (part.array->constant) fail(at, "a constant array cannot be assigned to");
  if (!conditions_.empty() && !scope_.is_newer(part.array, locals_before_condition_))
    fail(at, "an array would depend on a measurement, and only bits can");
  auto& all = const_cast<Symbol*>(part.array)->elements;
  for (std::size_t k = 0; k < elements.size(); ++k)
    all[part.first() + k] = cast(elements[k], part.array->type, at);
}

Symbol Interpreter::array_argument(const Subroutine::Parameter& parameter, const Expression& given) {
  const auto part = evaluate_.array_part(given);
  if (!part || part->is_element()) fail(given.at, fmt::format("\"{}\" takes an array", parameter.name));
  const auto none_visible = scope_.enter_definition(0);
  Symbol made{.kind = Symbol::Kind::array, .type = evaluate_.type(parameter.array->element)};
  std::vector<int> dimensions;
  for (const auto& size : parameter.array->dimensions) dimensions.push_back(evaluate_.size(size));
  const auto rank = parameter.array->rank
                        ? evaluate_.integer(*parameter.array->rank, "a number of dimensions")
                        : static_cast<std::int64_t>(dimensions.size());
  scope_.leave_definition(none_visible);
  const auto& all = part->array->dimensions;
  made.dimensions.assign(all.begin() + static_cast<std::ptrdiff_t>(part->indices), all.end());
  if (static_cast<std::int64_t>(made.dimensions.size()) != rank ||
      (!parameter.array->rank && made.dimensions != dimensions))
    fail(given.at, fmt::format("\"{}\" takes an array of other dimensions", parameter.name));
  made.constant = !parameter.changes;
  fill(made, 0, given);
  return made;
}

}  // namespace qupel::qasm
