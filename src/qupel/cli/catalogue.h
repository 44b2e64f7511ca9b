#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What there is to choose from, read from the records that the library itself uses.
namespace qupel::cli {

struct ParameterEntry {  ///< a hyperparameter
  std::string name, summary;
  std::vector<std::string> values;  ///< the default first
};

struct Item {
  std::string name, summary;
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<ParameterEntry> settings;
};

struct Catalogue {
  std::string kind, title;
  std::vector<Item> items;
};

/// "contenders", "encodings", "ops", "channels", "data".
const std::vector<std::string>& catalogue_kinds();
/// @throws InputError naming the nearest kind
Catalogue catalogue(std::string_view kind);

}  // namespace qupel::cli
