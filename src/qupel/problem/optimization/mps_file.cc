#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "qupel/base/code_points.h"
#include "qupel/problem/optimization/program_builder.h"

namespace qupel {
namespace {

class MpsReader {
 public:
  MpsReader(std::string_view text, std::string_view source) : lines_(text, source), builder_(lines_) {}

  IntegerProgram read() {
    bool ended = false;
    while (!ended && lines_.next(line_)) {
      if (line_.whole.starts_with('*')) continue;
      const bool head = line_.whole[0] != ' ' && line_.whole[0] != '\t';
      ended = head && line_.words[0] == "ENDATA";
      if (ended) continue;
      if (head)
        begin_section();
      else
        read_line();
    }
    if (objective_.empty()) lines_.fail("has no row of type N: no objective");
    if (!ended) lines_.fail("ends without ENDATA: is the file complete?");
    return builder_.finish(1);
  }

 private:
  void begin_section() {
    const std::set<std::string_view> known{"NAME", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "OBJSENSE"};
    section_ = line_.words[0];
    if (!known.contains(section_))
      lines_.fail(
          line_,
          fmt::format("a section {}: Qupel reads NAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS and OBJSENSE",
                      shortened(section_, 40)));
    if (section_ == "NAME" && line_.words.size() > 1) builder_.program.name = line_.words[1];
    if (section_ == "OBJSENSE" && line_.words.size() > 1) read_sense(line_.words[1]);
  }

  void read_line() {
    if (section_ == "ROWS")
      read_row();
    else if (section_ == "COLUMNS")
      read_column();
    else if (section_ == "RHS" || section_ == "RANGES")
      read_sides();
    else if (section_ == "BOUNDS")
      read_bound();
    else if (section_ == "OBJSENSE")
      read_sense(line_.words[0]);
    else
      lines_.fail(line_, "a line before the section ROWS");
  }

  void read_sense(std::string_view word) {
    if (!word.starts_with("MAX") && !word.starts_with("MIN")) lines_.fail(line_, "OBJSENSE is MIN or MAX");
    builder_.program.maximised = word.starts_with("MAX");
  }

  void read_row() {
    if (line_.words.size() != 2 || line_.words[0].size() != 1 ||
        std::string_view("NLGE").find(line_.words[0][0]) == std::string_view::npos)
      lines_.fail(line_, "a row is N, L, G or E and a name");
    const std::string name(line_.words[1]);
    const char type = line_.words[0][0];
    if (types_.contains(name)) lines_.fail(line_, fmt::format("two rows are called {}", name));
    types_[name] = type;
    if (type == 'N') {
      if (objective_.empty()) objective_ = name;
      return;
    }
    rows_[name] = builder_.program.rows.size();
    builder_.program.rows.push_back({.name = name,
                                     .terms = {},
                                     .low = type == 'L' ? -unlimited : 0,
                                     .high = type == 'G' ? unlimited : 0});
  }

  void read_column() {
    const auto& words = line_.words;
    if (words.size() == 3 && words[1] == "'MARKER'") {
      integer_ = words[2] == "'INTORG'";
      return;
    }
    if (words.size() != 3 && words.size() != 5)
      lines_.fail(line_, "a column is its name, and a row and a number once or twice");
    const auto i = builder_.variable(line_, words[0]);
    if (integer_) builder_.set_whole(i);
    for (std::size_t w = 1; w + 1 < words.size(); w += 2) {
      const double factor = finite(words[w + 1]);
      const std::string row(words[w]);
      if (row == objective_)
        builder_.program.variables[i].cost += factor;
      else if (type_of(row) != 'N')
        builder_.program.rows[rows_[row]].terms.emplace_back(i, factor);
    }
  }

  char type_of(const std::string& row) const {
    const auto found = types_.find(row);
    if (found == types_.end()) lines_.fail(line_, fmt::format("there is no row {}", shortened(row, 40)));
    return found->second;
  }
  double finite(std::string_view word) const {
    const double value = lines_.number(line_, word);
    if (std::abs(value) > 1e15) lines_.fail(line_, fmt::format("{} is beyond 1e15", value));
    return value;
  }

  void read_sides() {
    const auto& words = line_.words;
    for (std::size_t w = words.size() % 2; w + 1 < words.size(); w += 2) {
      const std::string name(words[w]);
      const double value = finite(words[w + 1]);
      const char type = type_of(name);
      if (type == 'N') {
        if (name == objective_ && section_ == "RHS") builder_.program.constant = -value;
        continue;
      }
      auto& row = builder_.program.rows[rows_[name]];
      if (section_ == "RHS") {
        if (type != 'L') row.low = value;
        if (type != 'G') row.high = value;
      } else if (type == 'L' || (type == 'E' && value < 0)) {
        row.low = row.high - std::abs(value);
      } else {
        row.high = row.low + std::abs(value);
      }
    }
  }

  void read_bound() {
    const auto& words = line_.words;
    const auto type = words[0];
    const bool valued = type == "UP" || type == "LO" || type == "FX" || type == "UI" || type == "LI";
    const std::set<std::string_view> others{"BV", "MI", "PL", "FR"};
    if (!valued && !others.contains(type))
      lines_.fail(line_, fmt::format("a bound {}: Qupel reads UP, LO, FX, BV, MI, PL, UI, LI and FR",
                                     shortened(type, 40)));
    const auto place = place_of_variable(valued);
    const auto i = builder_.variable(line_, words[place]);
    const double value = valued ? limit_of(lines_.number(line_, words[place + 1])) : 0;
    if (type == "BV") builder_.set_binary(i);
    if (type == "UI" || type == "LI") builder_.set_whole(i);
    if (type == "UP" || type == "UI" || type == "FX") builder_.set_high(i, value);
    if (type == "LO" || type == "LI" || type == "FX") builder_.set_low(i, value);
    if (type == "MI" || type == "FR") builder_.set_low(i, -unlimited);
    if (type == "PL" || type == "FR") builder_.set_high(i, unlimited);
    // An upper bound below 0 would leave nothing above the usual lower one: there is none then.
    if ((type == "UP" || type == "UI") && value < 0) builder_.set_low_if_none(i, -unlimited);
  }

  // Behind the name of the set of bounds, or without it; a number may follow where none is needed.
  std::size_t place_of_variable(bool valued) const {
    const auto& words = line_.words;
    for (const std::size_t place : {std::size_t{2}, std::size_t{1}})
      if (place < words.size() && words.size() <= place + 2 && (!valued || words.size() == place + 2) &&
          builder_.has_variable(words[place]))
        return place;
    if (words.size() == 3 || words.size() == 4)
      lines_.fail(line_,
                  fmt::format("there is no column {}", shortened(words[valued ? words.size() - 2 : 2], 40)));
    lines_.fail(line_, "a bound is its type, a name for the set, a variable and a number");
  }

  TextLines lines_;
  TextLine line_;
  ProgramBuilder builder_;
  std::string_view section_;
  std::string objective_;
  std::map<std::string, char> types_;
  std::map<std::string, std::size_t> rows_;
  bool integer_ = false;
};

}  // namespace

IntegerProgram read_mps(std::string_view text, std::string_view source) {
  return MpsReader(text, source).read();
}

}  // namespace qupel
