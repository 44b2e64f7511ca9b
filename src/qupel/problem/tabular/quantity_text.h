#pragma once
#include <string_view>

namespace qupel {

/// Whether a text may be a quantity: a digit of any script comes first, or after signs, marks ('<', '~', '[',
/// quotation marks), a currency, or "ca." and the like.
bool begins_with_digit(std::string_view cell);

}  // namespace qupel
