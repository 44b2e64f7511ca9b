#pragma once
#include <string>
#include <string_view>
#include <vector>

// The frame of every report: style and script inside the page, contents at its side, no connection allowed.
namespace qupel::report {

struct Part {
  std::string_view id, title, short_title;
  std::string html;  ///< below its heading; "" leaves the part out
};

/// A complete HTML page.
/// @param header_html above the first part
std::string page(std::string_view title, std::string_view header_html, const std::vector<Part>& parts);

/// The head of a report: the question, the answer with its sign, its reason, then `below_html`.
/// @param css the class of the answer, which colours it
std::string answer_header(std::string_view css, std::string_view sign, std::string_view question_html,
                          std::string_view answer, std::string_view reason, std::string_view below_html);

/// A list of small numbers with their names.
struct Fact {
  std::string name, html;
};
std::string fact_list(const std::vector<Fact>& facts);

}  // namespace qupel::report
