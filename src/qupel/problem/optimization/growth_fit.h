#pragma once
#include <string>
#include <vector>

#include "qupel/problem/figures.h"

namespace qupel {

/// How a cost grows with the size of an instance: log cost = a + b size by least squares over the instances,
/// so that each unit of size multiplies it by e^b. Instances that were not solved have no cost: they are
/// counted, and left out of the fit.
class GrowthFit {
 public:
  void add(double size, double cost, bool solved);

  struct Factor {
    double mean = 1, low = 1, high = 1;  ///< of growth by one unit of size, with its 95 % interval
    double at_zero = 1;                  ///< the fitted cost at size 0
  };
  /// @returns false if there are fewer than three solved instances or one size only
  bool fit(Factor& factor) const;
  /// Adds the mean cost (geometric) of each size, and the fit's line, named by what it says.
  void draw(const std::string& name, std::vector<Series>& series) const;

 private:
  std::vector<std::pair<double, double>> solved_;  ///< size and logarithm of the cost
  std::size_t unsolved_ = 0;
};

}  // namespace qupel
