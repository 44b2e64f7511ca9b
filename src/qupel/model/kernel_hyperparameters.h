#pragma once
#include <string>
#include <vector>

#include "qupel/contend/contender.h"
#include "qupel/learn/kernel_model.h"

namespace qupel {

/// All encodings: a study may name others than those that a search tries.
std::vector<std::string> encoding_names();

/// The hyperparameters with which kernels choose how rows become states (Encoder reads them): "encoding",
/// "bandwidth", "pair-bandwidth", "repeats" and "pairs".
std::vector<HyperParameter> encoding_hyperparameters(std::vector<Setting> tried);

/// How a kernel model learns, with what each of them needs set.
enum class KernelLearner {
  svm,    ///< support-vector classification: "C"
  svr,    ///< support-vector regression: "C" and "epsilon"
  ridge,  ///< kernel ridge regression: "alpha"
};

/// The hyperparameters of a learner.
std::vector<HyperParameter> learner_hyperparameters(KernelLearner learner);

/// The learner with the settings of a contender that has its hyperparameters.
KernelTrainer kernel_trainer(KernelLearner learner, const Contender& spec, const Settings& settings);

/// The kind of problem that it solves.
std::string kind_of(KernelLearner learner);

}  // namespace qupel
