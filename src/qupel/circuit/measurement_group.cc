#include "qupel/circuit/measurement_group.h"

#include <algorithm>
#include <unordered_set>

namespace qupel {
std::vector<MeasurementGroup> measurement_groups(std::span<const PauliString> strings) {
  std::vector<MeasurementGroup> groups;
  for (const bool diagonal_ones : {true, false}) {
    for (std::size_t k = 0; k < strings.size(); ++k) {
      const auto& string = strings[k];
      if (string.identity() || string.diagonal() != diagonal_ones) continue;
      auto group = std::ranges::find_if(groups, [&](const auto& g) { return g.basis.agrees(string); });
      if (group == groups.end()) group = groups.emplace(group);
      for (const auto& [qubit, letter] : string.letters()) group->basis.set(qubit, letter);
      group->strings.push_back(k);
    }
  }
  return groups;
}

Circuit rotated_to_z(const Circuit& circuit, const MeasurementGroup& group) {
  Circuit result = circuit;
  for (int q = 0; q < circuit.qubits(); ++q) {
    const char letter = group.basis.letter(q);
    if (letter == 'Y') result.add("sdg", {q});
    if (letter == 'X' || letter == 'Y') result.add("h", {q});
  }
  return result;
}

std::vector<PauliString> distinct_strings(std::span<const Observable> observables) {
  std::vector<PauliString> strings;
  std::unordered_set<PauliString> known;
  for (const auto& observable : observables) {
    for (const auto& term : observable.terms) {
      if (!term.pauli.identity() && known.insert(term.pauli).second) strings.push_back(term.pauli);
    }
  }
  return strings;
}

std::unordered_map<PauliString, std::size_t> positions(std::span<const PauliString> strings) {
  std::unordered_map<PauliString, std::size_t> result;
  for (std::size_t k = 0; k < strings.size(); ++k) result.emplace(strings[k], k);
  return result;
}

}  // namespace qupel
