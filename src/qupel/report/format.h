#pragma once
#include <string>
#include <string_view>

#include "qupel/study/result.h"

// Numbers as a reader wants them: three significant digits, percent for rates (with a space that does not
// break), a real minus sign, and an en dash for what is not a number.
namespace qupel::report {

std::string number(double value);  ///< "0.0123", "1,230", "1.5 × 10⁻⁶"; "–" for NaN, "∞" for infinity
/// With more digits where three do not tell values apart that differ by `resolution`: "−98.4515".
std::string number(double value, double resolution);
std::string percent(double share);        ///< 0.9731 -> "97.3 %"
std::string whole_percent(double share);  ///< of an axis: 0.95 -> "95 %"
std::string probability(double p);  ///< as percent(), but "<0.1 %" and ">99.9 %" instead of a false 0 or 100
std::string p_value(double p);      ///< "p = 0.484", "p < 0.001"
std::string count(double value);    ///< 9876 -> "9,876", 1234567 -> "1.23 million"
std::string duration(double seconds);  ///< "35 ms", "2.1 s", "3.4 min", "2.2 h", "12 d", "3.1 y"
std::string plural(double amount, std::string_view noun);  ///< "1 row", "1,200 rows"

/// A value of a metric: a share in percent (ROC-AUC, by custom, as 0.991), any other number to a thousandth
/// of the metric's spread, so that columns align: "0.210", "54.68 mg".
std::string score(const Metric& metric, double value);
/// The same on an axis: "95 %", "54".
std::string axis_score(const Metric& metric, double value);
/// "[95.8, 98.4]": in the unit of score(), without it
std::string score_range(const Metric& metric, const Interval& interval);

// Leads: differences of which more is better, whatever the metric's direction. Shares are told in points.

std::string lead(const Metric& metric, double value);  ///< 0.0123 -> "+1.2" (points), 3.21 -> "+3.21"
std::string lead_range(const Metric& metric, double low, double high);  ///< "[−4.0, +0.2]"
/// What leads are counted in: "points", "mg", "of rmse".
std::string lead_unit(const Metric& metric);
/// "+1.2 points [−4.0, +0.2]", "+3.21 of rmse [+1.2, +5.22]"
std::string told_lead(const Metric& metric, double value, double low, double high);
/// A size without sign: "11.8 points", "4.11 of rmse".
std::string lead_size(const Metric& metric, double size);
/// What a lead is, for those who see the number: "points", or "lead in rmse".
std::string lead_name(const Metric& metric);

/// Text that the study wrote with the signs of a keyboard, in the style of the numbers above: "-1.9 points,
/// 95%" -> "−1.9 points, 95 %".
std::string typeset(std::string_view text);
/// The same as a sentence: "wine: 178 rows" -> "Wine: 178 rows."
std::string as_sentence(std::string_view text);

}  // namespace qupel::report
