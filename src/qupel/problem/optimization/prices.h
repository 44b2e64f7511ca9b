#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// Prices of assets on the days on which all of them have one.
struct Prices {
  std::vector<std::string> assets;
  std::vector<std::string> days;  ///< "2026-01-31", ascending
  Matrix<double> values;          ///< days x assets, all above 0
  std::vector<Finding> findings;  ///< what was left out or changed
};

/// Reads a table, as parse_table() and read_numbers() do, with a column of dates (20260131, or as
/// parse_date() reads them; the day comes before the month unless dates then do not stand in order) and a
/// column of prices for each asset, with a head line. Rules, each with a finding:
/// - days in descending order are turned round;
/// - an empty cell (or NA, NaN, null, -) inside an asset's life is a gap, filled with the last price: another
///   exchange was closed. An asset with a gap of more than 10 days, or with prices on less than half of the
///   days, is left out;
/// - days before the last of the other assets begins and after the first of them ends are left out;
/// - a price that changes in a day to its 2nd to 10th part or by the inverse, but for 1 %, and is not put
///   right on the next day, is a split: earlier prices are changed by it.
/// @param source what errors call the file
/// @throws InputError with line and column for text in place of a price, prices that are not above 0, days
/// that stand twice; and for fewer than 2 assets or 30 days
Prices read_prices(std::string_view text, std::string_view source);

/// Of one day to the next: days - 1 x assets.
Matrix<double> simple_returns(const Prices& prices);

}  // namespace qupel
