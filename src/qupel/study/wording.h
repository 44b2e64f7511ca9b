#pragma once
#include <string>

#include "qupel/problem/metric.h"

// Scores and differences in words, for messages of a study.
namespace qupel {

/// "91.4 %", or a number with three digits and the unit.
std::string score_text(const Metric& metric, double score);

/// A difference with its sign: "+1.2 points", "0.0 points", "-3.41 mg".
std::string lead_text(const Metric& metric, double lead);

/// The same without the unit: "+1.2", "-3.41".
std::string lead_number(const Metric& metric, double lead);

/// A size without a sign: "1 point", "0.5 points", "3.41 mg".
std::string size_text(const Metric& metric, double size);

/// What a difference is counted in: "points", "mg", or "" without a unit.
std::string unit_text(const Metric& metric);

}  // namespace qupel
