#include "qupel/problem/tabular/prior_shift.h"

#include <cmath>

namespace qupel {

std::span<const double> prior_powers() {
  static const double powers[] = {1, 0, 0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2};
  return powers;
}

void shift_labels(Classes& prediction, std::span<const double> shares, double power) {
  if (power == 0) return;
  for (std::size_t r = 0; r < prediction.labels.size(); ++r) {
    double most = -1;
    for (std::size_t c = 0; c < shares.size(); ++c) {
      if (shares[c] <= 0) continue;
      const double weighed = prediction.probabilities(r, c) / std::pow(shares[c], power);
      if (weighed > most) most = weighed, prediction.labels[r] = static_cast<int>(c);
    }
  }
}

std::vector<double> class_shares(std::span<const int> labels, int classes) {
  std::vector<std::size_t> counts(static_cast<std::size_t>(classes));
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  std::vector<double> shares;
  for (const auto count : counts)
    shares.push_back(static_cast<double>(count) / static_cast<double>(labels.size()));
  return shares;
}

}  // namespace qupel
