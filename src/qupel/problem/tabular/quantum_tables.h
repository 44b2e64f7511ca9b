#pragma once
#include <complex>
#include <string_view>

#include "qupel/base/random.h"
#include "qupel/problem/tabular/planted.h"

// Tables labelled by small quantum systems that are drawn anew for every name, so that a search can be judged
// on tables it was not made for. The stream Random(key_of(name)) gives the rule first, then the rows, so
// equal names give equal tables. Labels are "a" where the rule's value is positive (above its median), else
// "b".
namespace qupel {

/// planted-circuit-4d, the same for ever: 600 rows of 4 features uniform in [-1, 1]; the value is <Z0 Z1>
/// less its median after the circuit H, RZ(pi x_i) on every qubit, RZZ(pi^2 x_i x_j) on every pair, H on
/// every qubit (one IQP layer read out in the X basis). Rows within 0.05 of the median are not drawn.
Planted planted_circuit();

/// Havlicek et al. 2019, arXiv:1804.11326: 400 rows of `features` (2 to 4) numbers uniform in (0, 2 pi]. The
/// value is <V+ Z..Z V> for a Haar-random V after two layers of H on every qubit, exp(i x_i Z_i) and
/// exp(i (pi - x_i)(pi - x_j) Z_i Z_j); rows within 0.3 of zero are left out; 200 rows of each label.
/// A fidelity kernel of that feature map separates them.
Planted ad_hoc_table(std::string_view name, int features);

/// 600 rows of 4 numbers uniform in [-1, 1]. The value is <Z0 Z1>, less its median over 3600 rows, after
/// H, RZ(a_i x_i) on every qubit, RZZ(w_ij x_i x_j) on every pair, H, with |a_i| uniform in pi/2 .. 3 pi/2,
/// |w_ij| in pi^2/2 .. 3 pi^2/2, and random signs; rows within 0.05 of zero are left out; 300 rows of each
/// label.
Planted iqp_table(std::string_view name);

/// Huang et al. 2021, arXiv:2011.01938: 400 rows of 4 numbers uniform in [-1, 1]. Five qubits in a line start
/// in Haar-random states and evolve by 20 Trotter steps of exp(-i t/20 x_j (XX + YY + ZZ)) on neighbours j
/// and j + 1, t = 16/3. The value is a random sum of 30 Gaussian bumps over the expectations of the 15
/// one-qubit Paulis, centred on 30 of the rows, with normal weights and gamma = 2 / the median positive
/// squared distance; its median parts the labels.
Planted heisenberg_table(std::string_view name);

/// 400 rows of `features` numbers uniform in [-1, 1]; the value is the product of cos(pi x_i). A classical
/// rule: circuits and kernels without entanglement suffice.
Planted product_of_cosines_table(std::string_view name, int features);

/// A Haar-random unitary: Gram-Schmidt on columns of complex normal numbers (drawn row by row, real part
/// first). Mezzadri 2007, arXiv:math-ph/0609050.
Matrix<std::complex<double>> haar_unitary(std::size_t size, Random& random);

}  // namespace qupel
