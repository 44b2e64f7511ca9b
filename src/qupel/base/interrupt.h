#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

// How long work is stopped from outside. Each job has a source of its own, so stopping one does not stop
// another in the same process. A thread knows by a StopScope which job it works for; parallel_for() hands
// that on to the threads that help.
namespace qupel {

/// Says whether a job shall stop. One that comes from no source never says so.
class StopToken {
 public:
  StopToken() = default;
  bool stop_requested() const noexcept { return requested_ && requested_->load(std::memory_order_relaxed); }

 private:
  friend class StopSource;
  explicit StopToken(std::shared_ptr<const std::atomic<bool>> requested) : requested_(std::move(requested)) {}
  std::shared_ptr<const std::atomic<bool>> requested_;
};

/// Whoever holds it can stop the job that runs under its token. (std::stop_source locks when it is asked,
/// which a signal handler must not.)
class StopSource {
 public:
  StopSource() : requested_(std::make_shared<std::atomic<bool>>(false)) {}
  StopToken token() const { return StopToken(requested_); }
  /// The job stops at its next check. From any thread, and safe in a signal handler.
  void request_stop() noexcept { requested_->store(true, std::memory_order_relaxed); }

 private:
  static_assert(std::atomic<bool>::is_always_lock_free);
  std::shared_ptr<std::atomic<bool>> requested_;
};

/// While it lives, what this thread does belongs to the job of `token`; afterwards to the one before, if any.
/// `look`, if given, is called at every check of this thread, not of those that help it, and may ask the
/// job's source to stop.
class StopScope {
 public:
  explicit StopScope(StopToken token, std::function<void()> look = {});
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  friend StopToken current_stop_token();
  friend void check_interrupt();
  StopToken token_;
  std::function<void()> look_;
  const StopScope* outer_;
};

/// The token of the job that this thread works for; outside of every StopScope one that never stops.
StopToken current_stop_token();

/// Throws Interrupted if the job that this thread works for shall stop. Long loops call it often (every
/// training step, every trial); parallel_for() does before every item.
void check_interrupt();

}  // namespace qupel
