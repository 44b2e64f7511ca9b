#include "qupel/problem/molecule/fermion.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr double negligible = 1e-12;
constexpr int most_modes = 64;

std::uint64_t mode_bit(int k) { return std::uint64_t{1} << k; }

/// Columns of the inverse, transposed: row j holds the bits whose parity is input j.
std::vector<std::uint64_t> inverse_rows(const std::vector<std::uint64_t>& columns) {
  const int n = static_cast<int>(columns.size());
  std::vector<std::uint64_t> rows(columns.size()), inverse(columns.size());
  for (int r = 0; r < n; ++r) {
    for (int c = 0; c < n; ++c)
      if ((columns[static_cast<std::size_t>(c)] >> r & 1) != 0)
        rows[static_cast<std::size_t>(r)] |= mode_bit(c);
    inverse[static_cast<std::size_t>(r)] = mode_bit(r);
  }
  for (int c = 0; c < n; ++c) {  // Gauss-Jordan over GF(2); the matrix is invertible
    int pivot = c;
    while ((rows[static_cast<std::size_t>(pivot)] >> c & 1) == 0) ++pivot;
    std::swap(rows[static_cast<std::size_t>(pivot)], rows[static_cast<std::size_t>(c)]);
    std::swap(inverse[static_cast<std::size_t>(pivot)], inverse[static_cast<std::size_t>(c)]);
    for (int r = 0; r < n; ++r) {
      if (r == c || (rows[static_cast<std::size_t>(r)] >> c & 1) == 0) continue;
      rows[static_cast<std::size_t>(r)] ^= rows[static_cast<std::size_t>(c)];
      inverse[static_cast<std::size_t>(r)] ^= inverse[static_cast<std::size_t>(c)];
    }
  }
  return inverse;
}

/// Products of Z, one row each, that commute with all of these flips; each row has a bit of its own, its
/// pivot.
struct Symmetries {
  std::vector<std::uint64_t> rows;
  std::vector<int> pivots;
};
Symmetries commuting_with(const Observable& hamiltonian, int qubits) {
  std::vector<std::uint64_t> flips;  // reduced row echelon form
  std::vector<int> leads;
  for (const auto& term : hamiltonian.terms) {
    auto x = term.pauli.word().x;
    for (std::size_t i = 0; i < flips.size(); ++i)
      if ((x >> leads[i] & 1) != 0) x ^= flips[i];
    if (x == 0) continue;
    const int lead = std::countr_zero(x);
    for (auto& other : flips)
      if ((other >> lead & 1) != 0) other ^= x;
    flips.push_back(x);
    leads.push_back(lead);
  }
  Symmetries found;
  for (int free = qubits - 1; free >= 0; --free) {
    if (std::ranges::find(leads, free) != leads.end()) continue;
    std::uint64_t row = mode_bit(free);
    for (std::size_t i = 0; i < flips.size(); ++i)
      if ((flips[i] >> free & 1) != 0) row |= mode_bit(leads[i]);
    found.rows.push_back(row);
    found.pivots.push_back(free);
  }
  return found;
}

struct Masks {
  std::uint64_t x, z;
  friend bool operator==(const Masks&, const Masks&) = default;
};
struct MasksHash {
  std::size_t operator()(const Masks& m) const {
    return m.x * 0x9e3779b97f4a7c15U ^ (m.z * 0xc2b2ae3d27d4eb4fU >> 7);
  }
};

}  // namespace

FermionEncoding::FermionEncoding(std::string name, std::vector<std::uint64_t> columns)
    : name_(std::move(name)), modes_(static_cast<int>(columns.size())), columns_(std::move(columns)) {
  if (modes_ < 1 || modes_ > most_modes)
    throw InputError(fmt::format("{} modes: electrons are mapped to 1 to {} qubits", modes_, most_modes));
  inverse_ = inverse_rows(columns_);
}

FermionEncoding FermionEncoding::jordan_wigner(int modes) {
  std::vector<std::uint64_t> columns;
  for (int j = 0; j < std::min(modes, most_modes + 1); ++j)
    columns.push_back(j < most_modes ? mode_bit(j) : 0);
  return FermionEncoding("jordan-wigner", std::move(columns));
}

FermionEncoding FermionEncoding::parity(int modes) {
  std::vector<std::uint64_t> columns;
  for (int j = 0; j < std::min(modes, most_modes + 1); ++j) {
    std::uint64_t column = 0;
    for (int k = j; k < std::min(modes, most_modes); ++k) column |= mode_bit(k);
    columns.push_back(column);
  }
  return FermionEncoding("parity", std::move(columns));
}

FermionEncoding FermionEncoding::bravyi_kitaev(int modes) {
  std::vector<std::uint64_t>
      columns;  // a binary indexed tree: mode_bit k, counted from 1, sums the modes (k - lowest mode_bit, k]
  for (int j = 0; j < std::min(modes, most_modes + 1); ++j) {
    std::uint64_t column = 0;
    for (int k = j + 1; k <= std::min(modes, most_modes); k += k & -k) column |= mode_bit(k - 1);
    columns.push_back(column);
  }
  return FermionEncoding("bravyi-kitaev", std::move(columns));
}

