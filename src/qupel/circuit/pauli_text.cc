#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <type_traits>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/circuit/observable.h"

// The text of Pauli strings and their sums.
namespace qupel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A recursive-descent reader: sum = [sign] term {sign term}; term = [number ["*"]] {letter}.
class Parser {
 public:
  Parser(std::string_view what, std::string_view text) : what_(what), text_(text) {}

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

  PauliString string() {
    PauliString pauli;
    skip_spaces();
    while (at_ < text_.size()) letter(pauli);
    return pauli;
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
    const auto end = std::min(text_.find_first_of(" \t+-*", at + 1), text_.size());
    const auto found = at < text_.size() ? in_quotes(text_.substr(at, end - at)) : std::string("the end");
    throw InputError(fmt::format("{} {}, column {}: expected {}, found {}", what_, in_quotes(text_, 80),
                                 at + 1, expected, found));
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
    return term;
  }

  void letter(PauliString& pauli) {
    const std::size_t start = at_;
    if (take('I')) return;
    const char letter = peek();
    if (letter != 'X' && letter != 'Y' && letter != 'Z') fail(at_, "a letter I, X, Y or Z");
    ++at_;
    if (!is_digit(peek())) fail(at_, fmt::format("the number of the qubit that {} acts on", letter));
    const std::size_t place = at_;
    const int qubit = number<int>("the number of a qubit");
    if (qubit > PauliString::most_qubit)
      fail(place, fmt::format("a qubit up to {}", PauliString::most_qubit));
    if (pauli.letter(qubit) != 'I')
      fail(start, fmt::format("one letter a qubit (qubit {} has one already)", qubit));
    pauli.set(qubit, letter);
  }

  template <typename Number>
  Number number(std::string_view expected) {
    Number value{};
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if constexpr (std::is_same_v<Number, double>) {
      const auto read = parse_double({text_.data() + at_, end});  // numbers too small to tell from 0, too
      if (!read || std::isinf(*read)) fail(at_, expected);
      value = *read;
    } else if (error != std::errc{}) {
      fail(at_, expected);
    }
    at_ = static_cast<std::size_t>(end - text_.data());
    skip_spaces();
    return value;
  }

  std::string_view what_, text_;
  std::size_t at_ = 0;
};

std::string term_text(const Observable::Term& term) {
  const double size = std::abs(term.weight);
  return (size == 1 ? "" : fmt::format("{} ", size)) + to_string(term.pauli);
}

}  // namespace

Observable parse_observable(std::string_view text) { return Parser("observable", text).sum(); }

PauliString parse_pauli_string(std::string_view text) { return Parser("Pauli string", text).string(); }

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

}  // namespace qupel
