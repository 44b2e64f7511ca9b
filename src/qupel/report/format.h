#pragma once
#include <string>
#include <string_view>

#include "qupel/study/result.h"

// Numbers as a reader wants them: three significant digits, percent for rates (with a space that does not
// break), a real minus sign, and an en dash for what is not a number.
namespace qupel::report {

std::string number(double value);  ///< "0.0123", "1,230", "1.5 × 10⁻⁶"; "–" for NaN, "∞" for infinity
std::string percent(double share);        ///< 0.9731 -> "97.3 %"
std::string whole_percent(double share);  ///< of an axis: 0.95 -> "95 %"
std::string probability(double p);  ///< as percent(), but "<0.1 %" and ">99.9 %" instead of a false 0 or 100
std::string p_value(double p);      ///< "p = 0.484", "p < 0.001"
std::string points(double difference);  ///< 0.0123 -> "+1.2", -0.02 -> "−2.0": percentage points
std::string count(double value);        ///< 9876 -> "9,876", 1234567 -> "1.23 million"
std::string duration(double seconds);   ///< "35 ms", "2.1 s", "3.4 min", "2.2 h", "12 d", "3.1 y"
std::string plural(double amount, std::string_view noun);  ///< "1 row", "1,200 rows"

/// A value of a metric: a rate as percent, anything else (roc-auc, log-loss) with three decimals.
std::string score(std::string_view metric, double value);

/// "[95.8, 98.4]": in the unit of score(), without it
std::string score_range(std::string_view metric, const Interval& interval);
/// "[−4.0, +0.2]"
std::string points_range(double low, double high);

/// Text that the study wrote with the signs of a keyboard, in the style of the numbers above: "-1.9 points,
/// 95%" -> "−1.9 points, 95 %".
std::string typeset(std::string_view text);
/// The same as a sentence: "wine: 178 rows" -> "Wine: 178 rows."
std::string as_sentence(std::string_view text);

}  // namespace qupel::report
