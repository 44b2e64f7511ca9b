#include "qupel/base/interrupt.h"

#include "qupel/base/error.h"

namespace qupel {
namespace {
thread_local const StopToken* current = nullptr;
}  // namespace

StopScope::StopScope(StopToken token) : token_(std::move(token)), outer_(std::exchange(current, &token_)) {}
StopScope::~StopScope() { current = outer_; }

StopToken current_stop_token() { return current ? *current : StopToken(); }

void check_interrupt() {
  if (current && current->stop_requested()) throw Interrupted();
}

}  // namespace qupel
