#include "qupel/learn/kernel_model.h"

#include <string_view>

#include "qupel/learn/targets.h"

namespace qupel {
namespace {

/// In the order of KernelModel's machines.
constexpr std::string_view machines[] = {"svm", "svr", "ridge"};

}  // namespace

void KernelModel::save(Archive& archive) const {
  archive.set("machine", machines[machine_.index()]);
  std::visit([&](const auto& machine) { machine.save(archive); }, machine_);
}

KernelModel KernelModel::load(const Archive& saved) {
  const auto& machine = saved.text("machine");
  if (machine == machines[0]) return KernelModel(Svm::load(saved));
  if (machine == machines[1]) return KernelModel(Svr::load(saved));
  require_saved(machine == machines[2], "a machine that learns from kernels");
  return KernelModel(KernelRidge::load(saved));
}

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
