#include "qupel/circuit/pauli_string.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr std::size_t word_bits = 64;

// Bit q becomes bit 2q.
std::uint64_t spread(std::uint64_t bits) {
  bits &= 0xffffffff;
  bits = (bits | bits << 16) & 0x0000ffff0000ffff;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & 0x5555555555555555;
}

// Bit 2q becomes bit q.
std::uint64_t gathered(std::uint64_t bits) {
  bits &= 0x5555555555555555;
  bits = (bits | bits >> 1) & 0x3333333333333333;
  bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits >> 4) & 0x00ff00ff00ff00ff;
  bits = (bits | bits >> 8) & 0x0000ffff0000ffff;
  return (bits | bits >> 16) & 0xffffffff;
}

char letter_of(bool x, bool z) { return x ? (z ? 'Y' : 'X') : (z ? 'Z' : 'I'); }

}  // namespace

std::uint64_t interleaved(std::uint64_t low, std::uint64_t high) { return spread(low) | spread(high) << 1; }

PauliString::PauliString(std::initializer_list<std::pair<int, char>> letters) {
  for (const auto& [qubit, made] : letters) {
    if (qubit >= 0 && letter(qubit) != 'I')
      throw InputError(fmt::format("a Pauli string with two letters on qubit {}", qubit));
    set(qubit, made);
  }
}

PauliString::PauliString(std::string_view letters) {
  for (std::size_t k = 0; k < letters.size(); ++k) set(static_cast<int>(k), letters[k]);
}

PauliString::PauliString(std::string_view letters, std::span<const int> qubits) {
  for (std::size_t k = 0; k < letters.size(); ++k) set(qubits[k], letters[k]);
}

PauliString PauliString::of_masks(std::uint64_t x, std::uint64_t z) {
  PauliString string;
  string.first_ = {x, z};
  return string;
}

PauliString PauliString::of_index(std::uint64_t index) {
  const auto low = gathered(index), high = gathered(index >> 1);
  return of_masks(low ^ high, high);
}

char PauliString::letter(int qubit) const {
  const auto q = static_cast<std::size_t>(qubit);
  const auto [x, z] = masks(q / word_bits);
  return letter_of((x >> q % word_bits & 1) != 0, (z >> q % word_bits & 1) != 0);
}

void PauliString::set(int qubit, char letter) {
  if (std::string_view("IXYZ").find(letter) == std::string_view::npos)
    throw InputError(fmt::format("the Pauli letter \"{}\": letters are I, X, Y, Z", letter));
  if (qubit < 0 || qubit > most_qubit)
    throw InputError(
        fmt::format("a Pauli letter on qubit {}: qubits are numbered from 0 to {}", qubit, most_qubit));
  const auto q = static_cast<std::size_t>(qubit);
  const std::uint64_t bit = std::uint64_t{1} << q % word_bits;
  auto& [x, z] = masks_to_set(q / word_bits);
  x = letter == 'X' || letter == 'Y' ? x | bit : x & ~bit;
  z = letter == 'Y' || letter == 'Z' ? z | bit : z & ~bit;
  trim();
}

bool PauliString::diagonal() const {
  return first_.x == 0 && std::ranges::all_of(more_, [](const Masks& each) { return each.x == 0; });
}

int PauliString::qubits() const {
  const auto last = masks(more_.size());
  return static_cast<int>(more_.size() * word_bits + std::bit_width(last.x | last.z));
}

int PauliString::weight() const {
  int count = 0;
  for (std::size_t k = 0; k < words(); ++k) count += std::popcount(masks(k).x | masks(k).z);
  return count;
}

std::vector<std::pair<int, char>> PauliString::letters() const {
  std::vector<std::pair<int, char>> all;
  for (std::size_t k = 0; k < words(); ++k) {
    const auto [x, z] = masks(k);
    for (auto left = x | z; left != 0; left &= left - 1) {
      const int q = std::countr_zero(left);
      all.emplace_back(static_cast<int>(k * word_bits) + q, letter_of((x >> q & 1) != 0, (z >> q & 1) != 0));
    }
  }
  return all;
}

PauliString PauliString::restricted(std::span<const int> qubits) const {
  PauliString part;
  for (const int q : qubits) part.set(q, letter(q));
  return part;
}

PauliString PauliString::moved_to(std::span<const int> qubits) const {
  PauliString moved;
  for (std::size_t k = 0; k < qubits.size(); ++k) moved.set(qubits[k], letter(static_cast<int>(k)));
  return moved;
}

bool PauliString::agrees(const PauliString& other) const {
  for (std::size_t k = 0; k < std::min(words(), other.words()); ++k) {
    const auto a = masks(k), b = other.masks(k);
    if (((a.x ^ b.x) | (a.z ^ b.z)) & (a.x | a.z) & (b.x | b.z)) return false;
  }
  return true;
}

PauliWord PauliString::word(std::size_t k) const {
  const auto [x, z] = masks(k);
  return {std::popcount(x & z) & 3, x, z};
}

std::uint64_t PauliString::index() const { return interleaved(first_.x ^ first_.z, first_.z); }

std::strong_ordering operator<=>(const PauliString& a, const PauliString& b) {
  const auto words = std::max(a.words(), b.words());
  for (std::size_t k = words; k-- > 0;) {
    if (const auto order = a.masks(k).x <=> b.masks(k).x; order != 0) return order;
  }
  for (std::size_t k = words; k-- > 0;) {
    if (const auto order = a.masks(k).z <=> b.masks(k).z; order != 0) return order;
  }
  return std::strong_ordering::equal;
}

PauliString::Masks& PauliString::masks_to_set(std::size_t k) {
  if (k == 0) return first_;
  if (more_.size() < k) more_.resize(k);
  return more_[k - 1];
}

void PauliString::trim() {
  while (!more_.empty() && more_.back() == Masks{}) more_.pop_back();
}

PauliProduct operator*(const PauliString& a, const PauliString& b) {
  PauliProduct product;
  const auto words = std::max(a.words(), b.words());
  if (words > 1) product.string.more_.resize(words - 1);
  for (std::size_t k = 0; k < words; ++k) {
    const auto word = a.word(k) * b.word(k);
    product.string.masks_to_set(k) = {word.x, word.z};
    product.quarter_turns += word.phase - std::popcount(word.x & word.z);  // a letter Y is i X Z
  }
  product.quarter_turns &= 3;
  product.string.trim();
  return product;
}

bool commute(const PauliString& a, const PauliString& b) {
  bool result = true;
  for (std::size_t k = 0; k < std::min(a.words(), b.words()); ++k)
    result = result == commute(a.word(k), b.word(k));
  return result;
}

std::string to_string(const PauliString& string) {
  if (string.identity()) return "I";
  std::string text;
  for (const auto& [qubit, letter] : string.letters())
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", letter, qubit);
  return text;
}

}  // namespace qupel

std::size_t std::hash<qupel::PauliString>::operator()(const qupel::PauliString& string) const noexcept {
  // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014) after each mask.
  const auto mixed = [](std::uint64_t bits) {
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    return bits ^ bits >> 31;
  };
  std::uint64_t value = 0;
  for (std::size_t k = 0; k < string.words(); ++k) {
    const auto word = string.word(k);
    value = mixed(mixed(value + word.x + 0x9e3779b97f4a7c15) + word.z);
  }
  return value;
}
