#include "qupel/problem/tabular/generators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "qupel/problem/tabular/median.h"
#include "qupel/problem/tabular/numpy_random.h"

namespace qupel {
namespace {

constexpr std::size_t points = 300;
constexpr std::size_t half = points / 2;
constexpr std::size_t first = 2, last = 20;  // every family varies one number from 2 to 20

/// Points with labels 0 and 1, before the split.
struct Labelled {
  Matrix<double> x;
  std::vector<int> labels;
};

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Row vectors times a matrix.
Matrix<double> product(const Matrix<double>& a, const Matrix<double>& b) {
  Matrix<double> c(a.rows(), b.columns());
  for (std::size_t r = 0; r < a.rows(); ++r)
    for (std::size_t k = 0; k < a.columns(); ++k)
      for (std::size_t j = 0; j < b.columns(); ++j) c(r, j) += a(r, k) * b(k, j);
  return c;
}

/// Each column to mean 0 and variance 1 (divisor n) over all rows, rounding as scikit-learn's StandardScaler:
/// the variance about the rounded mean, less what that mean is off by.
void standardise(Matrix<double>& x) {
  const auto rows = static_cast<double>(x.rows());
  for (std::size_t c = 0; c < x.columns(); ++c) {
    double sum = 0, residue = 0, squares = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) sum += x(r, c);
    const double mean = sum / rows;
    for (std::size_t r = 0; r < x.rows(); ++r) {
      const double centred = x(r, c) - mean;
      residue += centred;
      squares += centred * centred;
    }
    const double deviation = std::sqrt((squares - residue * residue / rows) / rows);
    for (std::size_t r = 0; r < x.rows(); ++r) x(r, c) = (x(r, c) - mean) / deviation;
  }
}

std::vector<int> first_half_then_second(int first_label) {
  std::vector<int> labels(points, 1 - first_label);
  std::fill_n(labels.begin(), half, first_label);
  return labels;
}

/// Uniform points of the cube outside a margin of the plane through the origin with normal (1, ..., 1).
Labelled linearly_separable(NumpyRandom& random, std::size_t features) {
  const double margin = 0.02 * static_cast<double>(features);
  const auto drawn = random.uniform(2 * points, features);
  Labelled set{Matrix<double>(points, features), {}};
  for (std::size_t r = 0; r < drawn.rows() && set.labels.size() < points; ++r) {
    const auto to = set.x.row(set.labels.size());
    std::ranges::transform(drawn.row(r), to.begin(), [](double u) { return 2 * u - 1; });
    const double sum = std::accumulate(to.begin(), to.end(), 0.0);
    if (std::abs(sum) > margin) set.labels.push_back(sum > 0 ? 0 : 1);
  }
  return set;
}

/// Points of a low-dimensional Gaussian, labelled there by a random one-layer network, embedded by a random
/// one-layer map (Goldt et al. 2020).
Labelled hidden_manifold(NumpyRandom& random, std::size_t features, std::size_t dimension) {
  const auto embedding = random.normal(dimension, features);
  const auto hidden = random.normal(points, dimension);
  const auto biases = random.uniform(1, features);
  const auto weights = random.normal(dimension, dimension);
  const auto output = random.normal(1, dimension);
  const double scale = std::sqrt(static_cast<double>(dimension));

  Labelled set{product(hidden, embedding), std::vector<int>(points)};
  for (std::size_t r = 0; r < points; ++r)
    for (std::size_t c = 0; c < features; ++c)
      set.x(r, c) = std::tanh(set.x(r, c) / scale - (2 * biases(0, c) - 1));

  std::vector<double> score(points, 0.0);
  for (std::size_t r = 0; r < points; ++r)
    for (std::size_t k = 0; k < dimension; ++k)
      score[r] += output(0, k) * (std::tanh(dot(weights.row(k), hidden.row(r))) / scale);
  const double middle = median(score);
  std::ranges::transform(score, set.labels.begin(), [=](double s) { return s - middle < 0 ? 0 : 1; });
  return set;
}

/// Points on two copies of one closed-form curve, the second shifted by `offset`: every coordinate is a
/// Fourier series of the curve's parameter, plus noise.
Labelled two_curves(NumpyRandom& random, std::size_t features, std::size_t degree, double offset) {
  constexpr double noise = 0.01;
  auto coefficients = random.uniform(features, 2 * (degree + 1));  // cosine and sine by turns, by frequency
  const double norm = std::sqrt(dot(coefficients.values(), coefficients.values()));
  for (double& c : coefficients.values()) c /= norm;

  Labelled set{Matrix<double>(points, features), first_half_then_second(0)};
  for (std::size_t r = 0; r < points; ++r) {
    const double t = random.uniform();
    for (std::size_t c = 0; c < features; ++c) {
      const auto series = coefficients.row(c);
      double value = series[0] + series[1];
      for (std::size_t k = 1; k <= degree; ++k) {
        const double angle = static_cast<double>(k) * std::numbers::pi * t;
        value += series[2 * k] * std::cos(angle) + series[2 * k + 1] * std::sin(angle);
      }
      set.x(r, c) = value + noise * random.normal() + (r < half ? 0 : offset);
    }
  }
  standardise(set.x);
  return set;
}

/// The parity of how many of `planes` random planes in three dimensions a point lies above, balanced,
/// embedded linearly in ten dimensions. The benchmark gives the even points the label -1.
Labelled hyperplanes(NumpyRandom& random, std::size_t planes) {
  constexpr std::size_t dimension = 3, features = 10;
  const auto normals = random.uniform(planes, dimension);
  const auto biases = random.uniform(1, planes);
  const auto drawn = random.normal(4 * points, dimension);
  std::vector<std::size_t> even, odd;
  for (std::size_t r = 0; r < drawn.rows(); ++r) {
    std::size_t above = 0;
    for (std::size_t p = 0; p < planes; ++p) above += dot(normals.row(p), drawn.row(r)) + biases(0, p) > 0;
    (above % 2 == 0 ? even : odd).push_back(r);
  }
  even.resize(half);
  odd.resize(half);
  even.insert(even.end(), odd.begin(), odd.end());
  Labelled set{product(take_rows(drawn, even), random.uniform(dimension, features)),
               first_half_then_second(0)};
  standardise(set.x);
  return set;
}

/// The benchmark splits with the same stream: the first fifth of a permutation is the test set.
GeneratedSet split(const Labelled& set, NumpyRandom& random) {
  const auto order = random.permutation(points);
  constexpr std::size_t test = points / 5;
  std::vector<std::size_t> rows(order.begin() + test, order.end());
  rows.insert(rows.end(), order.begin(), order.begin() + test);
  GeneratedSet result{take_rows(set.x, rows), {}, points - test};
  for (const auto row : rows) result.labels.push_back(set.labels[row]);
  return result;
}

/// One set of a stream.
struct Member {
  GeneratorSpec spec;
  std::function<Labelled(NumpyRandom&)> draw;
};

/// Sets that share one stream, in the order in which they draw from it.
struct Stream {
  std::uint32_t seed;
  std::vector<Member> members;
};

Stream linearly_separable_stream() {
  Stream stream{42, {}};
  for (std::size_t d = first; d <= last; ++d)
    stream.members.push_back({{fmt::format("linearly-separable-{}d", d),
                               fmt::format("two half cubes in {} dimensions with a gap between them", d), d},
                              [d](NumpyRandom& random) { return linearly_separable(random, d); }});
  return stream;
}

Stream hidden_manifold_stream() {
  Stream stream{3, {}};
  const auto add = [&](std::string name, std::size_t d, std::size_t m) {
    stream.members.push_back(
        {{std::move(name), fmt::format("a hidden manifold of {} dimensions in {}", m, d), d},
         [=](NumpyRandom& random) { return hidden_manifold(random, d, m); }});
  };
  for (std::size_t d = first; d <= last; ++d) add(fmt::format("hidden-manifold-{}d", d), d, 6);
  for (std::size_t m = first; m <= last; ++m) add(fmt::format("hidden-manifold-10d-{}m", m), 10, m);
  return stream;
}

Stream two_curves_stream() {
  Stream stream{3, {}};
  const auto add = [&](std::string name, std::size_t d, std::size_t degree, double offset) {
    stream.members.push_back(
        {{std::move(name),
          fmt::format("two parallel Fourier curves of degree {} in {} dimensions", degree, d), d},
         [=](NumpyRandom& random) { return two_curves(random, d, degree, offset); }});
  };
  for (std::size_t d = first; d <= last; ++d) add(fmt::format("two-curves-{}d", d), d, 5, 0.1);
  for (std::size_t k = first; k <= last; ++k)
    add(fmt::format("two-curves-10d-degree-{}", k), 10, k, 1 / (2 * static_cast<double>(k)));
  return stream;
}

Stream hyperplanes_stream() {
  Stream stream{1, {}};
  for (std::size_t n = first; n <= last; ++n)
    stream.members.push_back(
        {{fmt::format("hyperplanes-10d-from-3d-{}n", n),
          fmt::format("the parity of the sides of {} planes, embedded in 10 dimensions", n), 10},
         [n](NumpyRandom& random) { return hyperplanes(random, n); }});
  return stream;
}

const std::vector<Stream>& streams() {
  static const std::vector<Stream> all{linearly_separable_stream(), hidden_manifold_stream(),
                                       two_curves_stream(), hyperplanes_stream()};
  return all;
}

}  // namespace

const std::vector<GeneratorSpec>& generators() {
  static const auto all = [] {
    std::vector<GeneratorSpec> specs;
    for (const auto& stream : streams())
      for (const auto& member : stream.members) specs.push_back(member.spec);
    return specs;
  }();
  return all;
}

std::string full_generator_name(std::string_view name) {
  constexpr std::string_view shorthand = "hyperplanes-", full = "hyperplanes-10d-from-3d-";
  if (!name.starts_with(shorthand) || name.starts_with(full)) return std::string(name);
  return std::string(full).append(name.substr(shorthand.size()));
}

GeneratedSet generate(std::string_view name) {
  const auto wanted = full_generator_name(name);
  for (const auto& stream : streams()) {
    if (std::ranges::none_of(stream.members, [&](const Member& m) { return m.spec.name == wanted; }))
      continue;
    NumpyRandom random(stream.seed);
    for (const auto& member : stream.members) {
      auto set = split(member.draw(random), random);
      if (member.spec.name == wanted) return set;
    }
  }
  throw std::out_of_range("no generator " + wanted);
}

}  // namespace qupel
