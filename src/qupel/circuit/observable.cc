#include "qupel/circuit/observable.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>

#include "qupel/base/error.h"

namespace qupel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A recursive-descent reader: sum = [sign] term {sign term}; term = [number ["*"]] {letter}.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Observable sum() {
    Observable observable;
    skip_spaces();
    double sign = read_sign(true);
    while (true) {
      observable.terms.push_back(term(sign));
      if (at_ == text_.size()) return observable;
      sign = read_sign(false);
    }
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    skip_spaces();
    return true;
  }

  [[noreturn]] void fail(std::size_t at, std::string_view expected) const {
    const auto found = at < text_.size() ? fmt::format("\"{}\"", text_[at]) : std::string("the end");
    throw InputError(
        fmt::format("observable \"{}\", column {}: expected {}, found {}", text_, at + 1, expected, found));
  }

  double read_sign(bool optional) {
    if (take('+')) return 1;
    if (take('-')) return -1;
    if (!optional) fail(at_, "+ or -, or a letter X, Y, Z with its qubit such as Z0");
    return 1;
  }

  Observable::Term term(double sign) {
    Observable::Term term{sign, {}};
    bool empty = true, times = false;
    if (is_digit(peek()) || peek() == '.') {
      term.weight *= number<double>("a finite number");
      empty = false;
      times = take('*');
    }
    while (times || std::string_view("IXYZ").find(peek()) != std::string_view::npos) {
      letter(term.pauli);
      empty = false;
      times = take('*');
    }
    if (empty) fail(at_, "a weight or a Pauli letter such as Z0");
    std::ranges::sort(term.pauli.letters);
    return term;
  }

  void letter(PauliString& pauli) {
    const std::size_t start = at_;
    if (take('I')) return;
    const char letter = peek();
    if (letter != 'X' && letter != 'Y' && letter != 'Z') fail(at_, "a letter I, X, Y or Z");
    ++at_;
    if (!is_digit(peek())) fail(at_, fmt::format("the number of the qubit that {} acts on", letter));
    const int qubit = number<int>("the number of a qubit");
    if (std::ranges::count(pauli.letters, qubit, &std::pair<int, char>::first) != 0) {
      fail(start, fmt::format("one letter a qubit (qubit {} has one already)", qubit));
    }
    pauli.letters.emplace_back(qubit, letter);
  }

  template <typename Number>
  Number number(std::string_view expected) {
    Number value{};
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) fail(at_, expected);
    at_ = static_cast<std::size_t>(end - text_.data());
    skip_spaces();
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string term_text(const Observable::Term& term) {
  const double size = std::abs(term.weight);
  std::string text = size == 1 ? "" : fmt::format("{} ", size);
  if (term.pauli.letters.empty()) return text + "I";
  for (const auto& [qubit, letter] : term.pauli.letters) text += fmt::format("{}{} ", letter, qubit);
  text.pop_back();
  return text;
}

// P |basis state> = phase |basis state ^ flips>.
Complex phase(const PauliString& pauli, std::size_t basis) {
  Complex phase = 1;
  for (const auto& [qubit, letter] : pauli.letters) {
    const double sign = ((basis >> qubit) & 1) != 0 ? -1 : 1;
    if (letter == 'Z') phase *= sign;
    if (letter == 'Y') phase *= Complex{0, sign};
  }
  return phase;
}

std::size_t flips(const PauliString& pauli) {
  std::size_t mask = 0;
  for (const auto& [qubit, letter] : pauli.letters) mask |= letter == 'Z' ? 0 : std::size_t{1} << qubit;
  return mask;
}

}  // namespace

Observable Observable::z(int qubit) { return parity(std::span(&qubit, 1)); }

Observable Observable::parity(std::span<const int> qubits) {
  Term term;
  for (const int qubit : qubits) {
    if (qubit < 0)
      throw InputError(fmt::format("an observable on qubit {}: qubits are numbered from 0", qubit));
    term.pauli.letters.emplace_back(qubit, 'Z');
  }
  auto& letters = term.pauli.letters;
  std::ranges::sort(letters);
  const auto twice = std::ranges::adjacent_find(letters);
  if (twice != letters.end()) throw InputError(fmt::format("the parity takes qubit {} twice", twice->first));
  return {{std::move(term)}};
}

bool Observable::diagonal() const {
  return std::ranges::all_of(terms, [](const Term& term) {
    return std::ranges::all_of(term.pauli.letters, [](const auto& letter) { return letter.second == 'Z'; });
  });
}

int Observable::qubits() const {
  int count = 0;
  for (const Term& term : terms) {
    for (const auto& [qubit, letter] : term.pauli.letters) count = std::max(count, qubit + 1);
  }
  return count;
}

Observable parse_observable(std::string_view text) { return Parser(text).sum(); }

std::string to_string(const Observable& observable) {
  if (observable.terms.empty()) return "0 I";
  std::string text;
  for (const auto& term : observable.terms) {
    const bool negative = std::signbit(term.weight);
    text += text.empty() ? (negative ? "- " : "") : (negative ? " - " : " + ");
    text += term_text(term);
  }
  return text;
}

namespace {

// a b = i^quarter_turns string.
struct Product {
  PauliString string;
  int quarter_turns = 0;
};

Product multiply(const PauliString& a, const PauliString& b) {
  Product product;
  auto& out = product.string.letters;
  auto left = a.letters.begin(), right = b.letters.begin();
  while (left != a.letters.end() || right != b.letters.end()) {
    if (right == b.letters.end() || (left != a.letters.end() && left->first < right->first)) {
      out.push_back(*left++);
    } else if (left == a.letters.end() || right->first < left->first) {
      out.push_back(*right++);
    } else {
      const int difference =
          (right->second - left->second + 3) % 3;  // XY = iZ, YX = -iZ, and so on in a circle
      if (difference != 0)
        out.emplace_back(left->first, static_cast<char>('X' + 'Y' + 'Z' - left->second - right->second));
      product.quarter_turns += difference == 1 ? 1 : difference == 2 ? 3 : 0;
      ++left, ++right;
    }
  }
  return product;
}

}  // namespace

Observable squared(const Observable& observable) {
  std::map<std::vector<std::pair<int, char>>, double> weights;
  const auto& terms = observable.terms;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    for (std::size_t j = i; j < terms.size(); ++j) {
      auto [string, turns] = multiply(terms[i].pauli, terms[j].pauli);
      if (turns % 2 != 0) continue;  // strings that anticommute cancel
      const double sign = turns % 4 == 0 ? 1 : -1;
      weights[std::move(string.letters)] += (i == j ? 1 : 2) * sign * terms[i].weight * terms[j].weight;
    }
  }
  Observable result;
  for (const auto& [letters, weight] : weights) result.terms.push_back({weight, {letters}});
  return result;
}

double dense_expectation(const Observable& observable, std::span<const Complex> state) {
  if (!std::has_single_bit(state.size()) || std::countr_zero(state.size()) < observable.qubits()) {
    throw InputError(
        fmt::format("an observable on {} qubits needs a state of at least 2^{} amplitudes, a power of two, "
                    "not {}",
                    observable.qubits(), observable.qubits(), state.size()));
  }
  double value = 0;
  for (const auto& [weight, pauli] : observable.terms) {
    Complex term = 0;
    for (std::size_t basis = 0; basis < state.size(); ++basis) {
      term += std::conj(state[basis ^ flips(pauli)]) * phase(pauli, basis) * state[basis];
    }
    value += weight * term.real();
  }
  return value;
}

}  // namespace qupel
