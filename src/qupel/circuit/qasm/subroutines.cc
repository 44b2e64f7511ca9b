#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"
#include "qupel/circuit/qasm/nesting.h"
#include "qupel/circuit/qasm/parser.h"

// Subroutines: their bodies are run where they are called. Qubits are given as they are, all else by its
// value; what is returned is a number, or bits of the circuit if they are measured.
namespace qupel::qasm {
namespace {

constexpr int most_levels_in_calls = 2000;  // of expressions that are in progress, in all calls together

// The expressions of a statement whose calls of subroutines are made before it is run. Conditions, values
// that are assigned, and what is in blocks have theirs made where they are looked at.
template <typename What>
auto expressions_in(What& what) {
  std::vector<std::conditional_t<std::is_const_v<What>, const Expression, Expression>*> found;
  const auto add = [&](auto& expressions) {
    for (auto& each : expressions) found.push_back(&each);
  };
  if (auto* call = std::get_if<GateCall>(&what)) {
    for (auto& modifier : call->modifiers)
      if (modifier.argument) found.push_back(&*modifier.argument);
    add(call->angles);
    add(call->operands);
  } else if (auto* measurement = std::get_if<Measurement>(&what)) {
    found.push_back(&measurement->qubits);
    if (measurement->bits) found.push_back(&*measurement->bits);
  } else if (auto* assignment = std::get_if<Assignment>(&what)) {
    found.push_back(&assignment->target);
  } else if (auto* reset = std::get_if<Reset>(&what)) {
    found.push_back(&reset->qubits);
  } else if (auto* barrier = std::get_if<Barrier>(&what)) {
    add(barrier->operands);
  } else if (auto* delay = std::get_if<Delay>(&what)) {
    add(delay->operands);
  } else if (auto* alias = std::get_if<Alias>(&what)) {
    found.push_back(&alias->value);
  } else if (auto* loop = std::get_if<For>(&what)) {
    found.push_back(&loop->values);
  }
  return found;
}

}  // namespace

void Interpreter::declare(const SubroutineText& text, Location at) {
  if (depth_ > 1) fail(at, "subroutines are defined at the top level only");
  introduce(text.name,
            {.kind = Symbol::Kind::unsupported, .reason = "a subroutine has no value: call it by f(...)"},
            at);
  subroutines_.emplace(text.name, DefinedSubroutine{at.source, text, evaluate_.version, std::nullopt});
}

bool Interpreter::calls_subroutine(const Expression& expression) const {
  if (subroutines_.empty()) return false;
  if (expression.kind == Expression::Kind::call && subroutines_.contains(expression.text)) return true;
  return std::ranges::any_of(expression.parts, [this](const auto& part) { return calls_subroutine(part); });
}

Expression Interpreter::with_results(const Expression& expression) {
  if (!calls_subroutine(expression)) return expression;
  const Nesting nesting(levels_, expression.at, most_levels_in_calls);
  if (expression.kind == Expression::Kind::call && subroutines_.contains(expression.text)) {
    if (auto result = call_subroutine(expression.text, expression.parts, expression.at)) return *result;
    fail(expression.at, fmt::format("\"{}\" returns nothing here", expression.text));
  }
  auto made = expression;
  if (expression.kind == Expression::Kind::binary) return with_results_of_sides(std::move(made));
  for (auto& part : made.parts) part = with_results(part);
  return made;
}

// Its calls are made only where the condition holds.
Expression Interpreter::with_results_where(const Condition& condition, const Expression& expression) {
  const auto outer_locals = std::exchange(locals_before_condition_, scope_.depth());
  conditions_.push_back(condition);
  auto made = with_results(expression);
  conditions_.pop_back();
  locals_before_condition_ = outer_locals;
  return made;
}

// From the left to the right: what the left side is worth is not changed by calls on the right, which are not
// made where the left side decides.
Expression Interpreter::with_results_of_sides(Expression made) {
  auto &left = made.parts[0], &right = made.parts[1];
  left = with_results(left);
  if (!calls_subroutine(right)) return made;
  const bool is_and = made.text == "&&", decides = is_and || made.text == "||";
  if (!evaluate_.depends_on_measurement(left)) {
    Expression known{Expression::Kind::value, left.at};
    known.value = evaluate_.value(left);
    left = known;
    if (decides && to_truth(known.value, left.at) != is_and) {
      known.value = Value::of(!is_and);
      return known;
    }
  } else if (const auto decided = decides ? decision(left) : Decision::of(true); !decided.known) {
    const auto holds = kept(decided.all, left.at);
    left = Expression{.kind = Expression::Kind::bits, .at = left.at, .listed = holds.bits};
    right = with_results_where(is_and ? holds : negation(holds), right);
    return made;
  }
  right = with_results(right);
  return made;
}

// The statement with what subroutines return in the places where it calls them; nothing if it calls none.
std::optional<Statement> Interpreter::with_calls_made(const Statement& statement) {
  if (subroutines_.empty()) return std::nullopt;
  const auto calls = [this](const Expression* each) { return calls_subroutine(*each); };
  if (std::ranges::none_of(expressions_in(statement.what), calls)) return std::nullopt;
  auto made = statement;
  for (auto* each : expressions_in(made.what)) *each = with_results(*each);
  return made;
}

const Subroutine& Interpreter::parsed(DefinedSubroutine& defined) {
  if (!defined.parsed)
    defined.parsed = Parser::subroutine_in(*defined.source, defined.text, defined.version,
                                           [this](auto name) { return gates_.defines(name); });
  return *defined.parsed;
}

std::optional<Expression> Interpreter::call_subroutine(std::string_view name,
                                                       const std::vector<Expression>& arguments,
                                                       Location at) {
  const Nesting nesting(depth_, at);
  budget_.spend();
  const auto& subroutine = parsed(subroutines_.at(name));
  if (arguments.size() != subroutine.parameters.size())
    fail(at, fmt::format("\"{}\" takes {} argument{}, not {}", name, subroutine.parameters.size(),
                         subroutine.parameters.size() == 1 ? "" : "s", arguments.size()));
  std::vector<Symbol> given;
  std::vector<Expression> known;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    known.push_back(with_results(arguments[k]));
    given.push_back(argument(subroutine.parameters[k], known[k]));
  }
  std::vector<int> qubits;
  for (const auto& symbol : given)
    for (int k = 0; symbol.kind == Symbol::Kind::qubits && k < symbol.qubits.size(); ++k)
      qubits.push_back(symbol.qubits[k]);
  require_distinct(qubits, name, at);
  const auto depth = scope_.depth();
  for (std::size_t k = 0; k < given.size(); ++k)
    scope_.push(subroutine.parameters[k].name, std::move(given[k]));
  const auto visible = scope_.enter_definition(given.size());
  SubroutineInProgress call{&subroutine, conditions_.size(), std::nullopt};
  auto* const outer = std::exchange(subroutine_, &call);
  const auto outer_loop = std::exchange(loop_conditions_, std::nullopt);
  run(subroutine.body);
  if (leaving_ == Jump::Kind::out_of_subroutine) leaving_.reset();
  std::vector<std::pair<std::size_t, Symbol>> changed;
  for (std::size_t k = 0; k < arguments.size(); ++k)
    if (subroutine.parameters[k].changes)
      changed.emplace_back(k, *scope_.find(subroutine.parameters[k].name));
  loop_conditions_ = outer_loop;
  subroutine_ = outer;
  scope_.leave_definition(visible);
  scope_.drop_to(depth);
  for (const auto& [k, array] : changed) write(*evaluate_.array_part(known[k]), array.elements, at);
  if (call.result) call.result->at = at;
  return std::move(call.result);
}

