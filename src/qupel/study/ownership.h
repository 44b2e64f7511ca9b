#pragma once
#include <string>
#include <vector>

#include "qupel/contend/contender.h"
#include "qupel/device/price.h"
#include "qupel/study/result.h"

// What it costs to own a model: it is trained once, and then answers every day.
namespace qupel {

/// How much a model is asked, and for how long.
struct Demand {
  double answers_a_day = 1000, days = 365;
};

/// One contender on one machine.
struct Ownership {
  std::string contender;
  Family family = Family::classical;
  std::string machine;         ///< "cpu", a GPU of the price book, or one of the study's devices
  bool trained_there = false;  ///< on the device, too; else on this computer, at the price of its processor
  Cost training = {};          ///< once, with the search for settings
  Cost thousand_answers = {};
  /// Of the whole demand. Nothing is converted: where a device asks for another currency than the processor
  /// does, training is left out.
  Cost total = {};
};

/// Of each contender of a finished study but its floor, cheapest first where currencies are equal.
/// A virtual core and the GPUs of the price book are charged for the seconds that one thread was measured to
/// take here: of a GPU that is the most, since it may be faster. Devices are charged for the circuits that
/// the study ran on them, mitigated if it asked for that; training there, for those of a fit by parameter
/// shift.
/// @throws InputError for negative demands
std::vector<Ownership> ownership(const StudyResult& result, const Demand& demand);

}  // namespace qupel
