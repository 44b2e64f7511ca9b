#include "arrays.h"

#include <fmt/format.h>

#include <cmath>
#include <type_traits>

#include "qupel/base/error.h"

namespace qupel::python {
namespace {

using AnyArray = nb::ndarray<nb::ro, nb::device::cpu>;

// PyTorch lends the memory of a tensor that waits for its gradient, and the gradient would be lost without a
// word.
void refuse_lost_gradient(nb::handle array, std::string_view name) {
  if (nb::hasattr(array, "requires_grad") && nb::cast<bool>(array.attr("requires_grad")))
    throw InputError(fmt::format(
        "{} is a tensor that requires its gradient, which would be lost here: call the program itself or "
        "qupel.torch.Layer, or detach() it",
        name));
}

// What is masked would be read as if it were not.
void refuse_masked(nb::handle array, std::string_view name) {
  if (!nb::hasattr(array, "mask") || !nb::hasattr(array, "filled")) return;
  if (PyObject_IsTrue(nb::module_::import_("numpy").attr("any")(array.attr("mask")).ptr()) == 1)
    throw InputError(fmt::format("{} has masked entries; fill them in, or leave their rows out", name));
}

[[noreturn]] void refuse_numbers(nb::handle object, std::string_view name) {
  throw InputError(
      fmt::format("{} is no array of numbers but {}", name,
                  nb::cast<std::string>(nb::hasattr(object, "dtype") ? nb::repr(object.attr("dtype"))
                                                                     : nb::repr(object.type()))));
}

// As an array of numpy, in its usual numbers if they are others: of other sizes, other byte orders, or
// objects.
nb::object numpy_array(nb::handle object, std::string_view name, bool usual) {
  try {
    nb::object made = nb::module_::import_("numpy").attr("asarray")(object);
    if (!usual) return made;
    const auto kind = nb::cast<std::string>(made.attr("dtype").attr("kind"));
    if (kind == "c") return made.attr("astype")("complex128");
    if (kind != "b" && kind != "i" && kind != "u" && kind != "f" && kind != "O") refuse_numbers(made, name);
    return made.attr("astype")("float64");
  } catch (const nb::python_error& error) {
    if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
    refuse_numbers(object, name);
  }
}

// Lists and single numbers go through numpy; so does what keeps its memory to itself, as an array of another
// library may, and numbers of unusual types.
AnyArray array_of(nb::handle object, std::string_view name) {
  AnyArray found;
  refuse_lost_gradient(object, name);
  refuse_masked(object, name);
  const auto usual = [&] {
    const auto type = found.dtype();
    return type.bits != 16 || type.code != static_cast<std::uint8_t>(nb::dlpack::dtype_code::Float);
  };
  if (nb::try_cast(object, found) && usual()) return found;
  const auto made = numpy_array(object, name, false);
  if (nb::try_cast(made, found) && usual()) return found;
  if (!nb::try_cast(numpy_array(made, name, true), found)) refuse_numbers(made, name);
  return found;
}

template <class To, class From>
To number(const From& value) {
  if constexpr (std::is_arithmetic_v<From>)
    return static_cast<double>(value);
  else
    return To(value);
}

template <class From, class To>
void copy(const AnyArray& from, To* to) {
  const auto* data = static_cast<const From*>(from.data());
  const std::size_t rows = from.ndim() < 2 ? 1 : from.shape(0);
  const std::size_t columns = from.ndim() == 0 ? 1 : from.shape(from.ndim() - 1);
  const std::int64_t down = from.ndim() < 2 ? 0 : from.stride(0);
  const std::int64_t right = from.ndim() == 0 ? 0 : from.stride(from.ndim() - 1);
  for (std::size_t r = 0; r < rows; ++r) {
    const From* row = data + static_cast<std::int64_t>(r) * down;
    for (std::size_t c = 0; c < columns; ++c) *to++ = number<To>(row[static_cast<std::int64_t>(c) * right]);
  }
}

template <class To>
bool copy_real(const AnyArray& from, To* to) {
  const auto type = from.dtype();
  const auto is = [&]<class T>(T) { return type == nb::dtype<T>(); };
  if (is(double{}))
    copy<double>(from, to);
  else if (is(float{}))
    copy<float>(from, to);
  else if (is(std::int64_t{}))
    copy<std::int64_t>(from, to);
  else if (is(std::int32_t{}))
    copy<std::int32_t>(from, to);
  else if (is(std::int16_t{}))
    copy<std::int16_t>(from, to);
  else if (is(std::int8_t{}))
    copy<std::int8_t>(from, to);
  else if (is(std::uint8_t{}) || is(bool{}))
    copy<std::uint8_t>(from, to);
  else if (is(std::uint16_t{}))
    copy<std::uint16_t>(from, to);
  else if (is(std::uint32_t{}))
    copy<std::uint32_t>(from, to);
  else if (is(std::uint64_t{}))
    copy<std::uint64_t>(from, to);
  else
    return false;
  return true;
}

[[noreturn]] void refuse_type(const AnyArray& array, std::string_view name) {
  const auto type = array.dtype();
  if (type.code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Complex))
    throw InputError(fmt::format("{} holds complex numbers; real ones are expected", name));
  throw InputError(
      fmt::format("{} holds numbers of {} bits that are no usual integers or floats; convert it to float64",
                  name, type.bits));
}

void require_finite(std::span<const double> values, std::size_t columns, std::string_view name) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw InputError(fmt::format("{} is {} in row {}, column {}: numbers must be finite", name, values[i],
                                   i / columns, i % columns));
}

}  // namespace

Matrix<double> matrix_of(nb::handle object, std::string_view name) {
  const auto array = array_of(object, name);
  if (array.ndim() != 1 && array.ndim() != 2)
    throw InputError(
        fmt::format("{} has {} dimensions; it must have two: samples x numbers of each", name, array.ndim()));
  Matrix<double> made(array.ndim() == 1 ? 1 : array.shape(0), array.shape(array.ndim() - 1));
  if (!copy_real(array, made.data())) refuse_type(array, name);
  require_finite(made.values(), made.columns(), name);
  return made;
}

std::vector<double> vector_of(nb::handle object, std::string_view name) {
  if (object.is_none()) return {};
  const auto array = array_of(object, name);
  if (array.ndim() > 1)
    throw InputError(fmt::format("{} has {} dimensions; it must be a vector", name, array.ndim()));
  std::vector<double> made(array.size());
  if (!copy_real(array, made.data())) refuse_type(array, name);
  require_finite(made, made.size(), name);
  return made;
}

Matrix<std::complex<double>> complex_matrix_of(nb::handle object, std::string_view name) {
  const auto array = array_of(object, name);
  if (array.ndim() != 2 || array.shape(0) != array.shape(1))
    throw InputError(fmt::format("{} must be a square matrix", name));
  Matrix<std::complex<double>> made(array.shape(0), array.shape(1));
  if (array.dtype() == nb::dtype<std::complex<double>>())
    copy<std::complex<double>>(array, made.data());
  else if (array.dtype() == nb::dtype<std::complex<float>>())
    copy<std::complex<float>>(array, made.data());
  else if (!copy_real(array, made.data()))
    refuse_type(array, name);
  for (const auto& entry : made.values())
    if (!std::isfinite(entry.real()) || !std::isfinite(entry.imag()))
      throw InputError(fmt::format("{} must be finite", name));
  return made;
}

}  // namespace qupel::python
