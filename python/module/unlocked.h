#pragma once
#include <nanobind/nanobind.h>

namespace qupel::python {

/// Leaves Python's lock free as long as it lives. When Python ends, a thread that is not the main one (a
/// daemon: the others are waited for) stays where it is: Python would end it as it takes the lock, in the
/// middle of C++, which ends the process.
class Unlocked {
 public:
  Unlocked();
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;  // null: the lock is kept, since Python ends
};

/// Lets Unlocked know when Python ends.
void watch_the_end();

}  // namespace qupel::python
