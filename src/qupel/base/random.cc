#include "qupel/base/random.h"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <tuple>

namespace qupel {
namespace {

using Generator = r123::Philox4x32;

std::pair<std::uint64_t, std::uint64_t> philox(std::uint64_t key, std::uint64_t counter,
                                               std::uint64_t domain) {
  const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
  const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
  const auto word = [](std::uint32_t a, std::uint32_t b) { return (std::uint64_t{b} << 32) | a; };
  const Generator::ctr_type in{{low(counter), high(counter), low(domain), high(domain)}};
  const Generator::key_type k{{low(key), high(key)}};
  const auto out = Generator{}(in, k);
  return {word(out[0], out[1]), word(out[2], out[3])};
}

constexpr std::uint64_t stream_domain = 0, derive_domain = 1;

}  // namespace

std::uint64_t derive(std::uint64_t seed, std::initializer_list<std::uint64_t> keys) {
  for (const auto key : keys) seed = philox(seed, key, derive_domain).first;
  return seed;
}

std::uint64_t key_of(std::string_view name) {
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

std::uint64_t Random::bits() {
  if (left_ == 0) {
    std::tie(words_[1], words_[0]) = philox(seed_, block_++, stream_domain);
    left_ = 2;
  }
  return words_[--left_];
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Random::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::size_t Random::below(std::size_t bound) {
  const std::uint64_t reject_from = -static_cast<std::uint64_t>(bound) % bound;  // 2^64 mod bound
  std::uint64_t draw = bits();
  while (draw < reject_from) draw = bits();
  return draw % bound;
}

std::vector<std::size_t> Random::permutation(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(std::span(order));
  return order;
}

}  // namespace qupel
