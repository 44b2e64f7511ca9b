#include "unlocked.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace qupel::python {
namespace {

using namespace std::chrono_literals;

std::atomic<bool> python_ends = false;
std::atomic<int> returning = 0;  // threads that will take the lock again, whatever python_ends says by then

constexpr auto between_signals = 50ms;

// Python handles signals in the main thread alone.
bool is_main_thread() { return getpid() == gettid(); }

}  // namespace

Unlocked::Unlocked()
    : state_(python_ends ? nullptr : PyEval_SaveThread()), handled_(std::chrono::steady_clock::now()) {
  if (state_ != nullptr && is_main_thread()) job_.emplace(stop_.token(), [this] { handle_signals(); });
}

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

void Unlocked::handle_signals() {
  if (std::chrono::steady_clock::now() - handled_ < between_signals) return;
  PyEval_RestoreThread(state_);
  if (!raised_ && PyErr_CheckSignals() != 0) {
    raised_.emplace();
    stop_.request_stop();
  }
  state_ = PyEval_SaveThread();
  handled_ = std::chrono::steady_clock::now();
}

void Unlocked::rethrow() {
  if (raised_) throw std::move(*raised_);
}

void watch_the_end() {
  nanobind::module_::import_("atexit").attr("register")(nanobind::cpp_function([] {
    python_ends = true;
    const nanobind::gil_scoped_release unlocked;
    while (returning > 0) std::this_thread::sleep_for(1ms);
  }));
}

}  // namespace qupel::python
