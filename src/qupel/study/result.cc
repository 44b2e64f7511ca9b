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

}  // namespace qupel
