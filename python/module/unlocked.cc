#include "unlocked.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace qupel::python {
namespace {

using namespace std::chrono_literals;

std::atomic<bool> python_ends = false;
std::atomic<int> returning = 0;  // threads that will take the lock again, whatever python_ends says by then

}  // namespace

Unlocked::Unlocked() : state_(python_ends ? nullptr : PyEval_SaveThread()) {}

Unlocked::~Unlocked() {
  if (state_ == nullptr) return;
  ++returning;
  if (python_ends) {
    --returning;
    for (;;) std::this_thread::sleep_for(1h);
  }
  PyEval_RestoreThread(state_);
  --returning;
}

void watch_the_end() {
  nanobind::module_::import_("atexit").attr("register")(nanobind::cpp_function([] {
    python_ends = true;
    const nanobind::gil_scoped_release unlocked;
    while (returning > 0) std::this_thread::sleep_for(1ms);
  }));
}

}  // namespace qupel::python
