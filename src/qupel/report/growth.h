#pragma once
#include <vector>

#include "qupel/study/result.h"

namespace qupel::report {

/// A resource of an encoding for a number of features, from EncodingGrowth: as tabulated; between two rows of
/// the table interpolated on logarithmic axes; beyond its end continued as it grew over the last doublings,
/// by a constant step (logarithmic growth) if those steps were equal, else by a constant factor (a power
/// law). Rounded to whole numbers.
double growth_at(const EncodingGrowth& growth, const std::vector<long>& resource, double features);

}  // namespace qupel::report
