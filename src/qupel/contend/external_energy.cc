#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/contend/found_energy.h"
#include "qupel/contend/partner.h"
#include "qupel/problem/molecule/fcidump.h"

namespace qupel {
namespace {

std::string energy_message(const std::string& name, const ElectronicSystem& system, const Settings& settings,
                           const FitContext& context) {
  auto message = request("energy", "molecule", name, settings, context);
  message["orbitals"] = system.orbitals();
  message["alpha"] = system.alpha;
  message["beta"] = system.beta;
  message["fcidump"] = to_fcidump(system);
  return as_line(message);
}

}  // namespace

std::unique_ptr<Fitted> external_energy(const std::string& name, const External& external,
                                        const ElectronicSystem& system, const Settings& settings,
                                        const FitContext& context) {
  const StageTimer timer(&context.executor->ledger(), Stage::classical);
  Partner partner(external);
  const auto answer = partner.ask(energy_message(name, system, settings, context), 1);
  const auto energy = answer.find("energy");
  if (energy == answer.end() || !energy->is_number() || !std::isfinite(energy->get<double>()))
    throw partner.fault("answered \"energy\" without a finite number \"energy\", in hartree");
  return std::make_unique<FoundEnergy>(energy->get<double>(), fit_info(answer));
}

}  // namespace qupel
