#include "qupel/study/result.h"

namespace qupel {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::quantum_better:
      return "quantum better";
    case Verdict::classical_better:
      return "classical better";
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::no_advantage:
      return "no advantage";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

std::string_view verdict_text(const Comparison& comparison) {
  if (!comparison.quantum && comparison.verdict == Verdict::quantum_better) return "better";
  if (!comparison.quantum && comparison.verdict == Verdict::classical_better) return "worse";
  return to_string(comparison.verdict);
}

}  // namespace qupel
