#pragma once
#include <string>
#include <string_view>

#include "qupel/problem/molecule/active_space.h"

namespace qupel {

/// Reads integrals as FCIDUMP (Knowles and Handy, Comput. Phys. Commun. 54, 75, 1989): a namelist &FCI with
/// NORB, NELEC and MS2, ended by &END, $END or /, then lines of a value and four indices from 1. (ij|kl)
/// stands once for all eight equal ones; i j 0 0 is of one electron, i 0 0 0 an orbital energy, which is not
/// looked at, 0 0 0 0 the core. Exponents may be written with D. Of unrestricted orbitals (UHF=.TRUE. or
/// IUHF=1) either those of beta are numbered after those of alpha, or blocks alpha-alpha, beta-beta,
/// alpha-beta, alpha, beta follow one another, each ended by 0 0 0 0, as Molpro writes them.
/// @throws InputError "source:line: ..." for what is not that, indices out of range, electrons that do not
/// fit, complex values, or a file that ends early: without the line of the core
ElectronicSystem read_fcidump(std::string_view text, std::string_view source);

/// The same without symmetries of orbitals; beta orbitals are numbered after alpha's if they differ. Values
/// below 1e-14 are left out.
std::string to_fcidump(const ElectronicSystem& system);

}  // namespace qupel
