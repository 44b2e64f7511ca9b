#include <utility>

#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/fidelity_kernel.h"
#include "qupel/model/kernel_hyperparameters.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

std::vector<HyperParameter> hyperparameters() {
  auto all = encoding_hyperparameters({"iqp-full", "zz-map"});
  all.push_back(
      {.name = "C", .summary = "weight of the training errors", .values = {10.0, 1.0, 100.0, 1000.0, 0.1}});
  return all;
}

Contender record(bool separable) {
  Contender spec{
      .name = separable ? "quantum-kernel-separable" : "quantum-kernel",
      .summary =
          separable
              ? "quantum-kernel without entanglers: a product of one-qubit overlaps"
              : "support-vector machine with the fidelity |<psi(x)|psi(x')>|^2 of encoded states as kernel",
      .source = "Havlicek et al. 2019, arXiv:1804.11326; LIBSVM: Chang and Lin 2011",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = hyperparameters(),
      .fit =
          on_rows([separable](const Samples& samples, const Settings& settings, const FitContext& context) {
            return fit_fidelity_kernel(Encoder(quantum_kernel, settings, separable), samples,
                                       number(quantum_kernel, settings, "C"), context);
          }),
      .twin = separable ? "" : "quantum-kernel-separable",
  };
  return with_circuit(
      std::move(spec),
      [separable](int columns, const Settings& settings) {
        return Encoder(quantum_kernel, settings, separable).circuit(columns);
      },
      [separable](const Settings& settings) {
        return Encoder(quantum_kernel, settings, separable).chosen();
      });
}

}  // namespace

const Contender quantum_kernel = record(false);
const Contender quantum_kernel_separable = record(true);

}  // namespace qupel
