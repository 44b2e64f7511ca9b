#include "qupel/engine/huge_array.h"

#include <sys/mman.h>

#include <cstdint>
#include <mutex>

namespace qupel {
namespace {

constexpr std::size_t huge = std::size_t{1} << 21;
constexpr std::size_t least_kept = std::size_t{1} << 24;  // smaller ones are cleared quickly

std::size_t whole(std::size_t bytes) { return (bytes + huge - 1) / huge * huge; }

std::mutex kept_mutex;
Pages kept;

// Whoever finds it taken does without: in a child after fork() it may be taken for ever.
std::unique_lock<std::mutex> hold_kept() { return std::unique_lock(kept_mutex, std::try_to_lock); }

// If they are so many, or any.
Pages take_kept(std::size_t bytes) {
  const auto lock = hold_kept();
  return lock && (kept.bytes == bytes || bytes == 0) ? std::exchange(kept, {}) : Pages{};
}

}  // namespace

Pages map_pages(std::size_t bytes) {
  if (bytes >= least_kept) unmap_kept_pages();
  const std::size_t size = whole(bytes), mapped = size + huge;
  void* const memory =
      mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  const std::size_t before = (huge - reinterpret_cast<std::uintptr_t>(memory) % huge) % huge;
  auto* const first = static_cast<std::byte*>(memory) + before;
  if (before > 0) munmap(memory, before);
  munmap(first + size, huge - before);
  madvise(first, size, MADV_HUGEPAGE);
  return {first, size};
}

Pages map_any_pages(std::size_t bytes) {
  const auto pages = take_kept(whole(bytes));
  return pages.bytes > 0 ? pages : map_pages(bytes);
}

void unmap(Pages pages) {
  if (pages.bytes >= least_kept && madvise(pages.memory, pages.bytes, MADV_FREE) == 0) {
    if (const auto lock = hold_kept()) std::swap(kept, pages);
  }
  if (pages.bytes > 0) munmap(pages.memory, pages.bytes);
}

void unmap_kept_pages() {
  const auto pages = take_kept(0);
  if (pages.bytes > 0) munmap(pages.memory, pages.bytes);
}

}  // namespace qupel
