#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/contend/row_model.h"
#include "qupel/learn/calibration.h"
#include "qupel/learn/svm_rows.h"

// Support-vector classification with LIBSVM (Chang and Lin 2011): C-SVC, shrinking on, one
// machine a pair of classes. scikit-learn's SVC solves the same problems in the same order.
namespace qupel {

/// scikit-learn's and LIBSVM's own tolerance, and one with which labels are the same but for one row in
/// hundreds: where C is large and classes overlap it takes a tenth of the steps (measured: 1.7 million and
/// 180 thousand steps at C = 1000 on 270 rows labelled by a circuit that the kernel does not match).
inline constexpr double fine_tolerance = 1e-3, coarse_tolerance = 1e-2;

/// The trained machines of all pairs i < j of the classes present in the training rows; a positive decision
/// value speaks for i.
class OneVsOne {
 public:
  /// Trains on the given rows only. `labels` has one label a row of `data`.
  /// @param tolerance of the conditions of optimality, in units of the margin
  /// @throws InputError unless C and the kernel's gamma are above 0
  OneVsOne(const SvmRows& data, std::span<const std::size_t> rows, std::span<const int> labels, double C,
           double tolerance = fine_tolerance, bool balanced = false);

  std::span<const int> classes() const { return classes_; }          ///< present labels, ascending
  std::span<const std::size_t> support() const { return support_; }  ///< rows of `data`, ascending
  std::size_t machines() const { return offsets_.size(); }
  std::pair<int, int> pair(std::size_t machine) const { return pairs_[machine]; }  ///< the labels i and j
  /// @param kernel rows x support
  Matrix<double> decisions(const Matrix<double>& kernel) const;
  /// The label with most votes, the smaller one of equals (LIBSVM's rule), for each row of decision values.
  std::vector<int> vote(const Matrix<double>& decisions) const;

  void save(Archive& archive) const;
  /// @param classes all that there are
  static OneVsOne load(const Archive& saved, std::size_t classes);

 private:
  OneVsOne() = default;
  void pair_classes();
  std::vector<int> classes_;
  std::vector<std::pair<int, int>> pairs_;
  std::vector<std::size_t> support_;
  Matrix<double> coefficients_;  // support x machines
  std::vector<double> offsets_;  // subtracted from the machines' sums
};

/// A C-SVC with calibrated probabilities. Labels are the vote of the machines; probabilities come from
/// sigmoids fitted to the decision values of three held-out folds (stratified, keyed by `seed`), so that the
/// most probable class can differ from the label. Uncalibrated: by the logistic function, without folds.
/// Balanced: errors weigh n / (classes * rows of the class). Same bits for the same arguments.
class Svm {
 public:
  Svm(const SvmRows& data, std::span<const int> labels, int classes, double C, std::uint64_t seed,
      bool uncalibrated = false, bool balanced = false);

  std::span<const std::size_t> support() const { return machines_.support(); }
  /// @param kernel rows x support
  Classes predict(const Matrix<double>& kernel) const;
  FitInfo info() const;

  void save(Archive& archive) const;
  static Svm load(const Archive& saved);

 private:
  Svm(int classes, double tolerance, OneVsOne machines)
      : classes_(classes), tolerance_(tolerance), machines_(std::move(machines)) {}
  std::vector<double> probabilities(std::span<const double> decisions) const;

  int classes_;
  double tolerance_;
  OneVsOne machines_;
  std::vector<Sigmoid> sigmoids_;  // one a machine
};

/// The machine of a whole kernel matrix, trained in the classical stage of the ledger.
Svm train_svm(const Matrix<double>& kernel, const Samples& samples, double C, const FitContext& context);

}  // namespace qupel
