// Reads a circuit, runs it, and lists what competes: a program that uses Qupel's library.
#include <cmath>
#include <iostream>

#include "qupel/circuit/observable.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/contenders/contenders.h"
#include "qupel/execute/executor.h"

int main() {
  const auto program = qupel::read_qasm(
      "OPENQASM 3.0; include \"stdgates.inc\"; qubit[2] q; ry(0.5) q[0]; cx q[0], q[1];", "bell.qasm");
  qupel::Executor executor(qupel::Precision::double_);
  const auto prepared =
      executor.prepare(program.circuit, {qupel::parse_observable("Z0 Z1"), qupel::parse_observable("Z0")});
  const auto found = executor.expectations(prepared, qupel::Matrix<double>(1, 0), {});
  std::cout << "Z0 Z1 = " << found.values(0, 0) << ", Z0 = " << found.values(0, 1) << ", "
            << qupel::contenders().all().size() << " contenders\n";
  try {
    qupel::parse_observable("Q0");
    return 1;
  } catch (const qupel::InputError&) {  // an exception of the library is caught outside it
  }
  return std::abs(found.values(0, 0) - 1) < 1e-12 && std::abs(found.values(0, 1) - std::cos(0.5)) < 1e-12 ? 0
                                                                                                          : 1;
}
