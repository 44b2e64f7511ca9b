#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

// Counter-based random numbers: what a draw gives depends on its key and its position in the stream only,
// never on the number of threads or the order of work. Philox4x32-10: Salmon et al., "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011 (the Random123 library).
namespace qupel {

/// A seed for one named piece of work below `seed`: derive(seed, {trial, circuit, shot}). Different keys give
/// independent streams.
std::uint64_t derive(std::uint64_t seed, std::initializer_list<std::uint64_t> keys);

/// A stable 64-bit key of a name (FNV-1a), for use in derive().
std::uint64_t key_of(std::string_view name);

/// A stream of random numbers keyed by a seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t bits();                     ///< 64 uniform bits
  double uniform();                         ///< uniform in [0, 1), 53 bits
  double uniform(double low, double high);  ///< uniform in [low, high)
  double normal();                          ///< standard normal (Box-Muller)
  std::size_t below(std::size_t bound);     ///< uniform in 0 .. bound-1, unbiased; bound > 0

  /// Fisher-Yates.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }
  /// A random order of 0 .. count-1.
  std::vector<std::size_t> permutation(std::size_t count);

 private:
  std::uint64_t seed_;
  std::uint64_t block_ = 0;
  std::uint64_t words_[2] = {0, 0};
  int left_ = 0;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace qupel
