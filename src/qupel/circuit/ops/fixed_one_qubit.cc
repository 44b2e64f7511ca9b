#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {
namespace {

using std::numbers::pi;
using Angles = std::span<const double>;
constexpr Complex plus{0.5, 0.5}, minus{0.5, -0.5};  // (1 + i)/2 and (1 - i)/2

}  // namespace

std::span<const OpSpec> fixed_one_qubit() {
  static const OpSpec all[] = {
      {.name = "i",
       .summary = "identity: diag(1, 1)",
       .structure = Structure::diagonal,
       .matrix =
           [](Angles) {
             return square({1, 0, 0, 1});
           },
       .qasm = "id"},
      {.name = "x",
       .summary = "Pauli X, a bit flip: |0> <-> |1>",
       .structure = Structure::permutation,
       .matrix = [](Angles) { return pauli_x(); },
       .qasm = "x"},
      {.name = "y",
       .summary = "Pauli Y, a bit and phase flip: Y = i X Z",
       .matrix = [](Angles) { return pauli_y(); },
       .qasm = "y"},
      {.name = "z",
       .summary = "Pauli Z, a phase flip: diag(1, -1)",
       .structure = Structure::diagonal,
       .matrix = [](Angles) { return pauli_z(); },
       .qasm = "z"},
      {.name = "h",
       .summary = "Hadamard: (X + Z)/sqrt(2)",
       .matrix = [](Angles) { return hadamard(); },
       .qasm = "h"},
      {.name = "s",
       .summary = "square root of Z: diag(1, i)",
       .structure = Structure::diagonal,
       .matrix =
           [](Angles) {
             return square({1, 0, 0, i});
           },
       .inverse = "sdg",
       .qasm = "s"},
      {.name = "sdg",
       .summary = "inverse of s: diag(1, -i)",
       .structure = Structure::diagonal,
       .matrix =
           [](Angles) {
             return square({1, 0, 0, -i});
           },
       .inverse = "s",
       .qasm = "sdg"},
      {.name = "t",
       .summary = "fourth root of Z: diag(1, exp(i pi/4))",
       .structure = Structure::diagonal,
       .matrix = [](Angles) { return phase(pi / 4); },
       .inverse = "tdg",
       .qasm = "t"},
      {.name = "tdg",
       .summary = "inverse of t: diag(1, exp(-i pi/4))",
       .structure = Structure::diagonal,
       .matrix = [](Angles) { return phase(-pi / 4); },
       .inverse = "t",
       .qasm = "tdg"},
      {.name = "sx",
       .summary = "square root of X: ((1+i) I + (1-i) X)/2",
       .matrix =
           [](Angles) {
             return square({plus, minus, minus, plus});
           },
       .inverse = "sxdg",
       .qasm = "sx"},
      {.name = "sxdg",
       .summary = "inverse of sx: ((1-i) I + (1+i) X)/2",
       .matrix =
           [](Angles) {
             return square({minus, plus, plus, minus});
           },
       .inverse = "sx",
       .decomposition = "h q0; sdg q0; h q0"},
  };
  return all;
}

}  // namespace qupel::ops
