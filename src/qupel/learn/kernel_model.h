#pragma once
#include <functional>
#include <span>
#include <variant>

#include "qupel/learn/ridge.h"
#include "qupel/learn/svm.h"
#include "qupel/learn/svr.h"

// What learns from a kernel matrix alone, whatever gave the kernel.
namespace qupel {

/// A fitted weighted sum of kernels with some of the training rows.
class KernelModel {
 public:
  template <typename Machine>
  explicit KernelModel(Machine machine) : machine_(std::move(machine)) {}

  /// The training rows that answers need, ascending.
  std::span<const std::size_t> support() const {
    return std::visit([](const auto& machine) { return machine.support(); }, machine_);
  }
  /// @param kernel rows x support
  Answer predict(const Matrix<double>& kernel) const {
    return std::visit([&](const auto& machine) { return Answer(machine.predict(kernel)); }, machine_);
  }
  FitInfo info() const {
    return std::visit([](const auto& machine) { return machine.info(); }, machine_);
  }

  void save(Archive& archive) const;
  static KernelModel load(const Archive& saved);

 private:
  std::variant<Svm, Svr, KernelRidge> machine_;
};

/// Fits on the kernel matrix of the training rows.
using KernelTrainer = std::function<KernelModel(const Matrix<double>&, const Samples&, const FitContext&)>;

KernelTrainer by_svm(double C);
KernelTrainer by_svr(double C, double epsilon);  ///< see Svr
KernelTrainer by_ridge(double penalty);          ///< see KernelRidge

}  // namespace qupel
