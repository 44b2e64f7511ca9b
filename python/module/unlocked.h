#pragma once
#include <nanobind/nanobind.h>

#include <chrono>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel::python {

/// Leaves Python's lock free as long as it lives. When Python ends, a thread that is not the main one (a
/// daemon: the others are waited for) stays where it is: Python would end it as it takes the lock, in the
/// middle of C++, which ends the process.
///
/// In the main thread signals are handled meanwhile, some times a second: what a handler raises, as the one
/// of Ctrl-C does, stops the work.
class Unlocked {
 public:
  Unlocked();
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

  /// Throws what a handler raised, if any did.
  void rethrow();

 private:
  void handle_signals();

  PyThreadState* state_;  // null: the lock is kept, since Python ends
  StopSource stop_;
  std::optional<StopScope> job_;  // in the main thread
  std::chrono::steady_clock::time_point handled_;
  std::optional<nanobind::python_error> raised_;
};

/// What work() returns, without Python's lock.
template <class Work>
auto without_lock(Work&& work) {
  Unlocked unlocked;
  try {
    return work();
  } catch (const Interrupted&) {
    unlocked.rethrow();
    throw;
  }
}

/// Lets Unlocked know when Python ends.
void watch_the_end();

}  // namespace qupel::python
