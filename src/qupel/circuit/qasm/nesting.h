#pragma once
#include "qupel/circuit/qasm/source.h"

namespace qupel::qasm {

/// Counts levels of recursion while it lives, so that no input can exhaust the stack.
class Nesting {
 public:
  /// @throws InputError at `at` beyond 200 levels
  Nesting(int& depth, Location at) : depth_(depth) {
    if (depth_ >= most) fail(at, "nested too deeply: more than 200 levels");
    ++depth_;
  }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  static constexpr int most = 200;
  int& depth_;
};

}  // namespace qupel::qasm
