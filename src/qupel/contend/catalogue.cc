#include "qupel/contend/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "qupel/base/error.h"

namespace qupel {
namespace {

auto named(std::string_view name) {
  return [name](const Catalogue::Record& record) { return record->name == name; };
}

}  // namespace

void Catalogue::add(Record record) {
  if (std::ranges::any_of(records_, named(record->name)))
    throw InputError(fmt::format("two contenders are called \"{}\"", record->name));
  records_.push_back(std::move(record));
}

void Catalogue::add(const Contender& record) {
  add(Record(&record, [](const Contender*) {}));
}

const Catalogue::Record& Catalogue::at(std::string_view name) const {
  const auto found = std::ranges::find_if(records_, named(name));
  if (found != records_.end()) return *found;
  std::vector<std::string> names;
  for (const auto& record : records_) names.push_back(record->name);
  throw InputError(unknown_name(name, "a contender", names));
}

}  // namespace qupel
