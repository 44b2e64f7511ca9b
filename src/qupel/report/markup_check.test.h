#pragma once
#include <string>
#include <string_view>

namespace qupel::report {

/// For tests: what is wrong with a page first, or "". Checks that every tag is closed in
/// order, attributes are quoted and not repeated, no raw "<" or unknown entity stands in text,
/// ids are unique and links lead to them.
std::string markup_fault(std::string_view html);

}  // namespace qupel::report
