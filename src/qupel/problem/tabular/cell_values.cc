#include "qupel/problem/tabular/cell_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include "qupel/base/code_points.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

/// Text among cells that read alike, while they are read.
class Texts {
 public:
  Texts(std::size_t cells, Strays strays) : allowed_(strays), few_(std::max<std::size_t>(1, cells / 20)) {}

  void add(const std::string& text) {
    if (count_++ == 0) first_ = text;
    alike_ &= text == first_;
  }
  /// Whether what is left to read cannot change that there are too many.
  bool too_many() const {
    return count_ > (allowed_ == Strays::none ? 0 : few_) && !(may_be_one() && alike_);
  }

  bool acceptable(const CellValues& cells) const {
    constexpr std::size_t enough = 9, share = 20;
    if (count_ == 0) return true;
    if (allowed_ == Strays::none) return false;
    if (cells.read >= enough && (count_ == 1 || share * count_ <= count_ + cells.read)) return true;
    return alike_ && count_ <= cells.read && many_values(cells.values);
  }

 private:
  bool may_be_one() const { return allowed_ == Strays::few; }
  static bool many_values(const std::vector<double>& values) {
    constexpr std::size_t many = 20;
    std::set<double> different;
    for (const double v : values) {
      if (!std::isnan(v)) different.insert(v);
      if (different.size() > many) return true;
    }
    return false;
  }

  Strays allowed_;
  std::size_t few_, count_ = 0;
  std::string first_;
  bool alike_ = true;
};

struct Seen {
  std::string_view text;
  std::size_t cells, first_line;
};

std::vector<Seen> different_texts(const std::vector<std::string>& cells,
                                  const std::vector<std::size_t>& lines,
                                  const std::vector<std::size_t>& rows) {
  std::vector<Seen> seen;
  std::unordered_map<std::string_view, std::size_t> place;
  for (const auto row : rows) {
    const auto [at, is_new] = place.emplace(cells[row], seen.size());
    if (is_new)
      seen.push_back({cells[row], 1, lines[row]});
    else
      ++seen[at->second].cells;
  }
  return seen;
}

}  // namespace

std::optional<CellValues> read_cells(const std::vector<std::string>& cells,
                                     const std::function<std::optional<double>(std::string_view)>& parse,
                                     Strays strays) {
  CellValues result{
      .values = std::vector(cells.size(), std::numeric_limits<double>::quiet_NaN()), .unread = {}, .read = 0};
  Texts texts(cells.size(), strays);
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (is_missing(cells[row])) continue;
    if (const auto value = parse(cells[row])) {
      result.values[row] = *value;
      ++result.read;
      continue;
    }
    result.unread.push_back(row);
    if (may_be_missing(cells[row])) continue;
    texts.add(cells[row]);
    if (texts.too_many()) return std::nullopt;
  }
  if (result.read == 0 || !texts.acceptable(result)) return std::nullopt;
  return result;
}

std::string unread_words(const std::vector<std::string>& cells, const std::vector<std::size_t>& lines,
                         const std::vector<std::size_t>& unread, std::string_view kind) {
  constexpr std::size_t longest = 40;
  std::vector<std::string> texts;
  for (const auto& [text, count, line] : different_texts(cells, lines, unread)) {
    const auto shown = shortened(text, longest);
    texts.push_back(
        count == 1 ? fmt::format("\"{}\" (line {})", shown, line)
                   : fmt::format("\"{}\" ({}, the first on line {})", shown, counted(count, "cell"), line));
  }
  return fmt::format("{} no {} and {} read as missing: {}",
                     unread.size() == 1 ? "1 cell holds" : fmt::format("{} cells hold", unread.size()), kind,
                     unread.size() == 1 ? "is" : "are", listed(texts));
}

}  // namespace qupel
