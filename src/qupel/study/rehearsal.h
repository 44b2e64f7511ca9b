#pragma once
#include <string>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/contend/contender.h"
#include "qupel/device/price.h"
#include "qupel/problem/problem.h"
#include "qupel/study/spec.h"

// What a study would take of its devices, before it runs.
namespace qupel {

/// The circuit that a device runs for an answer: of a contender that compares rows, that of one row followed
/// by the inverse of another's, whose features come after its own.
/// @param qasm the contender's circuit (CircuitPage)
Circuit circuit_of_an_answer(const Contender& contender, const std::string& qasm);

/// What answering all test rows of a study takes of one contender on one device, in every way that the study
/// asks for (without and with mitigation, trained on a perfect computer and under noise).
struct DeviceNeed {
  std::string contender, device;
  long long circuits = 0, shots = 0;
  double seconds = 0;  ///< on the device's clock
  Cost cost = {};      ///< at the device's first price; without a currency if it has none
};

/// Each quantum contender is fitted on a few rows of the first split, with its default settings, and answers
/// that split's test rows in a rehearsal (Execution::rehearsal) on each device; what that is charged is
/// multiplied up to all rows.
/// A fidelity kernel is taken to compare with all training rows, so it may need less; other settings than the
/// defaults may be chosen, so any may need more. Training is done on this computer and takes nothing of a
/// device. @throws InputError as Executor; a contender that cannot be fitted so is left out
std::vector<DeviceNeed> rehearse(const StudySpec& spec, const Problem& problem);

/// @throws InputError naming the sum and the way out if the needs cost more than the budget, if it cannot buy
/// one shot, if a device has no price, or prices are in another currency than the budget
void require_affordable(const StudySpec& spec, const std::vector<DeviceNeed>& needs, const Money& budget);

}  // namespace qupel
