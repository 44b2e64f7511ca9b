#include "qupel/contend/found_energy.h"

namespace qupel {

Answer FoundEnergy::answer(const Instance& instance, const FitContext&) const {
  static_cast<void>(electronic_system(instance));  // throws for another kind
  return Energy{energy_};
}

void FoundEnergy::save(Archive& archive) const {
  archive.set("energy", energy_);
  archive.set("parameters", static_cast<std::int64_t>(info_.parameters));
}

std::unique_ptr<Fitted> load_energy(const Archive& saved, const Settings&, const FitContext&) {
  FitInfo info;
  info.reason = "saved";
  info.parameters = static_cast<long>(saved.whole("parameters", 0));
  return std::make_unique<FoundEnergy>(saved.number("energy"), std::move(info));
}

}  // namespace qupel