FermionEncoding FermionEncoding::named(std::string_view name, int modes) {
  if (name == "jordan-wigner") return jordan_wigner(modes);
  if (name == "parity") return parity(modes);
  if (name == "bravyi-kitaev") return bravyi_kitaev(modes);
  throw InputError(unknown_name(name, "a mapping of electrons to qubits",
                                std::vector<std::string>{"jordan-wigner", "parity", "bravyi-kitaev"}));
}

std::uint64_t FermionEncoding::squeezed(std::uint64_t mask) const {
  std::uint64_t result = 0;
  for (int from = 0, to = 0; from < modes_; ++from)
    if ((removed_mask_ >> from & 1) == 0) result |= (mask >> from & 1) << to++;
  return result;
}

std::uint64_t FermionEncoding::spread(std::uint64_t mask) const {
  std::uint64_t result = 0;
  for (int to = 0, from = 0; to < modes_; ++to)
    if ((removed_mask_ >> to & 1) == 0) result |= (mask >> from++ & 1) << to;
  return result;
}

std::uint64_t FermionEncoding::bits(std::uint64_t occupied) const {
  std::uint64_t all = 0;
  for (int j = 0; j < modes_; ++j)
    if ((occupied >> j & 1) != 0) all ^= columns_[static_cast<std::size_t>(j)];
  return squeezed(all);
}

std::uint64_t FermionEncoding::occupations(std::uint64_t bits) const {
  const auto all = spread(bits) | removed_values_;
  std::uint64_t occupied = 0;
  for (int j = 0; j < modes_; ++j)
    if (odd(all & inverse_[static_cast<std::size_t>(j)])) occupied |= mode_bit(j);
  return occupied;
}

/// A ladder operator flips its bits after a sign for the modes below and a projector on its occupation.
void FermionEncoding::add(const LadderProduct& product,
                          std::vector<std::pair<PauliWord, double>>& words) const {
  const auto begin = words.size();
  words.push_back({PauliWord{}, product.factor});
  for (const auto& ladder : product.operators) {
    const auto j = static_cast<std::size_t>(ladder.mode);
    std::uint64_t below = 0;
    for (std::size_t k = 0; k < j; ++k) below ^= inverse_[k];
    const PauliWord flip{0, columns_[j], below};
    const PauliWord flip_with_sign{0, columns_[j], below ^ inverse_[j]};
    const auto end = words.size();
    for (auto i = begin; i < end; ++i) {
      const auto [word, factor] = words[i];
      words[i] = {word * flip, factor / 2};
      words.push_back({word * flip_with_sign, ladder.creates ? factor / 2 : -factor / 2});
    }
  }
}

Observable FermionEncoding::collect(const std::vector<LadderProduct>& sum, bool anti) const {
  std::unordered_map<Masks, Complex, MasksHash> weights;
  std::vector<std::pair<PauliWord, double>> words;
  for (const auto& product : sum) {
    words.clear();
    add(product, words);
    for (const auto& [word, factor] : words) {
      if ((word.x & removed_mask_) != 0)
        throw InputError(fmt::format("{}: an operator changes what tapering took as constant", name_));
      const Complex turns[] = {1, {0, 1}, -1, {0, -1}};
      const double sign = odd(word.z & removed_values_) ? -1 : 1;
      const auto turn = (word.phase - std::popcount(word.x & word.z)) & 3;
      weights[{word.x, word.z & ~removed_mask_}] += sign * factor * turns[turn];
    }
  }
  Observable found;
  for (const auto& [masks, weight] : weights) {
    const double kept = anti ? 2 * weight.imag() : weight.real(), other = anti ? 0 : weight.imag();
    if (std::abs(other) > 1e-8)
      throw InputError(fmt::format("{}: the sum of ladder operators is not Hermitian", name_));
    if (std::abs(kept) > negligible)
      found.terms.push_back({kept, PauliString::of_masks(squeezed(masks.x), squeezed(masks.z))});
  }
  std::ranges::sort(found.terms, [](const auto& a, const auto& b) { return a.pauli < b.pauli; });
  return found;
}

bool FermionEncoding::keeps(const LadderProduct& product) const {
  std::uint64_t flips = 0;
  for (const auto& ladder : product.operators) flips ^= columns_[static_cast<std::size_t>(ladder.mode)];
  return (flips & removed_mask_) == 0;
}

Observable FermionEncoding::observable(const std::vector<LadderProduct>& sum) const {
  return collect(sum, false);
}
Observable FermionEncoding::generator(const std::vector<LadderProduct>& sum) const {
  return collect(sum, true);
}

