#include "qupel/baseline/contenders.h"

#include <algorithm>
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/baseline/records.h"

namespace qupel {

std::span<const ContenderSpec* const> contenders() {
  static const auto all = [] {
    const auto circuits = circuit_contenders();
    std::vector<const ContenderSpec*> list(circuits.begin(), circuits.end());
    list.insert(list.end(), {&fourier_features, &polynomial_kernel, &majority, &logistic, &svm_rbf,
                             &gradient_boosting, &random_forest, &mlp});
    return list;
  }();
  return all;
}

const ContenderSpec& contender(std::string_view name) {
  const auto all = contenders();
  const auto found = std::find_if(all.begin(), all.end(), [&](auto* spec) { return spec->name == name; });
  if (found != all.end()) return **found;
  std::vector<std::string> names;
  for (const auto* spec : all) names.emplace_back(spec->name);
  throw InputError(unknown_name(name, "a contender", names));
}

const ContenderSpec& floor_contender() { return majority; }

}  // namespace qupel
