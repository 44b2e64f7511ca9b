#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/encode/encodings.h"

namespace qupel {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

constexpr std::array<std::pair<Entanglement, std::string_view>, 4> names{{{Entanglement::none, "none"},
                                                                          {Entanglement::linear, "linear"},
                                                                          {Entanglement::ring, "ring"},
                                                                          {Entanglement::full, "full"}}};

Pairs neighbours(int qubits) {
  Pairs all;
  for (int i = 0; i + 1 < qubits; i += 2) all.emplace_back(i, i + 1);
  for (int i = 1; i + 1 < qubits; i += 2) all.emplace_back(i, i + 1);
  return all;
}

// The circle method: the last player stays, the others turn by one a round; with an odd number that player is
// a bye.
Pairs round_robin(int qubits) {
  const int players = qubits + qubits % 2, turning = players - 1;
  Pairs all;
  for (int round = 0; round < turning; ++round) {
    for (int k = 0; k < players / 2; ++k) {
      const int i = (round + k) % turning, j = k == 0 ? turning : (round - k + turning) % turning;
      if (j < qubits) all.emplace_back(std::min(i, j), std::max(i, j));
    }
  }
  return all;
}

}  // namespace

Entanglement entanglement(std::string_view name) {
  std::vector<std::string> valid;
  for (const auto& [value, text] : names) {
    if (text == name) return value;
    valid.emplace_back(text);
  }
  throw InputError(unknown_name(name, "an entanglement", valid));
}

std::string_view to_string(Entanglement entanglement) {
  return std::ranges::find(names, entanglement, &std::pair<Entanglement, std::string_view>::first)->second;
}

Pairs pairs(Entanglement entanglement, int qubits) {
  if (entanglement == Entanglement::none || qubits < 2) return {};
  if (entanglement == Entanglement::full) return round_robin(qubits);
  auto all = neighbours(qubits);
  if (entanglement == Entanglement::ring && qubits > 2) all.emplace_back(qubits - 1, 0);
  return all;
}

long pair_count(Entanglement entanglement, int qubits) {
  const long n = qubits;
  switch (entanglement) {
    case Entanglement::none:
      break;
    case Entanglement::linear:
      return n - 1;
    case Entanglement::ring:
      return n > 2 ? n : n - 1;
    case Entanglement::full:
      return n * (n - 1) / 2;
  }
  return 0;
}

long pair_rounds(Entanglement entanglement, int qubits, long repeats) {
  const long n = qubits;
  if (entanglement == Entanglement::none || n < 2) return 0;
  if (entanglement == Entanglement::full) return repeats * (n - 1 + n % 2);
  if (n == 2) return repeats;
  if (entanglement == Entanglement::linear || n % 2 == 0) return 2 * repeats;
  return 2 * repeats + (2 * repeats + n - 2) / (n - 1);  // 2 r + ceil(2 r / (n - 1))
}

}  // namespace qupel
