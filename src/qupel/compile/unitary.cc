#include "qupel/compile/unitary.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/compile/weyl.h"

namespace qupel {
namespace {

void add_one_qubit(Circuit& circuit, const Matrix2& gate, int qubit) {
  const auto [theta, phi, lambda] = euler_angles(gate);
  circuit.add("u", {qubit}, {theta, phi, lambda});
}

void add_two_qubits(Circuit& circuit, const Matrix4& gate, int first, int second) {
  const auto parts = weyl(gate);
  const auto locals = [&](const LocalPair& pair) {
    add_one_qubit(circuit, pair[0], first);
    add_one_qubit(circuit, pair[1], second);
  };
  locals(parts.right);
  const std::array<std::pair<std::string_view, double>, 3> canonical{
      {{"rxx", parts.x}, {"ryy", parts.y}, {"rzz", parts.z}}};
  for (const auto& [name, half] : canonical)
    if (half != 0) circuit.add(name, {first, second}, {-2 * half});
  locals(parts.left);
}

void require_unitary(const Matrix<Complex>& matrix) {
  constexpr double tolerance = 1e-6;  // single precision passes
  for (std::size_t a = 0; a < matrix.rows(); ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      Complex product = 0;
      for (std::size_t k = 0; k < matrix.rows(); ++k) product += matrix(k, a) * std::conj(matrix(k, b));
      if (!(std::abs(product - (a == b ? 1.0 : 0.0)) < tolerance))
        throw InputError(
            fmt::format("the matrix is not unitary: columns {} and {} have the inner product {} {:+}i", b, a,
                        product.real(), product.imag()));
    }
}

}  // namespace

Circuit& add_unitary(Circuit& circuit, const Matrix<Complex>& matrix, std::span<const int> qubits) {
  if (qubits.size() != 1 && qubits.size() != 2)
    throw InputError(fmt::format("a unitary on {} qubits: one or two are supported, decompose larger ones",
                                 qubits.size()));
  if (matrix.rows() != std::size_t{1} << qubits.size() || matrix.columns() != matrix.rows())
    throw InputError(fmt::format("a matrix of {} x {} for {} qubits; it must be {} square", matrix.rows(),
                                 matrix.columns(), qubits.size(), 1 << qubits.size()));
  require_unitary(matrix);
  if (qubits.size() == 1)
    add_one_qubit(circuit, fixed2(matrix), qubits[0]);
  else
    add_two_qubits(circuit, fixed4(matrix), qubits[0], qubits[1]);
  return circuit;
}

}  // namespace qupel
