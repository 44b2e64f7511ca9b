#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// What runs where measured bits say so: the branches of an if, and the cases of a switch.
namespace qupel::qasm {
namespace {

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

}  // namespace qupel::qasm
