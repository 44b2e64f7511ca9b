#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// Loops, and what leaves them. A program is read once: loops are run through while it is read, so that what
// they depend on has to be known then.
namespace qupel::qasm {

/// A loop in progress.
class Interpreter::LoopInProgress {
 public:
  explicit LoopInProgress(Interpreter& self)
      : self_(self), outer_(std::exchange(self.loop_conditions_, self.conditions_.size())) {}
  ~LoopInProgress() { self_.loop_conditions_ = outer_; }
  LoopInProgress(const LoopInProgress&) = delete;
  LoopInProgress& operator=(const LoopInProgress&) = delete;

  /// One round. @return whether the next one may follow
  bool round(const Block& body) {
    self_.budget_.spend();
    self_.run(body);
    if (self_.leaving_ == Jump::Kind::next_round) {
      self_.leaving_.reset();
    } else if (self_.leaving_ == Jump::Kind::out_of_loop) {
      self_.leaving_.reset();
      return false;
    }
    return !self_.leaving_;
  }

 private:
  Interpreter& self_;
  std::optional<std::size_t> outer_;
};

void Interpreter::loop(const For& loop, Location at) {
  if (loop.type && loop.type->kind == TypeName::Kind::qubit) fail(at, "a loop runs over numbers, not qubits");
  LoopInProgress rounds(*this);
  const auto once = [&](Value value) {
    const auto depth = scope_.depth();
    if (loop.type) value = cast(value, evaluate_.type(*loop.type), at);
    scope_.push(loop.name, {.type = {value.kind, value.width}, .value = value});
    const bool goes_on = rounds.round(loop.body);
    scope_.drop_to(depth);
    return goes_on;
  };
  if (loop.values.kind == Expression::Kind::set) {
    for (const auto& each : loop.values.parts) {
      const auto value = evaluate_.value(each);
      if (!loop.type && !value.whole())
        fail(each.at, "a loop's value is an integer where no type says otherwise");
      if (!once(value)) return;
    }
    return;
  }
  if (const auto part = evaluate_.array_part(loop.values)) {
    if (part->array->dimensions.size() != part->indices + 1)
      fail(loop.values.at, "a loop runs over an array of one dimension");
    const auto first = part->array->elements.begin() + static_cast<std::ptrdiff_t>(part->first());
    const std::vector elements(first, first + static_cast<std::ptrdiff_t>(part->size()));
    for (const auto& element : elements)
      if (!once(element)) return;
    return;
  }
  if (loop.values.kind != Expression::Kind::range)
    fail(loop.values.at,
         "a loop runs over a range [first:last], a set {a, b, ...} of constants, or an array");
  const auto range = evaluate_.range(loop.values, 0);
  for (auto k = range.start; range.holds(k);) {
    if (!once(Value::of(k))) return;
    if (__builtin_add_overflow(k, range.step, &k)) return;
  }
}

void Interpreter::loop(const While& loop, Location at) {
  LoopInProgress rounds(*this);
  do {
    const auto condition = with_results(loop.condition);
    if (evaluate_.depends_on_measurement(condition))
      fail(at,
           "how often this loop runs is measured: only a while whose condition is known before the circuit "
           "runs is supported");
    if (!evaluate_.truth(condition)) return;
  } while (rounds.round(loop.body));
}

void Interpreter::leave(const Jump& jump, Location at) {
  std::size_t outside = 0;  // conditions that what is left was under itself
  if (jump.kind == Jump::Kind::out_of_subroutine) {
    if (subroutine_ == nullptr) fail(at, "return belongs into a subroutine");
    outside = subroutine_->conditions;
  } else if (jump.kind != Jump::Kind::end_of_program) {
    if (!loop_conditions_) fail(at, "break and continue belong into loops");
    outside = *loop_conditions_;
  }
  if (conditions_.size() > outside)
    fail(at, "break, continue, return and end may not depend on what is measured");
  if (jump.kind == Jump::Kind::out_of_subroutine) give_back(jump, at);
  leaving_ = jump.kind;
}

}  // namespace qupel::qasm
