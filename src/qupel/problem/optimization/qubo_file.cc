#include "qupel/problem/optimization/qubo_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/device/json_value.h"
#include "qupel/problem/optimization/text_lines.h"

namespace qupel {
namespace {

std::vector<std::string> numbered_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

/// Terms over bits or, if the file says so, over spins s = 2 x - 1.
class QuboTerms {
 public:
  QuboTerms(std::size_t variables, bool spins) : builder_(numbered_names(variables)), spins_(spins) {}

  void add(double constant) { builder_.add(constant); }
  void add(std::size_t i, double weight) {
    builder_.add(i, spins_ ? 2 * weight : weight);
    if (spins_) builder_.add(-weight);
  }
  void add(std::size_t i, std::size_t j, double weight) {
    if (i == j) {
      if (!spins_) return builder_.add(i, weight);
      return builder_.add(weight);  // a spin's square is 1
    }
    if (!spins_) return builder_.add(i, j, weight);
    builder_.add(i, j, 4 * weight);
    builder_.add(i, -2 * weight);
    builder_.add(j, -2 * weight);
    builder_.add(weight);
  }
  Qubo build() { return std::move(builder_).build(); }

 private:
  QuboBuilder builder_;
  bool spins_;
};

QuboFile finished(QuboTerms terms, bool maximised) {
  QuboFile file{terms.build(), maximised};
  if (!maximised) return file;
  file.qubo.constant = -file.qubo.constant;
  for (auto& weight : file.qubo.linear) weight = -weight;
  for (auto& c : file.qubo.couplings) c.weight = -c.weight;
  return file;
}

constexpr double most_weight = 1e12;

class JsonReader {
 public:
  explicit JsonReader(const JsonValue& file) : file_(file) {
    file.only({"variables", "linear", "quadratic", "Q", "constant", "sense", "vartype"});
    spins_ = word("vartype", "BINARY", "SPIN");
    maximised_ = word("sense", "min", "max");
  }

  QuboFile read() {
    if (const auto matrix = file_.find("Q")) return read_matrix(*matrix);
    name_variables();
    QuboTerms terms(names_.size(), spins_);
    if (const auto constant = file_.find("constant")) terms.add(constant->number(-most_weight, most_weight));
    if (const auto linear = file_.find("linear"))
      for (const auto& [name, weight] : linear->members())
        terms.add(number_of(weight, name), weight.number(-most_weight, most_weight));
    if (const auto quadratic = file_.find("quadratic"))
      for (const auto& term : quadratic->list()) {
        const auto parts = triple(term);
        terms.add(number_of(parts[0], name_of(parts[0])), number_of(parts[1], name_of(parts[1])),
                  parts[2].number(-most_weight, most_weight));
      }
    auto result = finished(std::move(terms), maximised_);
    result.qubo.names = names_;
    return result;
  }

 private:
  bool word(std::string_view key, std::string_view usual, std::string_view other) const {
    const auto found = file_.find(key);
    if (!found || found->text() == usual) return false;
    if (found->text() != other) found->fail(fmt::format("must be \"{}\" or \"{}\"", usual, other));
    return true;
  }

  static std::vector<JsonValue> triple(const JsonValue& term) {
    auto parts = term.list();
    if (parts.size() != 3) term.fail("must be two variables and a weight");
    return parts;
  }
  static std::string name_of(const JsonValue& value) {
    return value.is_text() ? value.text() : std::to_string(value.whole(0));
  }

  void name_variables() {
    if (const auto variables = file_.find("variables")) {
      for (const auto& variable : variables->list())
        if (!add_name(name_of(variable))) variable.fail("stands there twice");
    } else {
      if (const auto linear = file_.find("linear"))
        for (const auto& [name, weight] : linear->members()) add_name(name);
      if (const auto quadratic = file_.find("quadratic"))
        for (const auto& term : quadratic->list()) {
          const auto parts = triple(term);
          add_name(name_of(parts[0])), add_name(name_of(parts[1]));
        }
    }
    if (names_.empty()) file_.fail("has no variable: neither \"variables\" nor \"linear\" nor \"quadratic\"");
  }
  bool add_name(const std::string& name) {
    if (!numbers_.try_emplace(name, names_.size()).second) return false;
    if (names_.size() == most_variables)
      file_.fail(fmt::format("has more than {} variables", most_variables));
    names_.push_back(name);
    return true;
  }
  std::size_t number_of(const JsonValue& place, const std::string& name) const {
    const auto found = numbers_.find(name);
    if (found == numbers_.end()) place.fail(fmt::format("of \"{}\", which is not among the variables", name));
    return found->second;
  }

