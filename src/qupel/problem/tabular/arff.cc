#include "qupel/problem/tabular/arff.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

struct Attribute {
  std::string name;
  std::string sparse;  ///< the value that a sparse row leaves out
};

std::string quoted_for_csv(std::string_view cell) {
  std::string quoted = "\"";
  for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

/// One line of the file, read from its left to its right.
class ArffLine {
 public:
  ArffLine(std::string_view text, std::string_view source, std::size_t number)
      : text_(trim(text)), source_(source), number_(number) {}

  bool is_empty() const { return text_.empty() || text_.front() == '%'; }
  bool at_end() const { return text_.empty(); }
  char next() const { return text_.empty() ? '\0' : text_.front(); }
  std::size_t number() const { return number_; }

  bool accept(char mark) {
    if (next() != mark) return false;
    text_ = trim(text_.substr(1));
    return true;
  }

  /// "@data" in lower case; "" if none begins here.
  std::string keyword() {
    if (next() != '@') return "";
    return lower(take(text_.find_first_of(" \t")));
  }

  /// A value in quotes of either kind, or up to one of `ends`.
  std::string value(std::string_view ends) {
    const char quote = next();
    if (quote == '\'' || quote == '"') return quoted(quote);
    const auto end = std::min(text_.find_first_of(ends), text_.size());
    return std::string(trim(take(end)));
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw InputError(fmt::format("{}:{}: {}", source_, number_, what));
  }

 private:
  std::string_view take(std::size_t end) {
    const auto taken = text_.substr(0, end);
    text_ = trim(text_.substr(taken.size()));
    return taken;
  }

  std::string quoted(char quote) {
    std::string value;
    for (std::size_t at = 1; at < text_.size(); ++at) {
      if (text_[at] == quote) {
        take(at + 1);
        return value;
      }
      if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
      value += text_[at];
    }
    fail("a quote is opened on this line and never closed");
  }

  std::string_view text_, source_;
  std::size_t number_;
};

/// A line without the comment that begins with a % behind a space, as Weka's reader takes it. (In a value
/// that is not in quotes, such as 5%, it may be meant.)
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote != 0) {
      if (c == '\\') ++at;
      if (c == quote) quote = 0;
      continue;
    }
    const char before = at > 0 ? line[at - 1] : ' ';
    if ((c == '\'' || c == '"') && std::string_view(" \t,{").find(before) != std::string_view::npos)
      quote = c;
    if (c == '%' && at > 0 && (before == ' ' || before == '\t')) return line.substr(0, at);
  }
  return line;
}

class ArffReader {
 public:
  ArffReader(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  std::string csv() {
    while (auto line = next_line()) {
      if (!line->is_empty()) in_data_ ? row(*line) : declaration(*line);
      csv_ += '\n';
    }
    if (!in_data_) throw InputError(fmt::format("{}: an ARFF file without a line @data", source_));
    return std::move(csv_);
  }

 private:
  std::optional<ArffLine> next_line() {
    if (at_ >= text_.size()) return std::nullopt;
    const auto end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const ArffLine line(without_comment(text_.substr(at_, end - at_)), source_, ++lines_);
    at_ = end + (text_.substr(end).starts_with("\r\n") ? 2 : 1);
    return line;
  }

  void declaration(ArffLine& line) {
    const auto keyword = line.keyword();
    if (keyword == "@attribute") return attribute(line);
    if (keyword == "@data") return begin_data(line);
    if (keyword != "@relation")
      line.fail("an ARFF file declares @relation, @attribute and @data before its rows, one on a line");
  }

  void attribute(ArffLine& line) {
    Attribute attribute{line.value(" \t{"), "0"};
    if (attribute.name.empty() || line.at_end()) line.fail("@attribute needs a name and a type");
    if (line.accept('{'))
      attribute.sparse = line.value(",}");
    else if (lower(line.value(" \t")) == "relational")
      line.fail("relational attributes, tables within a table, are not read");
    attributes_.push_back(std::move(attribute));
  }

  void begin_data(const ArffLine& line) {
    if (attributes_.empty()) line.fail("@data without an @attribute before it");
    in_data_ = true;
    std::vector<std::string> names;
    for (const auto& each : attributes_) names.push_back(each.name);
    write(names);
  }

  void row(ArffLine& line) {
    if (line.accept('{')) return write(sparse_row(line));
    const auto whole = line;
    auto cells = dense_row(line, ",\t");
    if (cells.size() != attributes_.size()) {  // Weka takes spaces for commas
      line = whole;
      if (auto spaced = dense_row(line, ",\t "); spaced.size() == attributes_.size())
        cells = std::move(spaced);
    }
    if (cells.size() != attributes_.size())
      line.fail(
          fmt::format("the row has {}, but there are {}; a value with a comma or a space must be in quotes",
                      counted(cells.size(), "value"), counted(attributes_.size(), "attribute")));
    write(cells);
  }

  /// A comma at the end is one before an empty value, unless all values are there.
  std::vector<std::string> dense_row(ArffLine& line, std::string_view ends) const {
    std::vector<std::string> cells;
    while (!line.at_end() && line.next() != '{') {  // the weight of a row, its last cell
      cells.push_back(cell(line, ends));
      const bool comma = line.accept(',');
      if (comma && line.at_end() && cells.size() < attributes_.size()) cells.emplace_back();
    }
    return cells;
  }

  /// "3 1.5, 7 yes": the numbers of attributes from 0, and values.
  std::vector<std::string> sparse_row(ArffLine& line) const {
    std::vector<std::string> cells;
    for (const auto& each : attributes_) cells.push_back(each.sparse);
    while (!line.accept('}')) {
      const auto index = line.value(" \t,}");
      std::size_t at = cells.size();
      const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), at);
      if (error != std::errc{} || end != index.data() + index.size() || at >= cells.size())
        line.fail(fmt::format("{} in a sparse row is no attribute; they count from 0 to {}", in_quotes(index),
                              cells.size() - 1));
      cells[at] = cell(line, ",}");
      if (!line.accept(',') && line.next() != '}') line.fail("a sparse row ends with }");
    }
    return cells;
  }

  static std::string cell(ArffLine& line, std::string_view ends) {
    const bool quoted = line.next() == '\'' || line.next() == '"';
    auto value = line.value(ends);
    return value == "?" && !quoted ? "" : value;
  }

  void write(const std::vector<std::string>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) csv_ += (c == 0 ? "" : ",") + quoted_for_csv(cells[c]);
  }

  std::string_view text_, source_;
  std::size_t at_ = 0, lines_ = 0;
  std::vector<Attribute> attributes_;
  bool in_data_ = false;
  std::string csv_;
};

}  // namespace

bool is_arff(std::string_view text) {
  while (!text.empty()) {
    const auto line = trim(text.substr(0, text.find_first_of("\r\n")));
    if (!line.empty() && line.front() != '%') return lower(line.substr(0, 9)) == "@relation";
    text.remove_prefix(std::min(text.find_first_of("\r\n"), text.size() - 1) + 1);
  }
  return false;
}

std::string csv_of_arff(std::string_view text, std::string_view source) {
  return ArffReader(text, source).csv();
}

}  // namespace qupel
