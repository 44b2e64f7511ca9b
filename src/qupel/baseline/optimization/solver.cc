#include "qupel/baseline/optimization/solver.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"

namespace qupel {
namespace {

class SolvedModel final : public Fitted {
 public:
  SolvedModel(const Decision& decision, Settings settings, const FitContext& context, const Solve& solve)
      : solve_(solve),
        settings_(std::move(settings)),
        seed_(context.seed),
        digest_(decision.digest()),
        solved_(solve(decision, settings_, context)) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto& decision = dynamic_cast<const Decision&>(instance);
    if (decision.digest() == digest_) return solved_.answer;
    auto same = context;
    same.seed = seed_;
    return solve_(decision, settings_, same).answer;
  }
  FitInfo info() const override { return solved_.info; }

 private:
  Solve solve_;
  Settings settings_;
  std::uint64_t seed_;
  std::string digest_;
  Solved solved_;
};

}  // namespace

Contender with_solver(Contender record, Solve solve) {
  record.fit = [solve = std::move(solve)](const Instance& instance, const Settings& settings,
                                          const FitContext& context) -> std::unique_ptr<Fitted> {
    return std::make_unique<SolvedModel>(dynamic_cast<const Decision&>(instance), settings, context, solve);
  };
  return record;
}

std::size_t starts_of(double starts, const FitContext& context) {
  const double wanted = starts * context.effort * (context.for_search ? 0.25 : 1);
  return static_cast<std::size_t>(std::max(1.0, std::round(wanted)));
}

}  // namespace qupel
