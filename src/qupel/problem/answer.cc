#include "qupel/problem/answer.h"

namespace qupel {

std::string_view to_string(const Answer& answer) {
  constexpr std::string_view names[] = {"classes", "numbers", "energy", "assignment"};
  return names[answer.index()];
}

}  // namespace qupel
