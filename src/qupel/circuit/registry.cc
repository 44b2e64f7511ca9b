#include <algorithm>
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/circuit/op_spec.h"
#include "qupel/circuit/ops/groups.h"

namespace qupel {
namespace {

std::vector<const OpSpec*> collect() {
  std::vector<const OpSpec*> all;
  for (const auto group :
       {ops::fixed_one_qubit(), ops::one_qubit_rotations(), ops::fixed_two_qubit(),
        ops::two_qubit_rotations(), ops::three_qubit(), ops::any_qubits(), ops::no_gates()}) {
    for (const OpSpec& spec : group) all.push_back(&spec);
  }
  return all;
}

}  // namespace

std::span<const OpSpec* const> operations() {
  static const auto all = collect();
  return all;
}

std::span<const OpSpec* const> gates() {
  static const auto all = [] {
    std::vector<const OpSpec*> found;
    for (const auto* spec : operations())
      if (spec->gate()) found.push_back(spec);
    return found;
  }();
  return all;
}

const OpSpec& operation(std::string_view name) {
  const auto all = operations();
  const auto found = std::ranges::find(all, name, &OpSpec::name);
  if (found != all.end()) return **found;
  std::vector<std::string> names;
  for (const auto* spec : all) names.emplace_back(spec->name);
  throw InputError(unknown_name(name, "an operation", names));
}

}  // namespace qupel
