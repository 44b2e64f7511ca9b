#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "qupel/contend/contender.h"

namespace qupel {

/// What may compete. Passed to whatever reads or makes a study; nothing looks a contender up elsewhere.
class Catalogue {
 public:
  using Record = std::shared_ptr<const Contender>;

  /// @throws InputError for a name that it has already
  void add(Record record);
  /// A record that lives as long as the program.
  void add(const Contender& record);

  const std::vector<Record>& all() const { return records_; }
  /// @throws InputError naming the nearest
  const Record& at(std::string_view name) const;

 private:
  std::vector<Record> records_;
};

}  // namespace qupel
