#include "qupel/base/interrupt.h"

#include <atomic>

#include "qupel/base/error.h"

namespace qupel {
namespace {
std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);
}  // namespace

void request_interrupt() noexcept { requested.store(true, std::memory_order_relaxed); }
void clear_interrupt() noexcept { requested.store(false, std::memory_order_relaxed); }
void check_interrupt() {
  if (requested.load(std::memory_order_relaxed)) throw Interrupted();
}

}  // namespace qupel
