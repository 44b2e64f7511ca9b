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

std::string_view to_string(Gate::Severity severity) {
  switch (severity) {
    case Gate::Severity::passed:
      return "passed";
    case Gate::Severity::warning:
      return "warning";
    case Gate::Severity::refused:
      return "refused";
  }
  return "";
}

}  // namespace qupel
