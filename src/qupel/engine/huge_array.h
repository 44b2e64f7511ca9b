#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace qupel {

/// Zeros (or, if small arrays need not be, anything) on huge pages where the system has them; a page takes
/// memory, near the thread that comes first, when it is touched. Small arrays lie on the heap, whose pages
/// stay touched from one array to the next.
template <class T>
class HugeArray {
 public:
  HugeArray() = default;
  explicit HugeArray(std::size_t size, bool zeros = true) : size_(size) {
    bytes() < small ? allocate(zeros) : map();
  }
  ~HugeArray() {
    if (mapped_ > 0) {
      munmap(memory_, mapped_);
    } else if (memory_ != nullptr) {
      ::operator delete(memory_, alignment);
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
  static constexpr std::size_t huge = std::size_t{1} << 21, small = std::size_t{1} << 18;
  static constexpr std::align_val_t alignment{64};

  std::size_t bytes() const { return size_ * sizeof(T); }

  void allocate(bool zeros) {
    memory_ = ::operator new(bytes(), alignment);
    if (zeros) std::memset(memory_, 0, bytes());
    data_ = static_cast<T*>(memory_);
  }

  void map() {
    const std::size_t pages = (bytes() + huge - 1) / huge * huge;
    mapped_ = pages + huge;
    void* memory =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    memory_ = memory;
    const auto address = reinterpret_cast<std::size_t>(memory);
    data_ = reinterpret_cast<T*>((address + huge - 1) / huge * huge);
    madvise(data_, pages, MADV_HUGEPAGE);
  }

  void swap(HugeArray& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(mapped_, other.mapped_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  void* memory_ = nullptr;
  std::size_t mapped_ = 0, size_ = 0;  ///< mapped_ = 0: on the heap
  T* data_ = nullptr;
};

}  // namespace qupel
