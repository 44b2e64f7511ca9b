#include "qupel/engine/qaoa/qaoa.h"
#include "qupel/engine/statevector/batch.h"
#include "work.h"

namespace {

using namespace qupel;

/// The sum of <Z0> over all samples.
int encode_and_layers(const bench::Arguments& arguments) {
  Circuit circuit(arguments.qubits);
  for (int q = 0; q < arguments.qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  bench::Angles angles(7);
  for (int layer = 0; layer < bench::layers; ++layer) {
    for (int q = 0; q < arguments.qubits; ++q) {
      circuit.add("ry", {q}, {angles.next()});
      circuit.add("rz", {q}, {angles.next()});
    }
    for (int q = 0; q < arguments.qubits; ++q) circuit.add("cx", {q, (q + 1) % arguments.qubits});
  }
  bench::Angles data(8);
  Matrix<double> features(bench::samples, static_cast<std::size_t>(arguments.qubits));
  for (double& x : features.values()) x = data.next();
  const std::vector observables{Observable::z(0)};
  const BatchProgram program(circuit, observables, arguments.single ? Precision::single : Precision::double_);
  return bench::report(arguments.repeats, [&] {
    double sum = 0;
    const auto expectations = program.expectations(features, {}, arguments.threads);
    for (const double value : expectations.values()) sum += value;
    return sum;
  });
}

int qaoa(const bench::Arguments& arguments) {
  Qaoa qaoa(CostFunction(bench::labs(arguments.qubits)),
            arguments.single ? Precision::single : Precision::double_, arguments.threads);
  const QaoaAngles angles{bench::gammas, bench::betas};
  return bench::report(arguments.repeats, [&] { return qaoa.objective(angles); });
}

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  if (arguments.work == "qaoa-labs") return qaoa(arguments);
  return arguments.work == "encode-and-layers" ? encode_and_layers(arguments) : 2;
}
