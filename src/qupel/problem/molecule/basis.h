#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// A contracted shell of Gaussian functions: all spherical harmonics of one angular momentum.
struct BasisShell {
  int momentum = 0;                  ///< 0 is s, 1 is p, ...
  std::vector<double> exponents;     ///< in 1 / bohr^2
  std::vector<double> coefficients;  ///< of normalised primitives
};

struct BasisSet {
  std::string name;
  std::map<int, std::vector<BasisShell>> shells;  ///< by atomic number
};

/// Reads the format of Gaussian 94: for each element a line with its symbol and 0, shells (a letter, or SP
/// for an s and a p with the same exponents, how many primitives, a scale factor of exponents), and a line of
/// stars. Lines that begin with "!" are comments.
/// @throws InputError "source:line: ..." for what is not that, or an angular momentum above h
BasisSet read_gaussian94(std::string_view text, std::string_view source);

/// The basis sets that come with Qupel: "sto-3g", "6-31g", "6-31g*", "cc-pvdz", "cc-pvtz".
std::vector<std::string> basis_names();
/// One of those, in any case, or "6-31g(d)". @throws InputError naming the nearest
const BasisSet& basis_set(std::string_view name);

}  // namespace qupel
