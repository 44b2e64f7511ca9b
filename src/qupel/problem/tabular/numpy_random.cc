#include "qupel/problem/tabular/numpy_random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace qupel {

NumpyRandom::NumpyRandom(std::uint32_t seed) {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < size; ++i)
    state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
}

void NumpyRandom::refill() {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % size] & 0x7fffffffu);
    state_[i] = state_[(i + shift) % size] ^ (y >> 1) ^ ((y & 1u) ? 0x9908b0dfu : 0u);
  }
  next_ = 0;
}

std::uint32_t NumpyRandom::bits() {
  if (next_ == size) refill();
  std::uint32_t y = state_[next_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

double NumpyRandom::uniform() {
  const double high = bits() >> 5;
  const double low = bits() >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

double NumpyRandom::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  double x1 = 0, x2 = 0, square = 0;
  do {
    x1 = 2.0 * uniform() - 1.0;
    x2 = 2.0 * uniform() - 1.0;
    square = x1 * x1 + x2 * x2;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(square) / square);
  spare_normal_ = factor * x1;
  has_spare_ = true;
  return factor * x2;
}

std::uint32_t NumpyRandom::up_to(std::uint32_t bound) {
  if (bound == 0) return 0;
  const std::uint32_t mask = ~std::uint32_t{0} >> std::countl_zero(bound);
  std::uint32_t draw = bits() & mask;
  while (draw > bound) draw = bits() & mask;
  return draw;
}

std::vector<std::size_t> NumpyRandom::permutation(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i-- > 1;) std::swap(order[i], order[up_to(static_cast<std::uint32_t>(i))]);
  return order;
}

Matrix<double> NumpyRandom::uniform(std::size_t rows, std::size_t columns) {
  Matrix<double> matrix(rows, columns);
  std::ranges::generate(matrix.values(), [this] { return uniform(); });
  return matrix;
}

Matrix<double> NumpyRandom::normal(std::size_t rows, std::size_t columns) {
  Matrix<double> matrix(rows, columns);
  std::ranges::generate(matrix.values(), [this] { return normal(); });
  return matrix;
}

}  // namespace qupel
