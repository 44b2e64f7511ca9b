#pragma once
#include <string>
#include <string_view>
#include <vector>

// Small helpers to write HTML. Text that came from a user passes through escaped() exactly once, where it
// enters the markup; parameters named html hold finished markup.
namespace qupel::report {

/// Safe as content and inside a quoted attribute. Control characters become
/// U+FFFD: HTML has no way to write them.
std::string escaped(std::string_view text);

/// name="value", with the value escaped.
std::string attribute(std::string_view name, std::string_view value);

/// <name attributes>html</name>; attributes as made by attribute(), separated by spaces.
std::string element(std::string_view name, std::string_view attributes, std::string_view html);

std::string paragraph(std::string_view css_class, std::string_view html);
std::string muted(std::string_view html);  ///< text of second rank

/// A table with a header row, the first column a row heading; cells are markup. It scrolls inside where the
/// page is narrower; of the class "stacked" it becomes a list on a phone.
/// @param caption says what the table holds, for those who hear it
std::string table(std::string_view caption, const std::vector<std::string>& header,
                  const std::vector<std::vector<std::string>>& rows, std::string_view css_class = "");

/// Content that scrolls sideways by itself and can be reached by keyboard.
std::string scrolling(std::string_view label, std::string_view html);

/// Text in a fixed pitch whose lines are kept.
std::string preformatted(std::string_view label, std::string_view text);

/// A part that opens on demand (and before printing).
std::string folded(std::string_view summary_html, std::string_view html, bool open = false);
/// The same for what stays folded on paper.
std::string listing(std::string_view summary_html, std::string_view html);

}  // namespace qupel::report
