// Any bytes as a QUBO, in both formats: read or refused with an InputError; no answer is better than the
// bound.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/qubo_decision.h"

namespace {

template <typename Read>
void try_to(const Read& read) {
  try {
    const qupel::QuboDecision decision(read());
    const auto bits = decision.first_answer();
    if (!decision.violation(bits).empty()) std::abort();
    if (!decision.reaches(decision.bound().value(), decision.objective(bits))) std::abort();
  } catch (const qupel::InputError&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try_to([&] { return qupel::read_qubo_json(text, "fuzz"); });
  try_to([&] { return qupel::read_qubo_coo(text, "fuzz"); });
  return 0;
}
