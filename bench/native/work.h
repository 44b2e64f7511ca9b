#pragma once
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

// What all programs compute, and how they report it.
namespace bench {

struct Arguments {
  std::string work;
  int qubits;
  bool single;
  int threads, repeats;
  std::vector<std::string> more;  // of a program

  explicit Arguments(char** argv)
      : work(argv[1]),
        qubits(std::atoi(argv[2])),
        single(std::string(argv[3]) == "single"),
        threads(std::atoi(argv[4])),
        repeats(std::atoi(argv[5])) {
    for (char** next = argv + 6; *next != nullptr; ++next) more.emplace_back(*next);
  }
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

inline constexpr int samples = 10000, layers = 4;  // encode-and-layers
inline constexpr int deep_layers = 10;             // gradients, shots
inline constexpr int batch = 256;                  // gradient-batch-256
inline constexpr int training_batch = 32;          // training-step, as in peers/pennylane_jax.py
inline constexpr int kernel_rows = 1000;           // fidelity-kernel, as in peers/qiskit_kernel.py
// fit-iqp-full, fit-reuploading, as in peers/pennylane_jax.py
inline constexpr std::size_t fit_rows = 128, fit_steps = 100;
inline constexpr int fit_layers = 2, fit_uploads = 3;
inline constexpr int shots = 1000000;                        // shots-1m
inline constexpr int noisy_layers = 5, trajectories = 2000;  // trajectories-cx-ring, as in circuits.py

/// Layers of RY and RZ on every qubit, then a ring of CX, as in circuits.py: calls rotate('Y' or 'Z', qubit,
/// angle) and cx(control, target).
template <class Rotate, class Cx>
void ring_circuit(int qubits, int depth, Rotate&& rotate, Cx&& cx) {
  Angles angles(7);
  for (int layer = 0; layer < depth; ++layer) {
    for (int q = 0; q < qubits; ++q) {
      rotate('Y', q, angles.next());
      rotate('Z', q, angles.next());
    }
    for (int q = 0; q < qubits; ++q) cx(q, (q + 1) % qubits);
  }
}

/// Features, or weights: the same for every program.
inline std::vector<double> draws(std::uint64_t seed, std::size_t count) {
  Angles angles(seed);
  std::vector<double> values(count);
  for (double& value : values) value = angles.next();
  return values;
}

/// The gradient's answer: all derivatives, weighted.
inline double weighted(const std::vector<double>& derivatives) {
  const auto weights = draws(9, derivatives.size());
  return std::inner_product(weights.begin(), weights.end(), derivatives.begin(), 0.0);
}

struct PauliTerm {
  double weight;
  std::map<int, char> letters;  // by qubit
};

/// <Z0>, or for gradient-50-terms 50 random strings on up to three qubits.
inline std::vector<PauliTerm> pauli_sum(const Arguments& arguments) {
  if (arguments.work != "gradient-50-terms") return {{1, {{0, 'Z'}}}};
  Angles angles(10);
  const auto below = [&](int n) { return static_cast<int>((angles.next() + 3) / 6 * n); };
  std::vector<PauliTerm> terms(50);
  for (auto& [weight, letters] : terms) {
    weight = angles.next();
    const auto size = static_cast<std::size_t>(1 + below(3));
    while (letters.size() < size) letters[below(arguments.qubits)] = "XYZ"[below(3)];
  }
  return terms;
}

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

struct Result {
  double seconds = std::numeric_limits<double>::infinity(), value = 0;
};

/// The best time of some runs of `work`, short work more often, long work once, and what the last returned.
template <class Work>
Result best_of(int repeats, Work&& work) {
  constexpr double least_seconds = 0.2, patience = 10;
  Result result;
  double all = 0;
  // The first run warms up, unless it takes so long that this makes no difference.
  for (int r = 0; (r <= repeats || all < least_seconds) && (r <= 1 || all < patience); ++r) {
    const auto start = std::chrono::steady_clock::now();
    result.value = work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    all += seconds.count();
    if (r > 0 || all >= patience) result.seconds = std::min(result.seconds, seconds.count());
    if (r == 0 && all >= patience) break;
  }
  return result;
}

inline int report(const Result& result) {
  std::cout << nlohmann::json{{"seconds", result.seconds}, {"value", result.value}}.dump() << "\n";
  return 0;
}

template <class Work>
int report(int repeats, Work&& work) {
  return report(best_of(repeats, work));
}

}  // namespace bench