  QuboFile read_matrix(const JsonValue& matrix) {
    const auto rows = matrix.list();
    if (rows.empty() || rows.size() > most_variables)
      matrix.fail(fmt::format("must have 1 to {} rows", most_variables));
    QuboTerms terms(rows.size(), spins_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = rows[i].list();
      if (row.size() != rows.size())
        rows[i].fail(fmt::format("must have {} numbers, as many as rows", rows.size()));
      for (std::size_t j = 0; j < row.size(); ++j) terms.add(i, j, row[j].number(-most_weight, most_weight));
    }
    return finished(std::move(terms), maximised_);
  }

  const JsonValue& file_;
  bool spins_ = false, maximised_ = false;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> numbers_;
};

std::size_t variable_of(const TextLines& lines, const TextLine& line, std::string_view word) {
  const auto number = lines.whole(line, word, 0, std::numeric_limits<std::int64_t>::max());
  if (number >= static_cast<std::int64_t>(most_variables))
    lines.fail(line,
               fmt::format("a variable {}: a QUBO has at most {}, counted from 0", number, most_variables));
  return static_cast<std::size_t>(number);
}

/// Of a head's word, which says how many terms there are: a file that was cut off has fewer.
void require_count(const TextLines& lines, const TextLine& head, std::size_t word, std::string_view where,
                   std::int64_t found) {
  const auto promised = lines.whole(head, head.words[word], 0, std::numeric_limits<std::int64_t>::max());
  if (promised != found)
    lines.fail(head, fmt::format("the head says {} terms {}, and there are {}", promised, where, found));
}

}  // namespace

QuboFile read_qubo_json(std::string_view text, std::string_view source) {
  const auto json = JsonValue::parse(text, source);
  return JsonReader(JsonValue(json, std::string(source))).read();
}

QuboFile read_qubo_coo(std::string_view text, std::string_view source) {
  TextLines lines(text, source, ",");
  TextLine line;
  struct Coefficient {
    std::size_t i, j;
    double weight;
  };
  std::vector<Coefficient> coefficients;
  std::size_t variables = 0;
  bool spins = false;
  std::optional<TextLine> head;
  while (lines.next(line)) {
    const auto first = line.words[0];
    if (first.starts_with('#')) {
      spins = spins || line.whole.find("vartype=SPIN") != line.whole.npos;
    } else if (first == "p") {
      if (line.words.size() < 4 || line.words[1] != "qubo")
        lines.fail(line, "the head of a qbsolv file is \"p qubo 0 VARIABLES DIAGONAL OFF-DIAGONAL\"");
      variables =
          std::max(variables, static_cast<std::size_t>(lines.whole(line, line.words[3], 1, most_variables)));
      head = line;
    } else if (first != "c") {
      if (line.words.size() != 3)
        lines.fail(line, fmt::format("{} words: a term has two variables and a weight", line.words.size()));
      const auto i = variable_of(lines, line, first), j = variable_of(lines, line, line.words[1]);
      const double weight = lines.number(line, line.words[2]);
      if (std::abs(weight) > most_weight)
        lines.fail(line, fmt::format("a weight of {}: at most {}", weight, most_weight));
      coefficients.push_back({i, j, weight});
      variables = std::max({variables, i + 1, j + 1});
    }
  }
  if (coefficients.empty()) lines.fail("no term in it");
  if (head && head->words.size() > 5) {
    const auto diagonal = std::ranges::count_if(coefficients, [](const auto& c) { return c.i == c.j; });
    require_count(lines, *head, 4, "on the diagonal", diagonal);
    require_count(lines, *head, 5, "off the diagonal", std::ssize(coefficients) - diagonal);
  }
  QuboTerms terms(variables, spins);
  for (const auto& [i, j, weight] : coefficients)
    i == j&& spins ? terms.add(i, weight) : terms.add(i, j, weight);
  return finished(std::move(terms), false);
}

}  // namespace qupel
