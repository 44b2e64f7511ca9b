#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace qupel {

/// Things that are costly to make, lent to one thread at a time.
template <class T>
class Pool {
 public:
  explicit Pool(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}

  /// Calls use(T&) with a free one, if possible the one that this thread had, which its caches hold, or a new
  /// one.
  template <class Use>
  void lend(Use&& use) {
    auto mine = take();
    use(*mine);
    const std::scoped_lock lock(mutex_);
    free_.push_back({std::this_thread::get_id(), std::move(mine)});
  }

 private:
  struct Free {
    std::thread::id user;
    std::unique_ptr<T> item;
  };

  std::unique_ptr<T> take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!free_.empty()) {
        const auto known = std::ranges::find(free_, std::this_thread::get_id(), &Free::user);
        if (known != free_.end()) std::swap(*known, free_.back());
        auto result = std::move(free_.back().item);
        free_.pop_back();
        return result;
      }
    }
    return make_();
  }

  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;
  std::vector<Free> free_;
};

}  // namespace qupel
