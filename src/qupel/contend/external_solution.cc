#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/contend/partner.h"
#include "qupel/problem/optimization/tries.h"

namespace qupel {
namespace {

using json = nlohmann::json;

std::string solve_message(const std::string& name, const Decision& decision, const Settings& settings,
                          const FitContext& context) {
  auto head = request("solve", decision.kind(), name, settings, context);
  head["sense"] = decision.maximised() ? "max" : "min";
  auto text = as_line(head);
  text.pop_back();
  return text + ",\"problem\":" + decision.data() + "}";
}

/// The values of an answer to "solve". @throws InputError for a solution that is none of this decision, one
/// that breaks a constraint, and an objective that the solution does not have
Values solved_values(const json& answer, const Decision& decision) {
  constexpr double slack = 1e-6;  // of an objective, relative: programs compute in single precision, too
  const auto solution = answer.find("solution");
  if (solution == answer.end()) throw InputError("answered \"solve\" without a \"solution\"");
  Values values;
  try {
    values = decision.read_solution(solution->dump(-1, ' ', true, json::error_handler_t::replace));
  } catch (const InputError& error) {
    throw InputError(fmt::format("answered {}", error.what()));
  }
  if (const auto wrong = decision.violation(values); !wrong.empty())
    throw InputError(fmt::format("answered an infeasible solution: {}", wrong));
  const auto claimed = answer.find("objective");
  if (claimed == answer.end()) return values;
  const double objective = decision.objective(values);
  const double number = claimed->is_number() ? claimed->get<double>() : std::nan("");
  if (!(std::abs(number - objective) <= slack * std::max(1e-6, std::abs(objective))))
    throw InputError(fmt::format("answered objective = {}; that of its solution is {}",
                                 Program::quoted(claimed->dump(), 40), objective));
  return values;
}

/// What a program found for a decision. About another decision the program is started anew.
class ExternalSolver : public Fitted {
 public:
  ExternalSolver(std::string name, External external, const Decision& decision, Settings settings,
                 const FitContext& context)
      : name_(std::move(name)),
        external_(std::move(external)),
        settings_(std::move(settings)),
        seed_(context.seed),
        digest_(decision.digest()),
        solved_(solve(decision, context, &info_)) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    if (decision.digest() == digest_) return solved_;
    auto same = context;
    same.seed = seed_;
    return solve(decision, same, nullptr);
  }
  FitInfo info() const override { return info_; }

 private:
  Assignment solve(const Decision& decision, const FitContext& context, FitInfo* info) const {
    Partner partner(external_);
    const auto answer = partner.ask(solve_message(name_, decision, settings_, context),
                                    decision.first_answer().size() + decision.variables());
    if (info != nullptr) *info = fit_info(answer);
    try {
      Tries tries(decision);
      tries.add(solved_values(answer, decision));
      return std::move(tries).take();
    } catch (const InputError& error) {
      throw partner.fault(error.what());
    }
  }

  std::string name_;
  External external_;
  Settings settings_;
  std::uint64_t seed_;
  std::string digest_;
  FitInfo info_;
  Assignment solved_;
};

}  // namespace

std::unique_ptr<Fitted> external_solution(const std::string& name, const External& external,
                                          const Decision& decision, const Settings& settings,
                                          const FitContext& context) {
  return std::make_unique<ExternalSolver>(name, external, decision, settings, context);
}

}  // namespace qupel
