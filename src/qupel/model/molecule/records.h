#pragma once
#include "qupel/contend/contender.h"

// The records of quantum contenders for molecules, each defined in the file of its name.
namespace qupel {

extern const Contender vqe_uccsd, vqe_kup, vqe_fabric, vqe_lucj, vqe_adapt, vqe_qubit_adapt, vqe_qse, vqe_eom,
    sqd;

}  // namespace qupel
