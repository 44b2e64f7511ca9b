#include "qupel/learn/kernel_model.h"

#include "qupel/learn/targets.h"

namespace qupel {

KernelTrainer by_svm(double C) {
  return [C](const Matrix<double>& kernel, const Samples& samples, const FitContext& context) {
    return KernelModel(train_svm(kernel, samples, C, context));
  };
}

KernelTrainer by_svr(double C, double epsilon) {
  return [=](const Matrix<double>& kernel, const Samples& samples, const FitContext&) {
    return KernelModel(Svr(SvmRows::precomputed(kernel), numbers_of(samples), C, epsilon));
  };
}

KernelTrainer by_ridge(double penalty) {
  return [penalty](const Matrix<double>& kernel, const Samples& samples, const FitContext&) {
    return KernelModel(KernelRidge(kernel, numbers_of(samples), penalty));
  };
}

}  // namespace qupel
