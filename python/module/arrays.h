#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <complex>
#include <cstdint>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"

// Arrays between Python and C++. What comes in may be of any real type and any memory order, from any library
// that lends its memory to the processor (numpy, DLPack, the buffer protocol), or nested lists of numbers; it
// is copied once. What goes out is the memory of the result itself.
namespace qupel::python {

namespace nb = nanobind;

/// A matrix of numbers. One row may be given as a vector.
/// @param name what an error calls it @throws InputError for another shape or type, a number that is not
/// finite, an array on another device, or a tensor whose gradient would be lost
Matrix<double> matrix_of(nb::handle array, std::string_view name);
/// A vector of numbers; null for Python's None. @throws InputError as matrix_of()
std::vector<double> vector_of(nb::handle array, std::string_view name);
/// A square matrix of complex numbers. @throws InputError as matrix_of()
Matrix<std::complex<double>> complex_matrix_of(nb::handle array, std::string_view name);

/// Moves what a computation made to the heap and lends its memory to an array of numpy.
template <class T>
nb::ndarray<nb::numpy, T> lent(Matrix<T>&& matrix) {
  auto* kept = new Matrix<T>(std::move(matrix));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<Matrix<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(kept->data(), {kept->rows(), kept->columns()}, owner);
}
template <class T>
nb::ndarray<nb::numpy, T> lent(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
  auto* kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(kept->data(), shape, owner);
}
template <class T>
nb::ndarray<nb::numpy, T> lent(std::vector<T>&& values) {
  const auto size = values.size();
  return lent(std::move(values), {size});
}

}  // namespace qupel::python
