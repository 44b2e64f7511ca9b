#include "qupel/circuit/observable.h"

#include <map>

namespace qupel {
namespace {

// a b = i^quarter * (a letter), for letters of one qubit.
std::pair<char, int> product(char a, char b) {
  if (a == b) return {'I', 0};
  const char other = static_cast<char>('X' + 'Y' + 'Z' - a - b);
  const bool cyclic = (a == 'X' && b == 'Y') || (a == 'Y' && b == 'Z') || (a == 'Z' && b == 'X');
  return {other, cyclic ? 1 : 3};
}

struct Product {
  PauliString pauli;
  int quarter = 0;  // times i^quarter; odd: the factors anticommute
};

Product product(const PauliString& a, const PauliString& b) {
  Product result;
  auto left = a.letters.begin(), right = b.letters.begin();
  while (left != a.letters.end() || right != b.letters.end()) {
    if (right == b.letters.end() || (left != a.letters.end() && left->first < right->first)) {
      result.pauli.letters.push_back(*left++);
    } else if (left == a.letters.end() || right->first < left->first) {
      result.pauli.letters.push_back(*right++);
    } else {
      const auto [letter, quarter] = product(left->second, right->second);
      if (letter != 'I') result.pauli.letters.emplace_back(left->first, letter);
      result.quarter = (result.quarter + quarter) % 4;
      ++left, ++right;
    }
  }
  return result;
}

}  // namespace

Observable squared(const Observable& observable) {
  std::map<std::vector<std::pair<int, char>>, double> weights;
  const auto& terms = observable.terms;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    weights[{}] += terms[i].weight * terms[i].weight;
    for (std::size_t j = 0; j < i; ++j) {
      const auto [pauli, quarter] = product(terms[i].pauli, terms[j].pauli);
      if (quarter % 2 == 0)
        weights[pauli.letters] += (quarter == 0 ? 2 : -2) * terms[i].weight * terms[j].weight;
    }
  }
  Observable square;
  for (const auto& [letters, weight] : weights) {
    if (weight != 0) square.terms.push_back({weight, {letters}});
  }
  return square;
}

}  // namespace qupel
