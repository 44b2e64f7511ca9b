#include "qupel/base/interrupt.h"

#include "qupel/base/error.h"

namespace qupel {
namespace {
thread_local const StopScope* current = nullptr;
}  // namespace

StopScope::StopScope(StopToken token, std::function<void()> look)
    : token_(std::move(token)), look_(std::move(look)), outer_(std::exchange(current, this)) {}
StopScope::~StopScope() { current = outer_; }

StopToken current_stop_token() { return current ? current->token_ : StopToken(); }

void check_interrupt() {
  if (!current) return;
  if (current->look_) current->look_();
  if (current->token_.stop_requested()) throw Interrupted();
}

}  // namespace qupel
