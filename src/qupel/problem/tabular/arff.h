#pragma once
#include <string>
#include <string_view>

namespace qupel {

/// Whether the text is an ARFF file, Weka's and OpenML's form of a table: its first word is @relation.
bool is_arff(std::string_view text);

/// The same table as RFC 4180 has it, every row on its line of the file and the names on that of @data.
/// Values that sparse rows leave out are 0, or the first of the attribute's list; "?" is an empty cell.
/// (https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable)
/// @throws InputError "source:line: ..." for a declaration or a row that is none, and for relational
/// attributes
std::string csv_of_arff(std::string_view text, std::string_view source);

}  // namespace qupel
