#include "qupel/problem/molecule/qubit_mapping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "qupel/base/error.h"

namespace qupel {
namespace {

/// "X0 Z3"; "" for the identity.
std::string letters_with_qubits(const PauliString& pauli) {
  std::vector<std::string> words;
  for (const auto& [qubit, letter] : pauli.letters()) words.push_back(fmt::format("{}{}", letter, qubit));
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

std::vector<std::string> mapping_names() {
  return {"jordan-wigner", "parity", "bravyi-kitaev", "parity-reduced", "tapered"};
}

bool has_excited_states(std::string_view mapping) { return mapping != "tapered"; }

FermionEncoding qubit_mapping(std::string_view name, const ElectronicSystem& system) {
  const int modes = 2 * system.orbitals();
  if (name == "parity-reduced")
    return FermionEncoding::parity(modes).without_spin_parities(system.alpha, system.beta);
  if (name == "tapered") {
    const auto plain = FermionEncoding::jordan_wigner(modes);
    const Determinant reference{(Occupation{1} << system.alpha) - 1, (Occupation{1} << system.beta) - 1};
    return plain.tapered(qubit_hamiltonian(system.integrals, plain),
                         occupations(reference, system.orbitals()));
  }
  if (const auto names = mapping_names(); std::ranges::find(names, name) == names.end())
    throw InputError(unknown_name(name, "a mapping of electrons to qubits", names));
  return FermionEncoding::named(name, modes);
}

KeptGates kept_by(const FermionEncoding& encoding, const ExcitationAnsatz& ansatz) {
  KeptGates kept{{ansatz.orbitals, ansatz.reference, {}}, {}};
  std::map<std::size_t, std::size_t> places;
  for (auto gate : ansatz.gates) {
    if (!encoding.keeps(ladder_product(gate.excitation, ansatz.orbitals))) continue;
    const auto [place, added] = places.try_emplace(gate.parameter, kept.parameters.size());
    if (added) kept.parameters.push_back(gate.parameter);
    gate.parameter = place->second;
    kept.ansatz.gates.push_back(gate);
  }
  return kept;
}

std::string pauli_text(const Observable& hamiltonian) {
  std::string text;
  for (const auto& [weight, pauli] : hamiltonian.terms) {
    const auto letters = letters_with_qubits(pauli);
    text += fmt::format("{:+.16g} {}\n", weight, letters.empty() ? "I" : letters);
  }
  return text;
}

std::string openfermion_json(const Observable& hamiltonian, const FermionEncoding& encoding) {
  std::vector<std::string> terms;
  for (const auto& [weight, pauli] : hamiltonian.terms)
    terms.push_back(fmt::format("    \"{}\": {:.16g}", letters_with_qubits(pauli), weight));
  return fmt::format(
      "{{\n  \"kind\": \"qubit-operator\",\n  \"qubits\": {},\n  \"mapping\": \"{}\",\n  \"terms\": {{\n{}\n  }}\n}}\n",
      encoding.qubits(), encoding.name(), fmt::join(terms, ",\n"));
}

}  // namespace qupel
