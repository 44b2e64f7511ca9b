#include "qupel/engine/huge_array.h"

#include <sys/mman.h>

#include <cstdint>

namespace qupel {

Pages map_pages(std::size_t bytes) {
  constexpr std::size_t huge = std::size_t{1} << 21;
  const std::size_t size = (bytes + huge - 1) / huge * huge, mapped = size + huge;
  void* const memory =
      mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // A huge page begins at a multiple of its size: what is mapped before and behind goes back.
  const std::size_t before = (huge - reinterpret_cast<std::uintptr_t>(memory) % huge) % huge;
  auto* const first = static_cast<std::byte*>(memory) + before;
  if (before > 0) munmap(memory, before);
  munmap(first + size, huge - before);
  madvise(first, size, MADV_HUGEPAGE);
  return {first, size};
}

void unmap(Pages pages) {
  if (pages.bytes > 0) munmap(pages.memory, pages.bytes);
}

}  // namespace qupel
