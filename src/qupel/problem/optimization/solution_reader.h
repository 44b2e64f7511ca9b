#pragma once
#include <string_view>

#include "qupel/problem/optimization/decision.h"

// Answers in a kind's own terms, as a program of the user's own writes them.
namespace qupel {

/// A whole number for each name: an object by name, or a list in the order of the names.
/// @throws InputError for what is neither, a wrong length, a name that is missing or not known, and for what
/// is no whole number
Values numbers_by_name(std::string_view json, const std::vector<std::string>& names);

/// A list of names as their places among `names`; a number stands for the name that is written like it.
/// @param what one of them is called, for errors: "stop". @throws InputError
Values places_of_names(std::string_view json, const std::vector<std::string>& names, std::string_view what);

/// A list of such lists.
std::vector<Values> lists_of_names(std::string_view json, const std::vector<std::string>& names,
                                   std::string_view what);

/// An object of the JSON library's as text; what is no UTF-8 in it is repaired.
template <typename Json>
std::string text_of_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace qupel
