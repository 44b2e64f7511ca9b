#pragma once
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace qupel {

/// Memory from the system, in whole huge pages.
struct Pages {
  void* memory = nullptr;
  std::size_t bytes = 0;
};

/// Zeros, on huge pages where the system has them. A page takes memory when it is first touched, near the
/// thread that touches it. @throws std::bad_alloc
Pages map_pages(std::size_t bytes);
void unmap(Pages pages);

/// A fixed number of elements that begin on a cache line: large arrays on pages of their own, small ones on
/// the heap.
template <class T>
class HugeArray {
 public:
  HugeArray() = default;
  /// @param zeros whether elements must be 0 at first
  explicit HugeArray(std::size_t size, bool zeros = true) : size_(size) {
    bytes() < small ? allocate(zeros) : map();
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

  void map() {
    pages_ = map_pages(bytes());
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
