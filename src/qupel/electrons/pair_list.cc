#include "qupel/electrons/pair_list.h"

#include <bit>

namespace qupel {

int excitation_sign(Occupation string, Occupation annihilate, Occupation create) {
  int exchanges = 0;
  for (Occupation left = annihilate; left != 0; left &= left - 1) {
    const Occupation bit = left & (~left + 1);
    exchanges += std::popcount(string & (bit - 1));
    string ^= bit;
  }
  for (Occupation left = create; left != 0; left &= left - 1) {
    const Occupation bit = left & (~left + 1);
    exchanges += std::popcount(string & (bit - 1));
    string |= bit;
  }
  return exchanges % 2 == 0 ? 1 : -1;
}

PairList pair_list(const Strings& strings, Occupation annihilate, Occupation create) {
  PairList list;
  if (annihilate == 0 && create == 0) {
    list.identity = true;
    return list;
  }
  for (const int wanted : {1, -1}) {
    for (std::size_t i = 0; i < strings.size(); ++i) {
      const Occupation string = strings[i];
      if ((string & annihilate) != annihilate || ((string ^ annihilate) & create) != 0) continue;
      if (excitation_sign(string, annihilate, create) != wanted) continue;
      list.from.push_back(static_cast<std::uint32_t>(i));
      list.to.push_back(static_cast<std::uint32_t>(strings.index((string ^ annihilate) | create)));
    }
    if (wanted == 1) list.plus = list.from.size();
  }
  return list;
}

}  // namespace qupel
