#pragma once
#include "qupel/contend/contender.h"

// The records of classical contenders for molecules, each defined in the file of its name.
namespace qupel {

extern const Contender hartree_fock, mp2, full_ci, selected_ci, ccsd_t, dmrg;

}  // namespace qupel
