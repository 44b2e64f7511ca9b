#include "qupel/engine/statevector/binding.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/walsh_hadamard.h"
#include "qupel/engine/statevector/workspace.h"
#include "qupel/engine/turn.h"

namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

// While the scale is smaller in size than this, rotations are done as shears, which leave nothing to the
// scale, until a diagonal multiplies the scale into the amplitudes. (A gradient multiplies a state with its
// adjoint, so it meets the square of the scale.)
template <class T>
constexpr double least_scale = sizeof(T) == 4 ? 0x1p-24 : 0x1p-100;
// A rotation with a smaller cosine (an angle close to half a turn) is done as shears, too: its tangent would
// be too large.
constexpr double least_cosine = 0x1p-12;

struct ComplexTable {
  std::span<Complex> entries;
  std::span<const Complex> leaves;

  void set(std::size_t at, int leaf) { entries[at] = leaves[static_cast<std::size_t>(leaf)]; }
  void copy(std::size_t to, std::size_t from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) entries[to + i] = entries[from + i];
  }
  void scale(std::size_t to, std::size_t from, std::size_t count, int leaf) {
    const auto factor = leaves[static_cast<std::size_t>(leaf)];
    for (std::size_t i = 0; i < count; ++i) entries[to + i] = product(entries[from + i], factor);
  }
  void multiply(std::size_t to, std::size_t from, std::size_t by, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) entries[to + i] = product(entries[from + i], entries[by + i]);
  }
  // std::complex's operator checks for infinities, at several times the cost.
  static Complex product(Complex a, Complex b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }
};

// The exponents of all entries by a Walsh-Hadamard transform.
void write_sums(const Diagonal& diagonal, std::span<const double> parameters, std::span<Complex> entries) {
  std::vector<double> exponents(entries.size());
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
    exponents[diagonal.masks[k]] += diagonal.phases.exponents[k].uniform_part(parameters);
  }
  walsh_hadamard(exponents);
  std::ranges::transform(exponents, entries.begin(), [](double f) { return std::polar(1.0, f); });
}

}  // namespace

template <class T>
void Binding<T>::bind(const Program& program, std::span<const double> parameters) {
  const auto& layers = program.layers;
  ++times;
  scale = 1;
  uniform.clear();
  for (const auto& use : layers.angles) uniform.push_back(use.angle.uniform_part(parameters));
  forms.assign(uniform.size(), Form::shear);
  factors.assign(uniform.size(), 1);
  coefficients.assign(uniform.size(), {});
  write_units(layers, parameters);
  tables.resize(layers.diagonals.size());
  magnitudes.assign(layers.diagonals.size(), 1);
  for (std::size_t i = 0; i < uniform.size(); ++i) {
    const auto& use = layers.angles[i];
    if (use.role == Role::product && !use.angle.varies()) {
      coefficients[i] = {static_cast<T>(units_[i].real()), static_cast<T>(units_[i].imag())};
    }
  }
  const auto bind_layer = [&](const Layer& layer) {
    if (layer.diagonal >= 0) bind_diagonal(layers, static_cast<std::size_t>(layer.diagonal), parameters);
    for (const int angle : layer.angles) {
      if (!layers.angles[static_cast<std::size_t>(angle)].angle.varies())
        bind_rotation(static_cast<std::size_t>(angle));
    }
  };
  for (std::size_t h = 0; h < 2; ++h) {
    std::ranges::for_each((h == 0 ? layers.low : layers.high).layers, bind_layer);
    halves[h] = std::exchange(scale, 1);
  }
  std::ranges::for_each(layers.layers, bind_layer);
}

// Of all angles and leaves at once, in vectors.
template <class T>
void Binding<T>::write_units(const Layers& layers, std::span<const double> parameters) {
  arguments_.clear();
  for (const double angle : uniform) arguments_.push_back(angle / 2);
  first_leaf_.clear();
  for (const auto& diagonal : layers.diagonals) {
    first_leaf_.push_back(arguments_.size());
    if (diagonal.varies || diagonal.phases.dense()) continue;
    for (const auto& exponent : diagonal.phases.exponents)
      arguments_.push_back(exponent.uniform_part(parameters));
  }
  constexpr std::size_t vector = 8;  // the longest
  arguments_.resize((arguments_.size() + vector - 1) / vector * vector);
  units_.resize(arguments_.size());
  kernels<T>().write_units(arguments_, units_.data());
}

template <class T>
void Binding<T>::bind_rotation(std::size_t index) {
  const double c = units_[index].real(), s = units_[index].imag();
  if (std::abs(scale) >= least_scale<T> && std::abs(c) >= least_cosine) {
    forms[index] = Form::tangent;
    coefficients[index][0] = static_cast<T>(s / c);
    factors[index] = c;
  } else {
    const auto [angle, odd_turns] = qupel::reduced_angle(uniform[index]);
    forms[index] = Form::shear;
    coefficients[index] = {static_cast<T>(std::tan(angle / 4)), static_cast<T>(std::sin(angle / 2))};
    factors[index] = odd_turns ? -1 : 1;
  }
  scale *= factors[index];
}

template <class T>
void Binding<T>::bind_diagonal(const Layers& layers, std::size_t index, std::span<const double> parameters) {
  const auto& diagonal = layers.diagonals[index];
  if (diagonal.noisy) magnitudes[index] = std::exchange(scale, 1);
  if (!diagonal.varies) bind_table(diagonal, index, parameters);
}

template <class T>
void Binding<T>::bind_table(const Diagonal& diagonal, std::size_t index, std::span<const double> parameters) {
  const std::size_t size = std::size_t{1} << diagonal.qubits;
  tables[index].resize(2 * size);
  T* table = tables[index].data();
  const auto set = [&](std::size_t s, Complex entry) {
    table[2 * s] = static_cast<T>(scale * entry.real());
    table[2 * s + 1] = static_cast<T>(scale * entry.imag());
  };
  if (diagonal.phases.dense()) {
    entries_.resize(size);
    write_sums(diagonal, parameters, entries_);
    for (std::size_t s = 0; s < size; ++s) set(s, entries_[s]);
  } else {
    entries_.resize(2 * size);
    ComplexTable products{entries_, std::span(units_).subspan(first_leaf_[index])};
    write_phases(diagonal.phases, 0, products, 0, size);
    const TableOrder order(diagonal.walk, size);
    for (std::size_t u = 0, s = 0; u < size; s = order.next(s, ++u)) set(s, entries_[u]);
  }
  magnitudes[index] = std::exchange(scale, 1);
}

template struct Binding<float>;
template struct Binding<double>;

}  // namespace qupel::statevector
