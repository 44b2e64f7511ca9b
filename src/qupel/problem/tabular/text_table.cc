#include <optional>
#include <utility>

#include "qupel/problem/tabular/arff.h"
#include "qupel/problem/tabular/csv.h"
#include "qupel/problem/tabular/encoding_check.h"
#include "qupel/problem/tabular/other_formats.h"
#include "qupel/problem/tabular/table.h"
#include "qupel/problem/tabular/table_frame.h"
#include "qupel/problem/tabular/wrapped_lines.h"

namespace qupel {
namespace {

/// Where the mark 0x1A begins that DOS writes at the end of a text; the text's size if there is none.
std::size_t end_of_file_mark(std::string_view bytes) { return bytes.find_last_not_of('\x1a') + 1; }

RawTable with_finding(RawTable raw, std::string message) {
  raw.findings.push_back({Finding::Level::info, "", std::move(message)});
  return raw;
}

}  // namespace

RawTable parse_table(std::string_view bytes, std::string_view source, const KnownNames& known) {
  if (is_utf16(bytes))
    return with_finding(parse_table(utf8_of(bytes), source, known),
                        "the text is UTF-16 and was read as such");
  check_encoding(bytes, source);
  if (const auto end = end_of_file_mark(bytes); end != bytes.size())
    return parse_table(bytes.substr(0, end), source, known);
  const auto text = bytes.substr(bytes.starts_with("\xef\xbb\xbf") ? 3 : 0);
  refuse_other_formats(text, source);
  if (is_arff(text)) {
    auto raw = parse_csv(csv_of_arff(text, source), source, known,
                         {.delimiter = ',', .names_first = true, .tell_blank_lines = false});
    raw.marks = {.delimiter = ',', .decimal = '.'};  // which its numbers have, whatever stands in texts
    return with_finding(std::move(raw), "the text is an ARFF file and was read as such");
  }
  if (const auto plain = without_frame(text, source))
    return with_finding(
        parse_csv(*plain, source, known, {.delimiter = '|', .quotes = false, .tell_blank_lines = false}),
        "the table stands in a frame of lines, which was left out");
  if (const auto plain = without_row_count(text))
    return with_finding(parse_csv(*plain, source, known), "the number of rows below the table was left out");
  if (const auto plain = without_quotes_around_lines(text))
    return with_finding(parse_csv(*plain, source, known), "every line is in quotes, which were left out");
  return parse_csv(bytes, source, known);
}

}  // namespace qupel
