#pragma once
#include <fmt/format.h>

#include "qupel/circuit/qasm/source.h"

namespace qupel::qasm {

/// Counts levels of recursion while it lives, so that no input can exhaust the stack.
class Nesting {
 public:
  /// @throws InputError at `at` beyond `most` levels
  Nesting(int& depth, Location at, int most = 200) : depth_(depth) {
    if (depth_ >= most) fail(at, fmt::format("nested too deeply: more than {} levels", most));
    ++depth_;
  }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

}  // namespace qupel::qasm
