#pragma once
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Products of Pauli matrices as bit masks (the symplectic form of Aaronson and Gottesman, Phys. Rev. A 70,
// 052328, 2004): bit q of x says that qubit q is flipped, bit q of z that its sign is turned; both are Y.
namespace qupel {

/// Whether an odd number of bits is set.
inline bool odd(std::uint64_t bits) { return (std::popcount(bits) & 1) != 0; }

/// The operator i^phase X^x Z^z on up to 64 qubits. All products of Pauli strings are made here.
struct PauliWord {
  int phase = 0;  ///< 0 to 3
  std::uint64_t x = 0, z = 0;
};

inline PauliWord operator*(const PauliWord& a, const PauliWord& b) {
  return {(a.phase + b.phase + (odd(a.z & b.x) ? 2 : 0)) & 3, a.x ^ b.x, a.z ^ b.z};
}

inline bool commute(const PauliWord& a, const PauliWord& b) { return !odd((a.x & b.z) ^ (a.z & b.x)); }

/// Bits 2q of the result are bits q of `low`, bits 2q + 1 those of `high`, for q below 32.
std::uint64_t interleaved(std::uint64_t low, std::uint64_t high);

struct PauliProduct;

/// A product of letters X, Y, Z on distinct qubits, the identity elsewhere. Of any width; up to 64 qubits it
/// takes no memory of its own.
class PauliString {
 public:
  PauliString() = default;  ///< the identity
  /// As {{0, 'X'}, {3, 'Z'}}. @throws InputError as set(), or for a qubit that comes twice
  PauliString(std::initializer_list<std::pair<int, char>> letters);
  /// Letter k on qubit k, as "XIZ". @throws InputError as set()
  explicit PauliString(std::string_view letters);
  /// Letter k on qubits[k], which differ. @throws InputError as set()
  PauliString(std::string_view letters, std::span<const int> qubits);
  /// The letters of 64 qubits by their masks.
  static PauliString of_masks(std::uint64_t x, std::uint64_t z);
  /// Digit q of the index, base 4, is the letter I, X, Y or Z of qubit q.
  static PauliString of_index(std::uint64_t index);

  char letter(int qubit) const;  ///< I, X, Y or Z
  /// @throws InputError for another letter than I, X, Y and Z, or a qubit below 0 or above most_qubit
  void set(int qubit, char letter);
  static constexpr int most_qubit = (1 << 20) - 1;

  bool identity() const { return first_ == Masks{} && more_.empty(); }
  bool diagonal() const;  ///< I and Z only
  int qubits() const;     ///< 1 + the highest qubit that it acts on
  int weight() const;     ///< how many qubits it acts on
  /// (qubit, letter) where it is not the identity, qubits ascending.
  std::vector<std::pair<int, char>> letters() const;
  /// Its letters on these qubits, the identity elsewhere.
  PauliString restricted(std::span<const int> qubits) const;
  /// Its letter k on qubits[k], which differ; other letters go.
  PauliString moved_to(std::span<const int> qubits) const;
  /// Whether on every qubit where both act they have the same letter: one measurement then gives both.
  bool agrees(const PauliString& other) const;

  std::size_t words() const { return 1 + more_.size(); }  ///< of 64 qubits
  /// As an operator on qubits 64 k to 64 k + 63, for any k.
  PauliWord word(std::size_t k = 0) const;
  /// See of_index(). Of its first 32 qubits.
  std::uint64_t index() const;

  friend bool operator==(const PauliString&, const PauliString&) = default;
  /// By x, then z, as large numbers: the identity first, then all others of I and Z; those that flip the same
  /// qubits are neighbours.
  friend std::strong_ordering operator<=>(const PauliString& a, const PauliString& b);

 private:
  struct Masks {
    std::uint64_t x = 0, z = 0;
    friend bool operator==(const Masks&, const Masks&) = default;
  };
  friend PauliProduct operator*(const PauliString& a, const PauliString& b);

  Masks masks(std::size_t k) const { return k == 0 ? first_ : k <= more_.size() ? more_[k - 1] : Masks{}; }
  Masks& masks_to_set(std::size_t k);
  void trim();  // no empty words at the end, so that equal strings have equal members

  Masks first_;
  std::vector<Masks> more_;
};

/// i^quarter_turns string, with quarter_turns 0 to 3.
struct PauliProduct {
  PauliString string;
  int quarter_turns = 0;
};
PauliProduct operator*(const PauliString& a, const PauliString& b);
bool commute(const PauliString& a, const PauliString& b);

/// Reads "X0 Y2 Z3", letters in any order; "I" or "" is the identity. @throws InputError with the column of
/// the first character not understood
PauliString parse_pauli_string(std::string_view text);
std::string to_string(const PauliString& string);

}  // namespace qupel

template <>
struct std::hash<qupel::PauliString> {
  std::size_t operator()(const qupel::PauliString& string) const noexcept;
};
