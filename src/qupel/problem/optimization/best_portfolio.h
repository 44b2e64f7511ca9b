#pragma once
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {

/// The best of all lots that keep the limits, by a search in depth that turns back where the limits cannot be
/// kept any more. @returns nothing if that takes more than about a second
std::optional<Values> best_portfolio(const Portfolio& portfolio);

}  // namespace qupel
