#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/report/terminal.h"
#include "qupel/study/result.h"

// Tables and colours of reports for a terminal.
namespace qupel::report {

constexpr std::size_t narrowest = 40;  ///< columns that every text report takes

/// ANSI colours, or none.
class Ink {
 public:
  explicit Ink(bool colour) : colour_(colour) {}
  std::string operator()(std::string_view code, std::string_view text) const;

 private:
  bool colour_;
};

constexpr std::string_view dim = "2", bold = "1";
std::string_view colour_of(Verdict verdict);
std::string_view colour_of(Family family);

struct TextColumn {
  std::string_view title;
  Align align = Align::left;
  int keep = 0;  ///< columns with the lowest number are left out first when the terminal is narrow; 9: never
  std::vector<std::string> cells;
};

/// Title, rows and rules. Columns are left out, then the first is shortened, until a line fits.
/// @param row_colours one a row
std::string text_table(std::vector<TextColumn> columns, const std::vector<std::string_view>& row_colours,
                       std::size_t width, const Ink& ink);

/// The verdict and, below it, the answer in a sentence (may be empty) and its reason.
std::string verdict_text(Verdict verdict, const std::string& answer, const std::string& reason,
                         std::size_t width, const Ink& ink);

}  // namespace qupel::report
