#pragma once
#include <cstddef>
#include <new>
#include <vector>

namespace qupel {

/// Allocates on cache lines, as aligned vector loads need.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}  // NOLINT(google-explicit-constructor): rebinding

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

/// The same; new elements hold whatever the memory held.
template <class T>
struct UnsetAllocator : CacheLineAllocator<T> {
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  template <class U>
  void construct(U* element) noexcept {
    ::new (static_cast<void*>(element)) U;
  }
};

template <class T>
using UnsetVector = std::vector<T, UnsetAllocator<T>>;

template <class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

}  // namespace qupel
