#include "qupel/problem/tabular/identifier_name.h"

#include <string>

#include "qupel/base/text.h"

namespace qupel {

bool is_identifier_name(std::string_view name) {
  const auto low = lower(name);
  for (const std::string_view whole :
       {"id", "index", "idx", "row", "rowid", "key", "nr", "no", "uuid", "guid", "level_0", "rownames"})
    if (low == whole) return true;
  if (low.starts_with("unnamed: ")) return true;
  for (const std::string_view word : {"id", "uuid", "guid"})
    for (const char separator : {'_', '-', ' ', '.'})
      if (low.ends_with(separator + std::string(word))) return true;
  const bool camel = name.size() > 2 && (name.ends_with("ID") || name.ends_with("Id"));
  return camel && name[name.size() - 3] >= 'a' && name[name.size() - 3] <= 'z';
}

}  // namespace qupel
