#pragma once
#include <string>

#include "qupel/problem/metric.h"
#include "qupel/study/break_even.h"

namespace qupel::report {

/// A picture of its own (SVG): the lead of the quantum side, with its interval, against the two-qubit error
/// of the scaled devices, and, where shots were tried, against the shots of every circuit. Filled discs are
/// verdicts "quantum better". @throws InputError if no device was tried: then there is nothing to draw
std::string break_even_chart(const BreakEven& found, const Metric& metric);

}  // namespace qupel::report
