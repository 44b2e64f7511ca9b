// Any bytes as a graph: read or refused with an InputError, and what is read has a cut with a QUBO that
// agrees.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/maxcut.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const qupel::MaxCut cut(qupel::read_graph(text, "fuzz"));
    const auto sides = cut.first_answer();
    if (!cut.violation(sides).empty()) std::abort();
    const double value = cut.objective(sides), energy = cut.qubo().energy(qupel::bits_of(sides));
    if (std::isfinite(value) &&
        std::abs(value + energy) > 1e-6 * (1 + cut.bound().value_or(0) + std::abs(value)) &&
        std::abs(value) < 1e100)
      std::abort();
  } catch (const qupel::InputError&) {
    return 0;
  }
  return 0;
}
