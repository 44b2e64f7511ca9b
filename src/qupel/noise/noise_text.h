#pragma once
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "qupel/noise/noise_model.h"

namespace qupel {

/// parse_noise() for a program that defines gates of its own: rules may name them, too.
/// @throws InputError quoting the rule that is not understood
NoiseModel parse_noise(std::string_view text, std::span<const std::string> own_gates);

/// All words of such a text, the names of gates among them.
std::set<std::string, std::less<>> words_of_noise(std::string_view text);

}  // namespace qupel
