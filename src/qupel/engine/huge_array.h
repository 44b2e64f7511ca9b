#pragma once
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace qupel {

/// Memory from the system, of whole huge pages.
struct Pages {
  void* memory = nullptr;
  std::size_t bytes = 0;
};

/// Zeros, on huge pages where the system has them; a page takes memory, near the thread that comes first,
/// when it is touched. Throws std::bad_alloc.
Pages map_pages(std::size_t bytes);
/// Or, if those given back last are as many, these as they are, which the system need not clear.
Pages map_any_pages(std::size_t bytes);
/// Gives them back. The last ones of some size stay at hand: the system takes them when memory is short, and
/// counts them as available.
void unmap(Pages pages);
/// Gives back those at hand, too.
void unmap_kept_pages();

/// Zeros, or anything, on pages of its own; small arrays lie on the heap.
template <class T>
class HugeArray {
 public:
  HugeArray() = default;
  explicit HugeArray(std::size_t size, bool zeros = true) : size_(size) {
    bytes() < small ? allocate(zeros) : map(zeros);
  }
  ~HugeArray() {
    if (pages_.bytes > 0) {
      unmap(pages_);
    } else if (data_ != nullptr) {
      ::operator delete(data_, alignment);
    }
  }
  HugeArray(HugeArray&& other) noexcept { swap(other); }
  HugeArray& operator=(HugeArray&& other) noexcept {
    swap(other);
    return *this;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t small = std::size_t{1} << 21;  // a huge page
  static constexpr std::align_val_t alignment{64};

  std::size_t bytes() const { return size_ * sizeof(T); }

  void allocate(bool zeros) {
    data_ = static_cast<T*>(::operator new(bytes(), alignment));
    if (zeros) std::memset(static_cast<void*>(data_), 0, bytes());
  }

  void map(bool zeros) {
    pages_ = zeros ? map_pages(bytes()) : map_any_pages(bytes());
    data_ = static_cast<T*>(pages_.memory);
  }

  void swap(HugeArray& other) noexcept {
    std::swap(pages_, other.pages_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  Pages pages_;  ///< none: on the heap
  std::size_t size_ = 0;
  T* data_ = nullptr;
};

}  // namespace qupel
