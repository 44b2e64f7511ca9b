#pragma once
#include <string_view>

namespace qupel {

/// The symbols of all elements by atomic number, from 1; the highest is 118.
std::string_view element_symbol(int number);
/// The atomic number of a symbol in any case, or of a number written out. 0: it is none.
int element_number(std::string_view text);

inline constexpr int most_element = 118;

}  // namespace qupel
