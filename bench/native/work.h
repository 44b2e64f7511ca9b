#pragma once
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// What all programs compute, and how they report it.
namespace bench {

struct Arguments {
  std::string work;
  int qubits;
  bool single;
  int threads, repeats;

  explicit Arguments(char** argv)
      : work(argv[1]),
        qubits(std::atoi(argv[2])),
        single(std::string(argv[3]) == "single"),
        threads(std::atoi(argv[4])),
        repeats(std::atoi(argv[5])) {}
};

/// Angles between -3 and 3, the same for every program (SplitMix64).
class Angles {
 public:
  explicit Angles(std::uint64_t seed) : state_(seed) {}
  double next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53 * 6 - 3;
  }

 private:
  std::uint64_t state_;
};

inline constexpr int samples = 10000, layers = 4;

/// QAOA: the energies of low autocorrelation binary sequences, and angles of six layers.
inline std::vector<double> labs(int n) {
  std::vector<double> values(std::size_t{1} << n);
  for (std::size_t s = 0; s < values.size(); ++s) {
    for (int k = 1; k < n; ++k) {
      const int unequal = std::popcount((s ^ (s >> k)) & ((std::size_t{1} << (n - k)) - 1));
      values[s] += (n - k - 2 * unequal) * (n - k - 2 * unequal);
    }
  }
  return values;
}
inline const std::vector<double> gammas{0.02, 0.04, 0.05, 0.06, 0.07, 0.08},
    betas{0.6, 0.5, 0.4, 0.3, 0.2, 0.1};

/// The best time of some runs of `work`, which returns the answer; prints both.
template <class Work>
int report(int repeats, Work&& work) {
  double best = std::numeric_limits<double>::infinity(), value = 0;
  for (int r = 0; r <= repeats; ++r) {  // the first run warms up
    const auto start = std::chrono::steady_clock::now();
    value = work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (r > 0) best = std::min(best, seconds.count());
  }
  std::cout << nlohmann::json{{"seconds", best}, {"value", value}}.dump() << "\n";
  return 0;
}

}  // namespace bench
