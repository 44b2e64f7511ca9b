#include "qupel/engine/stabilizer/tableau.h"

#include <algorithm>
#include <bit>

namespace qupel::stabilizer {
namespace {

void set(std::vector<std::uint64_t>& words, std::size_t bit) {
  words[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

}  // namespace

PackedPauli& PackedPauli::operator*=(const PackedPauli& other) {
  std::uint64_t signs = 0;  // a parity of words is that of their sum modulo 2
  for (std::size_t w = 0; w < x.size(); ++w) {
    signs ^= z[w] & other.x[w];
    x[w] ^= other.x[w];
    z[w] ^= other.z[w];
  }
  phase = (phase + other.phase + (odd(signs) ? 2 : 0)) & 3;
  return *this;
}

bool PackedPauli::diagonal() const {
  return std::ranges::all_of(x, [](std::uint64_t word) { return word == 0; });
}

bool commute(const PackedPauli& a, const PackedPauli& b) {
  std::uint64_t signs = 0;
  for (std::size_t w = 0; w < a.x.size(); ++w) signs ^= (a.x[w] & b.z[w]) ^ (a.z[w] & b.x[w]);
  return !odd(signs);
}

Tableau::Tableau(int qubits)
    : words_((static_cast<std::size_t>(qubits) + 63) / 64),
      x_(static_cast<std::size_t>(qubits), identity()),
      z_(x_) {
  for (std::size_t q = 0; q < x_.size(); ++q) {
    set(x_[q].x, q);
    set(z_[q].z, q);
  }
}

PackedPauli Tableau::identity() const {
  PackedPauli made;
  made.x.resize(words_);
  made.z.resize(words_);
  return made;
}

void Tableau::apply(const Clifford& gate, std::span<const int> qubits) {
  const auto image = [&](const PauliWord& pauli) {
    auto row = identity();
    row.phase = pauli.phase;
    for (auto left = pauli.x; left != 0; left &= left - 1)
      row *= x_[static_cast<std::size_t>(qubits[static_cast<std::size_t>(std::countr_zero(left))])];
    for (auto left = pauli.z; left != 0; left &= left - 1)
      row *= z_[static_cast<std::size_t>(qubits[static_cast<std::size_t>(std::countr_zero(left))])];
    return row;
  };
  std::vector<PackedPauli> x, z;
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    x.push_back(image(gate.x[k]));
    z.push_back(image(gate.z[k]));
  }
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    x_[static_cast<std::size_t>(qubits[k])] = std::move(x[k]);
    z_[static_cast<std::size_t>(qubits[k])] = std::move(z[k]);
  }
}

void Tableau::flip(int qubit) {
  auto& row = z_[static_cast<std::size_t>(qubit)];
  row.phase = (row.phase + 2) & 3;
}

// The state is (1 + M)|0...0>, up to its norm, in front of which U stands, with M = +-U^-1 Z_q U. That is
// V|0...0> with V = (M + Z_k)/sqrt(2), a Clifford gate, for any k where M flips qubit k. V R V is R if R
// commutes with both, -R if it does with neither, else R M Z_k or R Z_k M.
void Tableau::collapse(int qubit, bool one) {
  auto measured = z(qubit);
  if (one) measured.phase = (measured.phase + 2) & 3;
  std::size_t word = 0;
  while (measured.x[word] == 0) ++word;
  const std::uint64_t mask = measured.x[word] & (~measured.x[word] + 1);
  auto partner = identity();
  partner.z[word] = mask;
  auto measured_first = measured, partner_first = partner;
  measured_first *= partner;
  partner_first *= measured;
  for (auto* rows : {&x_, &z_}) {
    for (auto& row : *rows) {
      const bool with_measured = commute(row, measured), with_partner = (row.x[word] & mask) == 0;
      if (with_measured && with_partner) continue;
      if (!with_measured && !with_partner)
        row.phase = (row.phase + 2) & 3;
      else
        row *= with_measured ? measured_first : partner_first;
    }
  }
}

int Tableau::expectation(const PauliString& string) const {
  auto row = identity();
  const auto words = string.words();
  for (std::size_t k = 0; k < words; ++k) row.phase = (row.phase + string.word(k).phase) & 3;
  for (std::size_t k = 0; k < words; ++k)
    for (auto left = string.word(k).x; left != 0; left &= left - 1)
      row *= x_[64 * k + static_cast<std::size_t>(std::countr_zero(left))];
  for (std::size_t k = 0; k < words; ++k)
    for (auto left = string.word(k).z; left != 0; left &= left - 1)
      row *= z_[64 * k + static_cast<std::size_t>(std::countr_zero(left))];
  return !row.diagonal() ? 0 : row.phase == 0 ? 1 : -1;
}

}  // namespace qupel::stabilizer
