#include "qupel/base/parallel.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

// Threads that stay from one call to the next, for to start one takes longer than many a call's work.
class Helpers {
 public:
  // Those of this process, which are never destroyed: one that still
  // works when the process ends may use them.
  static Helpers& get() {
    auto* helpers = current.load();
    if (helpers) return *helpers;
    auto made = std::make_unique<Helpers>();
    return current.compare_exchange_strong(helpers, made.get()) ? *made.release() : *helpers;
  }
  // In a child after fork(), which has no thread but its own, and whose locks may be held for ever.
  static void forget() { current.store(nullptr); }
  // Joins the threads that wait, so that none is left in code that is unloaded. One that works is left to it,
  // as the thread is for which it works. Whoever calls later works alone.
  static void end() {
    if (auto* helpers = current.load()) helpers->end_waiting();
  }

  // Calls work() here and on up to `count` helpers; those that have not begun when it ends here do not.
  void share(std::size_t count, const std::function<void()>& work) {
    Call call{work, count, 0};
    {
      const std::scoped_lock lock(mutex_);
      if (ended_) call.wanted = 0;
      if (call.wanted > 0) calls_.push_back(&call);
      wanted_ += call.wanted;
      while (!ended_ && idle_ < wanted_ && start()) {
      }
    }
    wake_.notify_all();
    work();
    if (current.load() != this)
      throw std::runtime_error("a process that was forked inside of parallel work cannot finish that work");
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
  struct Helper {
    std::thread thread;
    bool works = false;
  };

  // Whether `happened` becomes true soon: to sleep and to be woken takes about as long as is waited here.
  template <class Happened>
  static bool look(Happened&& happened) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(100);
    do {
      for (int i = 0; i < 32; ++i) {
        if (happened()) return true;
        pause();
      }
      std::this_thread::yield();
    } while (std::chrono::steady_clock::now() < end);
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
    auto& helper = helpers_.emplace_back();
    try {
      helper.thread = std::thread([this, &helper] { help(helper); });
    } catch (const std::system_error&) {
      helpers_.pop_back();
      return false;
    }
    ++idle_;
    return true;
  }

  void help(Helper& self) {
    const auto called = [&] { return wanted_ > 0 || ended_; };
    std::unique_lock lock(mutex_);
    for (;;) {
      if (!called()) {
        lock.unlock();
        look(called);
        lock.lock();
      }
      wake_.wait(lock, called);
      if (ended_) return;
      Call& call = *calls_.front();
      ++call.running;
      --idle_;
      --wanted_;
      if (--call.wanted == 0) calls_.pop_front();
      self.works = true;
      lock.unlock();
      call.work();
      if (current.load() != this) return;  // the only thread of a child that was forked by this work
      lock.lock();
      self.works = false;
      ++idle_;
      if (--call.running == 0) done_.notify_all();
    }
  }

  void withdraw(Call& call) {
    wanted_ -= call.wanted;
    if (call.wanted > 0) calls_.remove(&call);
  }

  void end_waiting() {
    std::vector<std::thread> waiting;
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
      for (auto& helper : helpers_) {
        if (helper.works)
          helper.thread.detach();
        else
          waiting.push_back(std::move(helper.thread));
      }
    }
    wake_.notify_all();
    for (auto& thread : waiting) thread.join();
  }

  static std::atomic<Helpers*> current;

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::list<Helper> helpers_;
  std::list<Call*> calls_;               // that want helpers
  std::atomic<std::size_t> wanted_ = 0;  // by all calls
  std::atomic<bool> ended_ = false;
  std::size_t idle_ = 0;
};
constinit std::atomic<Helpers*> Helpers::current = nullptr;

// 0 if the variable is not there or does not begin with a number.
int number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  int number = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
  return number;
}

// From when this code is loaded until it is unloaded or the process ends.
const struct Lifetime {
  Lifetime() { pthread_atfork(nullptr, nullptr, Helpers::forget); }
  ~Lifetime() { Helpers::end(); }
} lifetime;

}  // namespace

int thread_count(int threads) {
  if (threads > 0) return threads;
  for (const char* name : {"QUPEL_NUM_THREADS", "OMP_NUM_THREADS"})
    if (const int named = number_in_environment(name); named > 0) return named;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  const auto workers = std::min<std::size_t>(count, static_cast<std::size_t>(thread_count(threads)));
  if (workers <= 1) {
    for (std::size_t i = 0; i < count; ++i) {
      check_interrupt();
      work(i);
    }
    return;
  }
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto stop = current_stop_token();
  const auto caller = std::this_thread::get_id();
  Helpers::get().share(workers - 1, [&] {
    std::optional<StopScope> job;
    if (std::this_thread::get_id() != caller) job.emplace(stop);
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        check_interrupt();
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
