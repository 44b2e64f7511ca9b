#include "qupel/engine/capabilities.h"

#include "qupel/engine/engine.h"

namespace qupel {

Capabilities needs(const Job& job) {
  Capabilities needed{};
  const bool chance = !job.noise.empty() || !job.circuit.unitary();
  if (!job.noise.empty()) needed.add(Ability::noise);
  if (!job.circuit.unitary()) needed.add(Ability::feedback);
  if (job.state) needed.add(Ability::amplitudes);
  if (chance && job.trajectories > 0) {
    needed.add(Ability::estimates);
  } else if (!job.observables.empty()) {
    needed.add(Ability::exact);
  }
  return needed;
}

std::string_view refusal(Ability lacking) {
  switch (lacking) {
    case Ability::noise:
      return "a state vector has no noise";
    case Ability::amplitudes:
      return "a mixed state has no amplitudes";
    case Ability::exact:
      return "it only estimates expectation values: say from how many trajectories";
    case Ability::estimates:
      return "it is exact, and trajectories were asked for";
    case Ability::feedback:
      return "it runs no measurements, resets and conditions within a circuit";
  }
  return "";
}

}  // namespace qupel