FermionEncoding FermionEncoding::without_spin_parities(int alpha, int beta) const {
  if (name_ != "parity" || modes_ % 2 != 0 || !removed_.empty())
    throw InputError(
        fmt::format("{}: only the parity mapping has qubits for the numbers of electrons", name_));
  auto result = *this;
  result.name_ = "parity without two qubits";
  for (const auto& [qubit, electrons] :
       {std::pair(modes_ / 2 - 1, alpha), std::pair(modes_ - 1, alpha + beta)}) {
    result.removed_.push_back(qubit);
    result.removed_mask_ |= mode_bit(qubit);
    if (electrons % 2 != 0) result.removed_values_ |= mode_bit(qubit);
  }
  return result;
}

FermionEncoding FermionEncoding::tapered(const Observable& hamiltonian, std::uint64_t occupied) const {
  const auto symmetries = commuting_with(hamiltonian, qubits());
  auto result = *this;
  for (std::size_t s = 0; s < symmetries.rows.size(); ++s) {
    // Of the remaining qubits the pivot becomes the parity of the whole row.
    const auto row = spread(symmetries.rows[s]), pivot = spread(mode_bit(symmetries.pivots[s]));
    for (auto& column : result.columns_)
      if (odd(column & row)) {
        column |= pivot;
      } else {
        column &= ~pivot;
      }
    result.removed_mask_ |= pivot;
    result.removed_.push_back(std::countr_zero(pivot));
  }
  if (symmetries.rows.empty()) return result;
  result.inverse_ = inverse_rows(result.columns_);
  std::uint64_t all = 0;
  for (int j = 0; j < modes_; ++j)
    if ((occupied >> j & 1) != 0) all ^= result.columns_[static_cast<std::size_t>(j)];
  result.removed_values_ = all & result.removed_mask_;
  result.name_ +=
      fmt::format(", {} qubit{} tapered", symmetries.rows.size(), symmetries.rows.size() == 1 ? "" : "s");
  return result;
}

std::vector<LadderProduct> ladder_products(const OrbitalIntegrals& integrals) {
  std::vector<LadderProduct> sum;
  const auto n = static_cast<int>(integrals.orbitals);
  const auto at = [](int p) { return static_cast<std::size_t>(p); };
  if (integrals.core != 0) sum.push_back({integrals.core, {}});
  for (int s = 0; s < 2; ++s) {
    for (int p = 0; p < n; ++p) {
      for (int q = 0; q < n; ++q) {
        if (const double h = integrals.h(s)(at(p), at(q)); std::abs(h) > negligible)
          sum.push_back({h, {{s * n + p, true}, {s * n + q, false}}});
        for (int r = 0; r < n; ++r) {
          for (int u = 0; u < n; ++u) {
            const auto pq = integrals.pair(at(p), at(q)), ru = integrals.pair(at(r), at(u));
            // 1/2 (pq|ru) of equal spins; those of different spins come twice
            if (const double g = integrals.g(s, s)(pq, ru); std::abs(g) > negligible && p != r && q != u)
              sum.push_back(
                  {g / 2, {{s * n + p, true}, {s * n + r, true}, {s * n + u, false}, {s * n + q, false}}});
            if (s == 1) continue;
            if (const double g = integrals.g(0, 1)(pq, ru); std::abs(g) > negligible)
              sum.push_back({g, {{p, true}, {n + r, true}, {n + u, false}, {q, false}}});
          }
        }
      }
    }
  }
  return sum;
}

std::uint64_t occupations(const Determinant& determinant, int orbitals) {
  return determinant.alpha | determinant.beta << orbitals;
}

LadderProduct ladder_product(const Excitation& e, int orbitals) {
  LadderProduct product;
  const auto put = [&](Occupation modes, int shift, bool creates) {
    for (; modes != 0; modes &= modes - 1)
      product.operators.push_back({std::countr_zero(modes) + shift, creates});
  };
  put(e.annihilate.alpha, 0, false);
  put(e.create.alpha, 0, true);
  put(e.annihilate.beta, orbitals, false);
  put(e.create.beta, orbitals, true);
  std::ranges::reverse(product.operators);  // the last one acts first
  return product;
}

Observable qubit_hamiltonian(const OrbitalIntegrals& integrals, const FermionEncoding& encoding) {
  return encoding.observable(ladder_products(integrals));
}

Circuit ansatz_circuit(const ExcitationAnsatz& ansatz, const FermionEncoding& encoding) {
  Circuit circuit(encoding.qubits());
  const auto start = encoding.bits(occupations(ansatz.reference, ansatz.orbitals));
  for (int q = 0; q < encoding.qubits(); ++q)
    if ((start >> q & 1) != 0) circuit.add("x", {q});
  for (const auto& gate : ansatz.gates) {
    for (const auto& term : encoding.generator({ladder_product(gate.excitation, ansatz.orbitals)}).terms) {
      std::string letters;
      std::vector<int> qubits;
      for (const auto& [qubit, letter] : term.pauli.letters()) {
        letters += letter;
        qubits.push_back(qubit);
      }
      if (qubits.empty()) continue;
      circuit.add_pauli_rotation(
          letters, qubits, Angle::parameter(static_cast<int>(gate.parameter), -2 * gate.scale * term.weight));
    }
  }
  return circuit;
}

}  // namespace qupel
