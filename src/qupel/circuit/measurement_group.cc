#include "qupel/circuit/measurement_group.h"

#include <algorithm>

namespace qupel {
namespace {

bool diagonal(const PauliString& string) {
  return std::ranges::all_of(string.letters, [](const auto& each) { return each.second == 'Z'; });
}

bool fits(const MeasurementGroup& group, const PauliString& string) {
  return std::ranges::all_of(string.letters, [&](const auto& each) {
    const char measured = group.letters[static_cast<std::size_t>(each.first)];
    return measured == 'I' || measured == each.second;
  });
}

}  // namespace

std::vector<MeasurementGroup> measurement_groups(std::span<const PauliString> strings, int qubits) {
  std::vector<MeasurementGroup> groups;
  for (const bool diagonal_ones : {true, false}) {
    for (std::size_t k = 0; k < strings.size(); ++k) {
      const auto& string = strings[k];
      if (string.letters.empty() || diagonal(string) != diagonal_ones) continue;
      auto group = std::ranges::find_if(groups, [&](const auto& g) { return fits(g, string); });
      if (group == groups.end())
        group = groups.insert(group, {std::string(static_cast<std::size_t>(qubits), 'I'), {}});
      for (const auto& [qubit, letter] : string.letters)
        group->letters[static_cast<std::size_t>(qubit)] = letter;
      group->strings.push_back(k);
    }
  }
  return groups;
}

Circuit rotated_to_z(const Circuit& circuit, const MeasurementGroup& group) {
  Circuit result = circuit;
  for (int q = 0; q < circuit.qubits(); ++q) {
    const char letter = group.letters[static_cast<std::size_t>(q)];
    if (letter == 'Y') result.add("sdg", {q});
    if (letter == 'X' || letter == 'Y') result.add("h", {q});
  }
  return result;
}

std::vector<PauliString> distinct_strings(std::span<const Observable> observables) {
  std::vector<PauliString> strings;
  for (const auto& observable : observables) {
    for (const auto& term : observable.terms) {
      if (!term.pauli.letters.empty() && std::ranges::find(strings, term.pauli) == strings.end())
        strings.push_back(term.pauli);
    }
  }
  return strings;
}

}  // namespace qupel
