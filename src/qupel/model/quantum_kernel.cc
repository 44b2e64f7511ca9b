#include <string>
#include <utility>

#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/fidelity_kernel.h"
#include "qupel/model/kernel_hyperparameters.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

std::vector<HyperParameter> fidelity_hyperparameters(KernelLearner learner) {
  auto all = encoding_hyperparameters({"iqp-full", "zz-map"});
  for (auto& parameter : learner_hyperparameters(learner)) all.push_back(std::move(parameter));
  return all;
}

std::string fidelity_summary(KernelLearner learner, const std::string& name, bool separable) {
  if (separable) return name + " without entanglers: a product of one-qubit overlaps";
  const std::string kernel = " with the fidelity |<psi(x)|psi(x')>|^2 of encoded states as kernel";
  switch (learner) {
    case KernelLearner::svm:
      return "support-vector machine" + kernel;
    case KernelLearner::svr:
      return "support-vector regression" + kernel;
    case KernelLearner::ridge:
      return "ridge regression" + kernel;
  }
  return "";
}

/// @param self the record that is made, whose hyperparameters are read when it is fitted
Contender fidelity_record(const std::string& name, KernelLearner learner, bool separable,
                          const Contender& self) {
  const std::string twin = name + "-separable";
  Contender spec{
      .name = separable ? twin : name,
      .summary = fidelity_summary(learner, name, separable),
      .source = learner == KernelLearner::ridge
                    ? "Havlicek et al. 2019, arXiv:1804.11326"
                    : "Havlicek et al. 2019, arXiv:1804.11326; LIBSVM: Chang and Lin 2011",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = fidelity_hyperparameters(learner),
      .fit = on_rows([=, &self](const Samples& samples, const Settings& settings, const FitContext& context) {
        return fit_fidelity_kernel(Encoder(self, settings, separable), samples,
                                   kernel_trainer(learner, self, settings), context);
      }),
      .load =
          [=, &self](const Archive& saved, const Settings& settings, const FitContext& context) {
            return load_fidelity_kernel(Encoder(self, settings, separable), saved, context);
          },
      .solves = {kind_of(learner)},
      .twin = separable ? "" : twin,
      .compares_rows = true,
  };
  return with_encoding_circuit(std::move(spec), self, separable);
}

}  // namespace

const Contender quantum_kernel = fidelity_record("quantum-kernel", KernelLearner::svm, false, quantum_kernel);
const Contender quantum_kernel_separable =
    fidelity_record("quantum-kernel", KernelLearner::svm, true, quantum_kernel_separable);
const Contender quantum_kernel_svr =
    fidelity_record("quantum-kernel-svr", KernelLearner::svr, false, quantum_kernel_svr);
const Contender quantum_kernel_svr_separable =
    fidelity_record("quantum-kernel-svr", KernelLearner::svr, true, quantum_kernel_svr_separable);
const Contender quantum_kernel_ridge =
    fidelity_record("quantum-kernel-ridge", KernelLearner::ridge, false, quantum_kernel_ridge);
const Contender quantum_kernel_ridge_separable =
    fidelity_record("quantum-kernel-ridge", KernelLearner::ridge, true, quantum_kernel_ridge_separable);

}  // namespace qupel
