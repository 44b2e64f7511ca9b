#include <algorithm>

#include "qupel/encode/encodings.h"

namespace qupel {

int qubit_per_feature(int features) { return slot_per_feature(features, {}); }

int slot_per_feature(int features, const EncodingOptions& options) {
  require_encodable(features, options);
  return features;
}

void copy_row(std::span<const double> row, const EncodingOptions&, std::span<double> slots) {
  std::ranges::copy(row, slots.begin());
}

}  // namespace qupel
