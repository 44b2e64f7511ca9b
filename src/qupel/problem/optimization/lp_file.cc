#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"
#include "qupel/problem/optimization/program_builder.h"

namespace qupel {
namespace {

enum class Section { objective, rows, bounds, whole, binary, end };

struct LpToken {
  std::string_view text;
  std::size_t line = 0;
};

bool starts_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }
bool is_symbol(char c) { return std::string_view("+-*/^[]<>=:,").find(c) != std::string_view::npos; }

/// How many characters the number at the beginning of a text takes.
std::size_t number_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && starts_number(text[n])) ++n;
  if (n < text.size() && (text[n] == 'e' || text[n] == 'E')) {
    auto m = n + 1;
    if (m < text.size() && (text[m] == '+' || text[m] == '-')) ++m;
    const auto digits = m;
    while (m < text.size() && std::isdigit(static_cast<unsigned char>(text[m])) != 0) ++m;
    if (m > digits) n = m;
  }
  return n;
}

class LpReader {
 public:
  LpReader(std::string_view text, std::string_view source) : lines_(text, source), builder_(lines_) {}

  IntegerProgram read() {
    tokenize();
    if (!header()) fail("the first word is Minimize or Maximize");
    while (at_ < tokens_.size() && section_ != Section::end) {
      if (header()) continue;
      if (section_ == Section::objective)
        read_objective();
      else if (section_ == Section::rows)
        read_row();
      else if (section_ == Section::bounds)
        read_bound();
      else if (section_ != Section::end)
        read_whole();
    }
    return builder_.finish(unlimited);
  }

 private:
  void tokenize() {
    TextLine line;
    while (lines_.next(line)) {
      auto rest = line.whole.substr(0, line.whole.find('\\'));
      while (!rest.empty()) {
        if (std::isspace(static_cast<unsigned char>(rest[0])) != 0) {
          rest.remove_prefix(1);
          continue;
        }
        const auto length = token_length(rest);
        tokens_.push_back({rest.substr(0, length), line.number});
        rest.remove_prefix(length);
      }
    }
  }
  static std::size_t token_length(std::string_view text) {
    if (starts_number(text[0])) return std::max<std::size_t>(1, number_length(text));
    if (is_symbol(text[0])) return text.size() > 1 && is_comparison(text.substr(0, 2)) ? 2 : 1;
    return name_length(text);
  }
  // x, or x[1,2] as Gurobi writes the variables of an array: brackets that open behind a name are part of it.
  static std::size_t name_length(std::string_view text) {
    const auto ends_word = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    std::size_t n = 0;
    while (n < text.size() && !is_symbol(text[n]) && !ends_word(text[n])) {
      ++n;
      if (n == text.size() || text[n] != '[') continue;
      const auto* const end =
          std::find_if(text.begin() + n, text.end(), [&](char c) { return c == ']' || ends_word(c); });
      if (end != text.end() && *end == ']') n = static_cast<std::size_t>(end - text.begin()) + 1;
    }
    return n;
  }
  static bool is_comparison(std::string_view text) {
    return text == "<=" || text == ">=" || text == "=<" || text == "=>" || text == "<" || text == ">" ||
           text == "=";
  }