Symbol Interpreter::argument(const Subroutine::Parameter& parameter, const Expression& given) {
  if (parameter.array) return array_argument(parameter, given);
  const auto none_visible =
      scope_.enter_definition(0);  // a width may use constants of the program, no locals
  const auto type = evaluate_.type(parameter.type);
  scope_.leave_definition(none_visible);
  const int width = std::max(type.width, 1);
  if (parameter.type.kind == TypeName::Kind::qubit) {
    auto qubits = evaluate_.qubits(given);
    if (qubits.size() != width)
      fail(given.at, fmt::format("\"{}\" takes {} qubit{}, not {}", parameter.name, width,
                                 width == 1 ? "" : "s", qubits.size()));
    if (!parameter.type.width) qubits = {.first = qubits[0]};
    qubits.single = !parameter.type.width;
    return {.kind = Symbol::Kind::qubits, .qubits = std::move(qubits)};
  }
  const bool may_be_measured = is_whole_number(type.kind) || type.kind == Type::Kind::boolean;
  if (may_be_measured && evaluate_.depends_on_measurement(given)) return measured_number(type, given);
  if (type.kind != Type::Kind::bits)
    return {.type = type, .value = cast(evaluate_.value(given), type, given.at)};
  auto bits = unnamed_bits(width, given.at);
  write(bits, given, given.at);
  return {.kind = Symbol::Kind::bits, .bits = std::move(bits)};
}

std::vector<int> Interpreter::unnamed_bits(int count, Location at) {
  std::vector<int> bits(static_cast<std::size_t>(count));
  if (count == 0) return bits;
  const int first = add_register("", count, at);
  for (int k = 0; k < count; ++k) bits[static_cast<std::size_t>(k)] = first + k;
  return bits;
}

void Interpreter::give_back(const Jump& jump, Location at) {
  const auto& result = subroutine_->subroutine->result;
  if (!jump.value) return;
  if (!result) fail(at, "this subroutine has no type of what it returns: write -> and the type");
  const auto type = evaluate_.type(*result);
  Expression made{Expression::Kind::bits, at};
  if (jump.measured) {
    const auto qubits = evaluate_.qubits(*jump.value);
    made.listed = unnamed_bits(qubits.size(), at);
    measure(qubits, made.listed, at);
    if (is_whole_number(type.kind)) {
      made.listed = measured_number(type, made).bits;
      made.type = type.kind;
      made.value.width = type.width;
    }
  } else if (const auto value = with_results(*jump.value); evaluate_.depends_on_measurement(value)) {
    if (is_whole_number(type.kind)) {
      made.listed = measured_number(type, value).bits;
      made.type = type.kind;
      made.value.width = type.width;
    } else if (evaluate_.names_bits(value)) {
      made.listed = evaluate_.bits(value);
    } else {
      made.listed = unnamed_bits(std::max(type.width, 1), at);
      write(made.listed, value, at);
    }
  } else {
    made.kind = Expression::Kind::value;
    made.value = cast(evaluate_.value(value), type, at);
  }
  const bool fits =
      is_whole_number(made.type) || ((type.kind == Type::Kind::bits || type.kind == Type::Kind::boolean) &&
                                     made.listed.size() == static_cast<std::size_t>(std::max(type.width, 1)));
  if (made.kind == Expression::Kind::bits && !fits)
    fail(at, fmt::format("the type of what is returned does not hold {} measured bit{}", made.listed.size(),
                         made.listed.size() == 1 ? "" : "s"));
  subroutine_->result = std::move(made);
}

}  // namespace qupel::qasm
