#pragma once
#include <cstdint>
#include <vector>

#include "qupel/electrons/kernels.h"
#include "qupel/electrons/sector.h"

namespace qupel {

/// What the operators of one spin in an excitation do to the strings of that spin.
struct PairList {
  bool identity = false;  ///< no operators: every string stays
  std::vector<std::uint32_t> from, to;
  std::size_t plus = 0;  ///< so many pairs come first, those with sign +1
  sector::PairView view() const { return {from.data(), to.data(), plus, from.size()}; }
};

PairList pair_list(const Strings& strings, Occupation annihilate, Occupation create);

/// The sign with which operators that annihilate, ascending, then create, ascending, take a string to
/// another.
int excitation_sign(Occupation string, Occupation annihilate, Occupation create);

}  // namespace qupel
