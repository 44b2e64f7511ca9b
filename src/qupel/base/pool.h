#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace qupel {

/// Things that are costly to make, lent to one thread at a time.
template <class T>
class Pool {
 public:
  explicit Pool(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}

  /// Calls use(T&) with a free one, or a new one.
  template <class Use>
  void lend(Use&& use) {
    auto mine = take();
    use(*mine);
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(mine));
  }

 private:
  std::unique_ptr<T> take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!free_.empty()) {
        auto last = std::move(free_.back());
        free_.pop_back();
        return last;
      }
    }
    return make_();
  }

  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

}  // namespace qupel
