// Any bytes as an integer program, in LP and in MPS format: read or refused with an InputError; the first
// answer keeps the constraints.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/integer_decision.h"

namespace {

template <typename Read>
void try_to(const Read& read) {
  try {
    const qupel::IntegerDecision decision(read());
    if (!decision.violation(decision.first_answer()).empty()) std::abort();
  } catch (const qupel::InputError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try_to([&] { return qupel::read_lp(text, "fuzz"); });
  try_to([&] { return qupel::read_mps(text, "fuzz"); });
  return 0;
}
