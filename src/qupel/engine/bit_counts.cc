#include "qupel/engine/bit_counts.h"

namespace qupel {

void add_counts(std::span<const FinalBit> readout, const std::vector<bool>& bits, const BasisCounts& drawn,
                BitCounts& to) {
  for (const auto& [basis, count] : drawn) {
    std::string text(readout.size(), '0');
    for (std::size_t k = 0; k < readout.size(); ++k) {
      const auto& bit = readout[k];
      const bool one = bit.from == FinalBit::From::qubit  ? ((basis >> bit.qubit) & 1) != 0
                       : bit.from == FinalBit::From::body ? bits[k]
                                                          : bit.value;
      if (one) text[readout.size() - 1 - k] = '1';
    }
    to[text] += count;
  }
}

}  // namespace qupel
