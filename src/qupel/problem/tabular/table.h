#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/decimal_mark.h"

// Delimited text to typed columns, by stated rules (docs/data.md); every rule that was applied is reported as
// a Finding.
namespace qupel {

enum class ColumnType { numeric, boolean, categorical, date, identifier, text, constant };
std::string_view to_string(ColumnType type);

/// Something seen in the table, and what was done about it.
struct Finding {
  enum class Level { info, warning };
  Level level = Level::info;
  std::string column;   ///< "" if it concerns the whole table
  std::string message;  ///< a sentence: what was found and what was done
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::numeric;
  std::vector<double> numbers;      ///< numeric, boolean (0/1), date (days since 1970): NaN = missing
  std::vector<int> codes;           ///< categorical: index into levels, -1 = missing
  std::vector<std::string> levels;  ///< sorted
  std::size_t missing = 0;
  bool used = true;          ///< false: identifier, free text, constant (dropped, with a Finding)
  CellReading reading = {};  ///< how its numbers were written
};

struct Table {
  std::string source;           ///< file name or data set name
  std::vector<Column> columns;  ///< all columns of the file, in order
  std::size_t rows = 0;
  std::vector<Finding> findings;
};

constexpr std::size_t max_columns = 5000;
constexpr std::size_t max_levels = 50;         ///< one-hot columns of a categorical column
constexpr std::size_t max_cells = 50'000'000;  ///< columns x rows
constexpr std::size_t max_table_bytes = std::size_t{512}
                                        << 20;  ///< a larger file is refused before it is read

/// Raw cells as text, header apart. Spaces around a cell are dropped.
struct RawTable {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> columns;  ///< column-major cells
  std::vector<std::size_t> lines;                 ///< line of the text on which a row begins, from 1
  std::size_t rows = 0;
  NumberMarks marks;
  std::vector<Finding> findings;
};

/// Names that a table is known to have before it is read.
struct KnownNames {
  std::string_view name = {};  ///< of a column: a first line that holds it is a header, whatever else it
                               ///< holds; unless it is a number among numbers that stand above numbers
  std::span<const std::string> all =
      {};  ///< of the columns that a model uses: a first line that holds all of
           ///< them is a header, one without any is none if they are c1, c2, ...
};

/// Reads delimited text, or an ARFF file. Handles quoted fields ("" inside quotes, line ends inside quotes),
/// LF, CR LF and lone CR, a byte-order mark, UTF-16 with one, any delimiter that find_delimiter() knows or a
/// first line such as sep=; states, blank lines, an absent header (columns named c1, c2, ...; with a
/// Finding), names of rows that the header has none for, as R writes them, a delimiter at the end of every
/// row, and the frames of without_frame().
/// @param known tells what the first line is where that is in doubt
/// @throws InputError as source:line:column: empty input, header only, ragged rows, unterminated quote, text
/// after a quoted field, neither UTF-8 nor UTF-16, NUL bytes, JSON, duplicate column names, more than
/// max_columns columns or max_cells cells
RawTable parse_table(std::string_view bytes, std::string_view source, const KnownNames& known = {});

/// Types every column: true and false, dates, times, numbers in any format of read_numbers(), identifiers,
/// categories, free text, constants. Text that does not read as the rest of its column does is missing,
/// within the bounds of Strays, with a Finding that names it.
/// @throws InputError naming line and column: an infinite or too large number
Table type_columns(RawTable raw, std::string_view source);

/// One column of type_columns: takes the cells' meaning, not the cells.
/// @param lines of each cell, for messages
/// @param findings gets what was applied
Column type_column(std::string name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, NumberMarks marks, std::string_view source,
                   std::vector<Finding>& findings);

/// A column whose cells are all equal, or all missing, carries nothing: marks it so, with a Finding.
void drop_if_constant(Column& column, std::vector<Finding>& findings);

}  // namespace qupel