  TextLine here() const {
    TextLine line;
    line.number = tokens_.empty() ? 1 : tokens_[std::min(at_, tokens_.size() - 1)].line;
    return line;
  }
  [[noreturn]] void fail(std::string_view message) const { lines_.fail(here(), message); }
  std::string_view peek(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].text : std::string_view();
  }
  bool take(std::string_view text) {
    if (peek() != text) return false;
    ++at_;
    return true;
  }
  bool is_name() const { return !peek().empty() && !starts_number(peek()[0]) && !is_symbol(peek()[0]); }
  bool begins_line() const { return at_ == 0 || tokens_[at_ - 1].line != tokens_[at_].line; }

  /// Takes the head of a section. @returns whether there was one
  bool header() {
    if (at_ >= tokens_.size() || !begins_line() || peek(1) == ":") return false;  // with ":" it is a label
    const auto word = lower(peek()), next = lower(peek(1));
    const auto enter = [&](Section section, std::size_t words) {
      section_ = section;
      at_ += words;
      return true;
    };
    for (const auto* name : {"minimize", "minimise", "min", "maximize", "maximise", "max"})
      if (word == name && at_ == 0) {
        builder_.program.maximised = word.starts_with("max");
        return enter(Section::objective, 1);
      }
    if ((word == "subject" && next == "to") || (word == "such" && next == "that"))
      return enter(Section::rows, 2);
    if (word == "st" || word == "s.t." || word == "st.") return enter(Section::rows, 1);
    if (word == "bounds" || word == "bound") return enter(Section::bounds, 1);
    const bool constraints = next == "constraints" || next == "constraint" || next == "cuts";
    if (constraints && (word == "lazy" || word == "general" || word == "user"))
      fail(fmt::format("a section {} {}: Qupel reads none of those", peek(), peek(1)));
    for (const auto* name : {"general", "generals", "gen", "integer", "integers", "int"})
      if (word == name) return enter(Section::whole, 1);
    for (const auto* name : {"binary", "binaries", "bin"})
      if (word == name) return enter(Section::binary, 1);
    if (word == "semi-continuous" || word == "semis" || word == "sos" || word == "sos1" || word == "sos2")
      fail(fmt::format("a section {}: Qupel reads none of those", peek()));
    return word == "end" && enter(Section::end, 1);
  }

  double number() {
    double sign = 1;
    while (peek() == "+" || peek() == "-") sign *= tokens_[at_++].text == "-" ? -1 : 1;
    const auto word = lower(peek());
    if (word == "inf" || word == "infinity") {
      ++at_;
      return sign * unlimited;
    }
    if (peek().empty()) fail("a number is missing at the end");
    const double value = limit_of(lines_.number(here(), peek()));
    if (std::abs(value) > 1e15 && std::isfinite(value)) fail(fmt::format("{} is beyond 1e15", value));
    ++at_;
    return sign * value;
  }

  /// Terms up to a comparison, the next section or the end.
  struct Expression {
    std::vector<std::pair<std::size_t, double>> terms;
    double constant = 0;
  };
  Expression expression() {
    Expression found;
    while (at_ < tokens_.size() && !is_comparison(peek()) && !is_header_here()) {
      refuse_quadratic();
      if (peek() == "-" && peek(1) == ">") fail("an indicator constraint (->): Qupel reads none of those");
      const bool first = found.terms.empty() && found.constant == 0,
                 has_sign = peek() == "+" || peek() == "-";
      if (!first && !has_sign) fail(fmt::format("\"+\" or \"-\" is missing before {}", in_quotes(peek())));
      double factor = 1;
      while (peek() == "+" || peek() == "-") factor *= tokens_[at_++].text == "-" ? -1 : 1;
      refuse_quadratic();
      const bool has_number = !peek().empty() && starts_number(peek()[0]);
      if (has_number) factor *= number();
      if (is_name() && !is_header_here() && peek(1) != ":")
        found.terms.emplace_back(builder_.variable(here(), peek()), factor), ++at_;
      else if (has_number)
        found.constant += factor;
      else
        fail(has_sign ? "a sign without a term" : in_quotes(peek()) + " is no term");
      if (peek(1) == ":") break;
    }
    const bool finite =
        std::ranges::all_of(found.terms, [](const auto& term) { return std::isfinite(term.second); });
    if (!finite || (!found.terms.empty() && !std::isfinite(found.constant)))
      fail("a number of 1e20 or more, which stands for infinity, among terms");
    return found;
  }
  void refuse_quadratic() const {
    if (peek() == "[" || peek() == "^" || peek(1) == "^" || peek(1) == "*")
      fail("a quadratic term: an integer program is linear; a QUBO takes them");
  }
  bool is_header_here() {
    const auto at = at_;
    const auto section = section_;
    const bool found = header();
    at_ = at;
    section_ = section;
    return found;
  }
  std::string label() {
    if (!is_name() || peek(1) != ":") return "";
    at_ += 2;
    return std::string(tokens_[at_ - 2].text);
  }

  void read_objective() {
    label();
    const auto [terms, constant] = expression();
    if (!std::isfinite(constant)) fail("an infinite objective");
    if (at_ < tokens_.size() && is_comparison(peek())) fail("a comparison in the objective");
    for (const auto& [i, factor] : terms) builder_.program.variables[i].cost += factor;
    builder_.program.constant += constant;
  }

  void read_row() {
    IntegerProgram::Row row{.name = label(), .terms = {}};
    if (row.name.empty()) row.name = fmt::format("row {}", builder_.program.rows.size() + 1);
    auto [terms, constant] = expression();
    if (!is_comparison(peek())) fail("a constraint without <=, >= or =");
    if (terms.empty()) {  // number <= terms, and perhaps <= number
      limit(row, mirrored(std::string(tokens_[at_++].text)), constant);
      auto [others, shift] = expression();
      if (shift != 0) fail("a constant beside the variables of a constraint");
      row.terms = std::move(others);
      if (is_comparison(peek())) {
        const std::string comparison(tokens_[at_++].text);
        limit(row, comparison, number());
      }
    } else {
      row.terms = std::move(terms);
      const std::string comparison(tokens_[at_++].text);
      limit(row, comparison, number() - constant);
    }
    if (row.terms.empty()) fail("a constraint without variables");
    if (at_ < tokens_.size() && !begins_line() && (peek() == "+" || peek() == "-") && peek(1) != ">")
      fail("variables on both sides of a comparison: bring them to the left");
    builder_.program.rows.push_back(std::move(row));
  }
  static std::string mirrored(std::string comparison) {
    for (char& c : comparison) c = c == '<' ? '>' : c == '>' ? '<' : c;
    return comparison;
  }
  static void limit(IntegerProgram::Row& row, const std::string& comparison, double value) {
    if (comparison.find('>') == std::string::npos) row.high = value;
    if (comparison.find('<') == std::string::npos) row.low = value;
  }

  void read_bound() {
    if (is_name() && lower(peek()) != "inf" && lower(peek()) != "infinity") {
      const auto i = builder_.variable(here(), tokens_[at_++].text);
      if (lower(peek()) == "free") {
        ++at_;
        builder_.set_low(i, -unlimited);
        return;
      }
      set_bound(i, comparison_here());
      return;
    }
    const double value = number();
    const auto comparison = mirrored(comparison_here());
    if (!is_name()) fail("a bound without a variable");
    const auto i = builder_.variable(here(), tokens_[at_++].text);
    apply(i, comparison, value);
    if (is_comparison(peek())) set_bound(i, comparison_here());
  }
  std::string comparison_here() {
    if (!is_comparison(peek())) fail("a bound without <=, >= or =");
    return std::string(tokens_[at_++].text);
  }
  void set_bound(std::size_t i, const std::string& comparison) { apply(i, comparison, number()); }
  void apply(std::size_t i, const std::string& comparison, double value) {
    if (comparison.find('>') == std::string::npos) builder_.set_high(i, value);
    if (comparison.find('<') == std::string::npos) builder_.set_low(i, value);
  }

  void read_whole() {
    if (!is_name()) fail(in_quotes(peek()) + " is no name of a variable");
    const auto i = builder_.variable(here(), tokens_[at_++].text);
    if (section_ == Section::binary)
      builder_.set_binary(i);
    else
      builder_.set_whole(i);
  }

  TextLines lines_;
  ProgramBuilder builder_;
  std::vector<LpToken> tokens_;
  std::size_t at_ = 0;
  Section section_ = Section::objective;
};

}  // namespace

IntegerProgram read_lp(std::string_view text, std::string_view source) {
  return LpReader(text, source).read();
}

}  // namespace qupel
