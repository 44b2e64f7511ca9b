#pragma once
#include <string_view>

namespace qupel {

/// @throws InputError for text that is no table: JSON, HTML, XML
void refuse_other_formats(std::string_view text, std::string_view source);

}  // namespace qupel
