#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// The cells of a column, all read in one way: as numbers, dates or times.
struct CellValues {
  std::vector<double> values;       ///< one a row; NaN: missing
  std::vector<std::size_t> unread;  ///< rows whose text does not read so, which are missing therefore
  std::size_t read = 0;             ///< cells that do
};

/// Which text may stand among cells that read alike.
enum class Strays {
  none,  ///< only texts that stand for a missing value (may_be_missing())
  few,  ///< other text too: one cell where nine others read, 5 % of the cells; or one single text, in as many
        ///< cells as read at most, beside more than 20 different values
};

/// Reads every cell that is not missing by `parse`.
/// @return nothing if other text stands in more cells than `strays` allows, or no cell reads
std::optional<CellValues> read_cells(const std::vector<std::string>& cells,
                                     const std::function<std::optional<double>(std::string_view)>& parse,
                                     Strays strays);

/// Names the texts that were not read, how often each stands there and on which line first: `7 cells hold no
/// number and are read as missing: "None" (6, the first on line 2), "x" (line 9)`.
/// @param kind "number", "date", "time of day"
std::string unread_words(const std::vector<std::string>& cells, const std::vector<std::size_t>& lines,
                         const std::vector<std::size_t>& unread, std::string_view kind);

}  // namespace qupel
