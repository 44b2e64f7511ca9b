#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <utility>

namespace qupel {

/// Zeros on huge pages where the system has them; a page takes memory, near the thread that comes first, when
/// it is touched.
template <class T>
class HugeArray {
 public:
  HugeArray() = default;
  explicit HugeArray(std::size_t size) : size_(size) {
    constexpr std::size_t huge = std::size_t{1} << 21;
    mapped_ = size * sizeof(T) + huge;
    void* memory =
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    mapping_ = memory;
    const auto address = reinterpret_cast<std::size_t>(memory);
    data_ = reinterpret_cast<T*>((address + huge - 1) / huge * huge);
    if (size * sizeof(T) >= huge)
      madvise(data_, size * sizeof(T), MADV_HUGEPAGE);  // a smaller one would clear it all
  }
  ~HugeArray() {
    if (mapping_ != nullptr) munmap(mapping_, mapped_);
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
  void swap(HugeArray& other) noexcept {
    std::swap(mapping_, other.mapping_);
    std::swap(mapped_, other.mapped_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  void* mapping_ = nullptr;
  std::size_t mapped_ = 0, size_ = 0;
  T* data_ = nullptr;
};

}  // namespace qupel
