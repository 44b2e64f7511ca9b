#include "qupel/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

namespace qupel {
namespace {

// Threads that stay from one call to the next, for to start one takes longer than many a call's work. They
// are never joined: at the end of the process they wait.
class Helpers {
 public:
  static Helpers& get() {
    static auto* helpers = new Helpers;
    return *helpers;
  }

  // Calls work() here and on up to `count` helpers; those that have not begun when it ends here do not.
  void share(std::size_t count, const std::function<void()>& work) {
    Call call{work, count, 0};
    {
      const std::scoped_lock lock(mutex_);
      calls_.push_back(&call);
      wanted_ += count;
      while (idle_ < wanted_ && start()) {
      }
    }
    wake_.notify_all();
    work();
    {
      const std::scoped_lock lock(mutex_);
      withdraw(call);
    }
    if (look([&] { return call.running == 0; })) return;
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return call.running == 0; });
  }

 private:
  struct Call {
    const std::function<void()>& work;
    std::size_t wanted;
    std::atomic<std::size_t> running;
  };

  // Whether `happened` becomes true soon: to sleep and to be woken takes long.
  template <class Happened>
  static bool look(Happened&& happened) {
    for (int round = 0; round < 200; ++round) {
      for (int i = 0; i < 32; ++i) {
        if (happened()) return true;
        pause();
      }
      std::this_thread::yield();
    }
    return false;
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  // Whether the system gave one more thread.
  bool start() {
    try {
      std::thread([this] { help(); }).detach();
    } catch (const std::system_error&) {
      return false;
    }
    ++idle_;
    return true;
  }

  [[noreturn]] void help() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (wanted_ == 0) {
        lock.unlock();
        look([&] { return wanted_ > 0; });
        lock.lock();
      }
      wake_.wait(lock, [&] { return wanted_ > 0; });
      Call& call = *calls_.front();
      ++call.running;
      --idle_;
      --wanted_;
      if (--call.wanted == 0) calls_.pop_front();
      lock.unlock();
      call.work();
      lock.lock();
      ++idle_;
      if (--call.running == 0) done_.notify_all();
    }
  }

  void withdraw(Call& call) {
    wanted_ -= call.wanted;
    if (call.wanted > 0) calls_.remove(&call);
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::list<Call*> calls_;               // that want helpers
  std::atomic<std::size_t> wanted_ = 0;  // by all calls
  std::size_t idle_ = 0;
};

}  // namespace

int thread_count(int threads) {
  return threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  const auto workers = std::min<std::size_t>(count, static_cast<std::size_t>(thread_count(threads)));
  if (workers <= 1) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  Helpers::get().share(workers - 1, [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::scoped_lock lock(failure_mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace qupel
