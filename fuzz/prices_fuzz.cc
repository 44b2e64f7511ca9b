// Any bytes as a table of prices: read or refused with an InputError; what is read has windows with
// portfolios.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/portfolio.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto prices = qupel::read_prices(text, "fuzz");
    for (const double price : prices.values.values())
      if (!(price > 0)) std::abort();
    for (auto& window : qupel::rolling_windows(prices, {.count = 2, .days = 20, .later_days = 5})) {
      const qupel::Portfolio portfolio(std::move(window));
      if (!portfolio.violation(portfolio.first_answer()).empty()) std::abort();
    }
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
