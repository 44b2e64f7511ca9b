#include "qupel/problem/tabular/other_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/base/text.h"

namespace qupel {
namespace {

constexpr std::array<std::string_view, 7> html_starts{"<!doctype html", "<html", "<head", "<body",
                                                      "<table",         "<tr",   "<div"};

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

/// Pages that hold a table, and what looks like one.
void refuse_markup(std::string_view text, std::string_view source) {
  const auto start = lower(trim(text).substr(0, 15));
  const bool xml = start.starts_with("<?xml");
  const bool html = std::ranges::any_of(html_starts, [&](auto tag) { return start.starts_with(tag); });
  if (!xml && !html) return;
  throw InputError(fmt::format("{}: the file is {}, not a table; {}", source, xml ? "XML" : "HTML",
                               xml ? "export the table as CSV"
                                   : "save the table itself as CSV (a download may have ended on a page that "
                                     "asks to log in)"));
}

}  // namespace

void refuse_other_formats(std::string_view text, std::string_view source) {
  refuse_json(text, source);
  refuse_markup(text, source);
}

}  // namespace qupel
