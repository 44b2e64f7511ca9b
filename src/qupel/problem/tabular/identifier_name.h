#pragma once
#include <string_view>

namespace qupel {

/// "id", "PatientID", "row_id", and what pandas and R call the column of row names: a name that says that the
/// column tells rows apart.
bool is_identifier_name(std::string_view name);

}  // namespace qupel
