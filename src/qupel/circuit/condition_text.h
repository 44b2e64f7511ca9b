#pragma once
#include <span>
#include <string>

#include "qupel/circuit/classical.h"

namespace qupel {

/// "c[2]": the name of a bit. @param registers that hold it
std::string bit_name(std::span<const BitRegister> registers, int bit);

/// The condition as OpenQASM 3 writes it: "c == 3" of a whole register, "c[0] && !c[2]" of some bits. Bits in
/// an order of their own that are compared by size are listed, "(c[0], c[2]) < 3", which OpenQASM has not.
std::string condition_text(std::span<const BitRegister> registers, const Condition& condition);

/// Whether OpenQASM has it.
bool has_qasm(std::span<const BitRegister> registers, const Condition& condition);

}  // namespace qupel
