#pragma once
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

// Delimited text to typed columns, by stated rules; every rule that was applied is reported as a Finding.
namespace qupel {

enum class ColumnType { numeric, boolean, categorical, date, identifier, text, constant };
std::string_view to_string(ColumnType type);

/// Something seen in the table, and what was done about it.
struct Finding {
  enum class Level { info, warning };
  Level level = Level::info;
  std::string column;    ///< "" if it concerns the whole table
  std::string message;   ///< a sentence: what was found and what was done
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::numeric;
  std::vector<double> numbers;        ///< numeric, boolean (0/1), date (days since 1970): NaN = missing
  std::vector<int> codes;             ///< categorical: index into levels, -1 = missing
  std::vector<std::string> levels;    ///< sorted
  std::size_t missing = 0;
  bool used = true;                   ///< false: identifier, free text, constant (dropped, with a Finding)
};

struct Table {
  std::string source;                 ///< file name or data set name
  std::vector<Column> columns;        ///< all columns of the file, in order
  std::size_t rows = 0;
  std::vector<Finding> findings;
};

/// Raw cells as text, header apart. Handles quoted fields ("" inside quotes), CR LF, byte-order marks, comma,
/// semicolon or tab (found from the text), and an absent header (named c1, c2, ...; with a Finding).
/// @throws InputError naming line and column: empty input, ragged rows, unterminated quote, not UTF-8, NUL bytes,
/// duplicate column names, more than 5,000 columns
struct RawTable {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> columns;   ///< column-major cells
  std::size_t rows = 0;
  char delimiter = ',';
  std::vector<Finding> findings;
};
RawTable parse_csv(std::string_view bytes, std::string_view source);

/// Types every column (rules in the .cc and in docs/data.md): missing marks "", NA, N/A, NaN, null, ?, -, .; decimal
/// commas when the delimiter is not a comma; true/false, yes/no; ISO dates; identifiers; free text; constants.
Table type_columns(RawTable raw, std::string_view source);

}  // namespace qupel
