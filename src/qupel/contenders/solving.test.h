#pragma once
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "qupel/contenders/contenders.h"

namespace qupel {

/// All contenders for a kind of problem.
inline std::vector<Catalogue::Record> solving(std::string_view kind) {
  std::vector<Catalogue::Record> records;
  std::ranges::copy_if(contenders().all(), std::back_inserter(records),
                       [&](const auto& record) { return solves(*record, kind); });
  return records;
}

}  // namespace qupel
