#pragma once
#include <memory>

#include "qupel/contend/contender.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {

/// An energy that a classical method found: the same under every execution.
class FoundEnergy final : public Fitted {
 public:
  FoundEnergy(double energy, FitInfo info) : energy_(energy), info_(std::move(info)) {}
  Answer answer(const Instance& instance, const FitContext& context) const override;
  FitInfo info() const override { return info_; }
  void save(Archive& archive) const override;

 private:
  double energy_;
  FitInfo info_;
};

/// Reads what FoundEnergy::save() wrote.
std::unique_ptr<Fitted> load_energy(const Archive& saved, const Settings& settings,
                                    const FitContext& context);

}  // namespace qupel
