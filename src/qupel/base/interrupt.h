#pragma once

namespace qupel {

/// Asks all long work in this process to stop at its next check; safe to call from a signal handler.
void request_interrupt() noexcept;

/// Forgets an earlier request (for tests and for programs that go on after an interruption).
void clear_interrupt() noexcept;

/// Throws Interrupted if a stop was asked for. Long loops call it often (every training step, every trial).
void check_interrupt();

}  // namespace qupel
