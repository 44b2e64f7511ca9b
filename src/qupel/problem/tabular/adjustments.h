#pragma once
#include <span>

#include "qupel/problem/problem.h"

// What is learned from held-out rows and changes later answers, for tables of classes and of numbers. A saved
// model applies it without the rows that it was learned from.
namespace qupel {

/// Of classes: labels are the largest probability / (class share in training)^power (prior_shift.h).
inline constexpr const char* prior_power = "prior-power";
/// Of numbers: what is on either side of an answer within which nine of ten rows lie.
inline constexpr const char* interval_half_width = "interval-half-width";

/// @param shares of the classes in training; not looked at for numbers
void adjust_answer(const Adjustment& adjustment, std::span<const double> shares, Answer& answer);

}  // namespace qupel
