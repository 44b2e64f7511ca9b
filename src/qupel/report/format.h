#pragma once
#include <string>
#include <string_view>

#include "qupel/study/result.h"

// Numbers as a reader wants them: three significant digits, percent for rates, a real minus sign, and an en
// dash for what is not a number.
namespace qupel::report {

std::string number(double value);   ///< "0.0123", "1.5e+06"; "–" for NaN, "∞" for infinity
std::string percent(double share);  ///< 0.9731 -> "97.3%"
std::string probability(double p);  ///< as percent(), but "<0.1%" and ">99.9%" instead of a false 0 or 100
std::string points(double difference);  ///< 0.0123 -> "+1.2", -0.02 -> "−2.0": percentage points
std::string count(double value);        ///< 9876 -> "9,876", 1234567 -> "1.23 M"
std::string duration(double seconds);   ///< "35 ms", "2.1 s", "3.4 min", "2.2 h", "12 d", "3.1 y"
std::string plural(double amount, std::string_view noun);  ///< "1 row", "1,200 rows"

/// A value of a metric: a rate as percent, anything else (roc-auc, log-loss) with three decimals.
std::string score(std::string_view metric, double value);

/// "[95.8%, 98.4%]"
std::string score_range(std::string_view metric, const Interval& interval);
/// "[−4.0, +0.2]"
std::string points_range(double low, double high);

/// "wine: 178 rows" -> "Wine: 178 rows."; nothing else is changed.
std::string as_sentence(std::string_view text);

}  // namespace qupel::report
