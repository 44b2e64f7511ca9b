#include <fmt/format.h>

#include <optional>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/arff.h"
#include "qupel/problem/tabular/csv.h"
#include "qupel/problem/tabular/encoding_check.h"
#include "qupel/problem/tabular/table.h"
#include "qupel/problem/tabular/table_frame.h"

namespace qupel {
namespace {

/// An object, or an array of objects or of arrays: in a table these would be the names of columns.
void refuse_json(std::string_view text, std::string_view source) {
  auto rest = trim(text);
  const bool array = rest.starts_with('[');
  if (array) rest = trim(rest.substr(1));
  const bool object = rest.starts_with('{') && trim(rest.substr(1)).starts_with('"');
  if (!object && !(array && rest.starts_with('['))) return;
  throw InputError(fmt::format(
      "{}: the file is JSON, not a table; write it as CSV, for example: python3 -c 'import pandas, sys; "
      "pandas.read_json(sys.argv[1]{}).to_csv(\"table.csv\", index=False)' {}",
      source, object && !array ? ", lines=True" : "", source));
}

RawTable with_finding(RawTable raw, std::string message) {
  raw.findings.push_back({Finding::Level::info, "", std::move(message)});
  return raw;
}

}  // namespace

RawTable parse_table(std::string_view bytes, std::string_view source, std::string_view known_name) {
  if (is_utf16(bytes))
    return with_finding(parse_table(utf8_of(bytes), source, known_name),
                        "the text is UTF-16 and was read as such");
  check_encoding(bytes, source);
  const auto text = bytes.substr(bytes.starts_with("\xef\xbb\xbf") ? 3 : 0);
  refuse_json(text, source);
  if (is_arff(text)) {
    auto raw = parse_csv(csv_of_arff(text, source), source, known_name,
                         {.delimiter = ',', .tell_blank_lines = false});
    raw.marks = {.delimiter = ',', .decimal = '.'};  // which its numbers have, whatever stands in texts
    return with_finding(std::move(raw), "the text is an ARFF file and was read as such");
  }
  if (const auto plain = without_frame(text, source))
    return with_finding(
        parse_csv(*plain, source, known_name, {.delimiter = '|', .quotes = false, .tell_blank_lines = false}),
        "the table stands in a frame of lines, which was left out");
  if (const auto plain = without_row_count(text))
    return with_finding(parse_csv(*plain, source, known_name),
                        "the number of rows below the table was left out");
  return parse_csv(bytes, source, known_name);
}

}  // namespace qupel
