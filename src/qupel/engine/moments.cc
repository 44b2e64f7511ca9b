#include "qupel/engine/moments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "qupel/base/parallel.h"
#include "qupel/base/walsh_hadamard.h"
#include "qupel/engine/engines.h"

namespace qupel {
namespace {

// Indices fall into tiles of so many bits, inside which signs are looked up.
constexpr int tile_bits = 6;
constexpr std::size_t tile_size = std::size_t{1} << tile_bits;
constexpr std::size_t tiles_in_block = 16;
// A sum of more signs than this is made by a Walsh-Hadamard transform of a tile.
constexpr std::size_t most_signs = tile_bits;
// Squares of so many terms have at most 28 other strings than the identity.
constexpr std::size_t most_squared_terms = 8;

using Tile = std::array<double, tile_size>;

// signs[z][s] = (-1)^(z.s)
const std::array<Tile, tile_size>& signs() {
  static const auto table = [] {
    std::array<Tile, tile_size> all{};
    for (std::size_t z = 0; z < tile_size; ++z) {
      for (std::size_t s = 0; s < tile_size; ++s) all[z][s] = odd(z & s) ? -1 : 1;
    }
    return all;
  }();
  return table;
}

// Terms that flip the same bits: new[t] += [i] sum_z weight_z (-1)^(z.t) old[t ^ x].
struct Flip {
  std::uint64_t x = 0;
  bool imaginary = false;
  std::vector<std::pair<std::uint64_t, double>> terms;  // z, weight

  // The sum over z for the indices of a tile.
  void weights(std::uint64_t tile, Tile& result) const {
    result = {};
    if (terms.size() > most_signs) {
      for (const auto& [z, weight] : terms)
        result[z % tile_size] += odd(z >> tile_bits & tile) ? -weight : weight;
      return walsh_hadamard(result);
    }
    for (const auto& [z, weight] : terms) {
      const double factor = odd(z >> tile_bits & tile) ? -weight : weight;
      const Tile& sign = signs()[z % tile_size];
      for (std::size_t s = 0; s < tile_size; ++s) result[s] += factor * sign[s];
    }
  }
};

std::vector<Flip> flips_of(std::span<const IndexTerm> terms) {
  std::map<std::pair<std::uint64_t, bool>, Flip> found;
  for (const auto& [weight, word] : terms) {
    const bool imaginary = word.phase % 2 != 0;
    auto& flip = found[{word.x, imaginary}];
    flip.x = word.x;
    flip.imaginary = imaginary;
    // i^phase X^x Z^z maps |s> to i^phase (-1)^(z.s) |s ^ x>, and z.s = z.t + z.x for t = s ^ x.
    flip.terms.emplace_back(word.z, (word.phase >= 2) != odd(word.z & word.x) ? -weight : weight);
  }
  std::vector<Flip> flips;
  for (auto& [key, flip] : found) flips.push_back(std::move(flip));
  return flips;
}

struct Sums {
  double mean = 0, square = 0, norm = 0;
};

// What the tiles of a block add to the moments.
Sums block_sums(std::span<const Flip> flips, std::span<const Complex> state, std::size_t first_tile,
                std::size_t tiles, std::size_t size) {
  std::vector<Complex> real(tiles * size), imaginary(tiles * size);
  Tile weights;
  for (const auto& flip : flips) {
    auto& image = flip.imaginary ? imaginary : real;
    const std::size_t low = flip.x % tile_size;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
      flip.weights(first_tile + tile, weights);
      const Complex* from = state.data() + ((first_tile + tile) ^ flip.x >> tile_bits) * size;
      Complex* to = image.data() + tile * size;
      for (std::size_t s = 0; s < size; ++s) to[s] += weights[s] * from[s ^ low];
    }
  }
  Sums sums;
  for (std::size_t i = 0; i < real.size(); ++i) {
    const Complex before = state[first_tile * size + i], after = real[i] + Complex{0, 1} * imaginary[i];
    sums.mean += before.real() * after.real() + before.imag() * after.imag();
    sums.square += std::norm(after);
    sums.norm += std::norm(before);
  }
  return sums;
}

}  // namespace

std::vector<IndexTerm> index_terms(const Observable& observable) {
  std::vector<IndexTerm> terms;
  for (const auto& [weight, pauli] : observable.terms) terms.push_back({weight, pauli.word()});
  return terms;
}

Moments moments(std::span<const IndexTerm> terms, std::span<const Complex> state, int threads) {
  const auto flips = flips_of(terms);
  const std::size_t size = std::min(state.size(), tile_size), tiles = state.size() / size;
  std::vector<Sums> parts((tiles + tiles_in_block - 1) / tiles_in_block);
  parallel_for(parts.size(), threads, [&](std::size_t block) {
    const std::size_t first = block * tiles_in_block;
    parts[block] = block_sums(flips, state, first, std::min(tiles_in_block, tiles - first), size);
  });
  Sums sums;
  for (const auto& part : parts) {
    sums.mean += part.mean;
    sums.square += part.square;
    sums.norm += part.norm;
  }
  return {sums.mean / sums.norm, sums.square / sums.norm};
}

double moments_seconds(std::span<const Observable> observables, int qubits) {
  std::size_t terms = 0;
  for (const auto& observable : observables) terms += observable.terms.size();
  constexpr double rate = 1e9;  // amplitudes times terms a second
  return std::ldexp(static_cast<double>(terms), qubits) / rate;
}

void add_moments(const Job& job, std::span<const Complex> state, Outcome& outcome) {
  for (const auto& observable : job.observables) {
    const auto found = moments(index_terms(observable), state, job.threads);
    outcome.expectations.push_back(found.mean);
    if (outcome.variances.size() < job.variances) outcome.variances.push_back(found.variance());
  }
}

double values_seconds(std::span<const Observable> observables, int qubits) {
  return moments_seconds(observables, qubits) / 2;
}

bool worth_squaring(const Observable& observable) { return observable.terms.size() <= most_squared_terms; }

}  // namespace qupel
