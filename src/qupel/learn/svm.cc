#include "qupel/learn/svm.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/random.h"
#include "qupel/learn/eigen_view.h"
#include "qupel/learn/libsvm.h"
#include "qupel/learn/softmax.h"

namespace qupel {
namespace {

constexpr std::size_t calibration_folds = 3;

/// Stable order by label, so that LIBSVM numbers the classes as they are.
std::vector<std::size_t> by_label(std::span<const std::size_t> rows, std::span<const int> labels) {
  std::vector<std::size_t> order(rows.begin(), rows.end());
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return labels[a] < labels[b]; });
  return order;
}

/// For each class present n / (classes * rows of it), so that its errors weigh as much as those of others.
struct ClassWeights {
  std::vector<int> labels;
  std::vector<double> weights;

  explicit ClassWeights(std::span<const double> y) {
    std::map<int, double> counts;
    for (const double label : y) counts[static_cast<int>(label)] += 1;
    for (const auto& [label, count] : counts) {
      labels.push_back(label);
      weights.push_back(static_cast<double>(y.size()) / (static_cast<double>(counts.size()) * count));
    }
  }
};

LibsvmModel train(std::span<double> labels, std::span<svm_node*> rows, svm_parameter parameter,
                  bool balanced) {
  parameter.svm_type = C_SVC;
  ClassWeights classes(labels);
  if (balanced) {
    parameter.nr_weight = static_cast<int>(classes.labels.size());
    parameter.weight_label = classes.labels.data();
    parameter.weight = classes.weights.data();
  }
  return train_libsvm(labels, rows, parameter);
}

/// The first support vector of each class, and the end.
std::vector<std::size_t> class_starts(const svm_model& model) {
  std::vector<std::size_t> starts{0};
  for (int c = 0; c < model.nr_class; ++c)
    starts.push_back(starts.back() + static_cast<std::size_t>(model.nSV[c]));
  return starts;
}

}  // namespace

OneVsOne::OneVsOne(const SvmRows& data, std::span<const std::size_t> rows, std::span<const int> labels,
                   double C, double tolerance, bool balanced) {
  const auto order = by_label(rows, labels);
  std::vector<double> y;
  std::vector<svm_node*> x;
  for (const auto row : order) {
    y.push_back(labels[row]);
    x.push_back(data.nodes_->row(row));
  }
  const auto model = train(y, x, libsvm_parameters(data.is_kernel_, data.gamma_, C, tolerance), balanced);
  classes_.assign(model->label, model->label + model->nr_class);
  pair_classes();
  offsets_.assign(model->rho, model->rho + pairs_.size());

  std::vector<std::size_t> vectors;  // in LIBSVM's order
  for (int s = 0; s < model->l; ++s)
    vectors.push_back(order[static_cast<std::size_t>(model->sv_indices[s]) - 1]);
  support_ = vectors;
  std::sort(support_.begin(), support_.end());
  coefficients_ = Matrix<double>(support_.size(), machines());
  const auto position = [&](std::size_t vector) {
    return static_cast<std::size_t>(std::lower_bound(support_.begin(), support_.end(), vectors[vector]) -
                                    support_.begin());
  };
  const auto starts = class_starts(*model);
  std::size_t machine = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i)
    for (std::size_t j = i + 1; j < classes_.size(); ++j, ++machine) {
      for (auto s = starts[i]; s < starts[i + 1]; ++s)
        coefficients_(position(s), machine) = model->sv_coef[j - 1][s];
      for (auto s = starts[j]; s < starts[j + 1]; ++s)
        coefficients_(position(s), machine) = model->sv_coef[i][s];
    }
}

void OneVsOne::pair_classes() {
  for (std::size_t i = 0; i < classes_.size(); ++i)
    for (std::size_t j = i + 1; j < classes_.size(); ++j) pairs_.emplace_back(classes_[i], classes_[j]);
}

void OneVsOne::save(Archive& archive) const {
  archive.set_wholes("present classes", classes_);
  archive.set_wholes("support", support_);
  archive.set("coefficients", coefficients_);
  archive.set("offsets", offsets_);
}

OneVsOne OneVsOne::load(const Archive& saved, std::size_t classes) {
  OneVsOne machines;
  machines.classes_ = saved.wholes<int>("present classes", 0, static_cast<std::int64_t>(classes) - 1);
  const auto& present = machines.classes_;
  require_saved(
      !present.empty() && std::ranges::adjacent_find(present, std::greater_equal{}) == present.end(),
      "ascending classes");
  machines.pair_classes();
  machines.support_ = saved.wholes<std::size_t>("support", 0, std::numeric_limits<std::int64_t>::max());
  machines.coefficients_ = saved.matrix("coefficients");
  machines.offsets_ = saved.numbers("offsets");
  require_saved(machines.offsets_.size() == machines.pairs_.size() &&
                    machines.coefficients_.columns() == machines.pairs_.size() &&
                    machines.coefficients_.rows() == machines.support_.size(),
                "a coefficient for each support vector and machine");
  return machines;
}

Matrix<double> OneVsOne::decisions(const Matrix<double>& kernel) const {
  Matrix<double> values(kernel.rows(), machines());
  if (values.empty()) return values;
  view(values).noalias() = view(kernel) * view(coefficients_);
  view(values).rowwise() -=
      Eigen::Map<const Eigen::RowVectorXd>(offsets_.data(), static_cast<Eigen::Index>(machines()));
  return values;
}

std::vector<int> OneVsOne::vote(const Matrix<double>& decisions) const {
  std::vector<int> labels;
  for (std::size_t r = 0; r < decisions.rows(); ++r) {
    std::vector<int> votes(static_cast<std::size_t>(classes_.back()) + 1);
    for (std::size_t m = 0; m < machines(); ++m)
      ++votes[static_cast<std::size_t>(decisions(r, m) > 0 ? pairs_[m].first : pairs_[m].second)];
    const auto most = std::max_element(votes.begin(), votes.end()) - votes.begin();
    labels.push_back(machines() == 0 ? classes_.front() : static_cast<int>(most));
  }
  return labels;
}

namespace {

/// Rows of each held-out fold: every class is dealt out in a random order.
std::vector<std::vector<std::size_t>> stratified_folds(std::span<const int> labels, std::uint64_t seed) {
  auto order = Random(derive(seed, {key_of("calibration")})).permutation(labels.size());
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return labels[a] < labels[b]; });
  std::vector<std::vector<std::size_t>> folds(calibration_folds);
  for (std::size_t i = 0; i < order.size(); ++i) folds[i % calibration_folds].push_back(order[i]);
  for (auto& fold : folds) std::sort(fold.begin(), fold.end());
  return folds;
}

std::vector<std::size_t> all_but(std::span<const std::size_t> fold, std::size_t count) {
  std::vector<std::size_t> all(count), rest;
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::set_difference(all.begin(), all.end(), fold.begin(), fold.end(), std::back_inserter(rest));
  return rest;
}

using PairDecisions = std::map<std::pair<int, int>, std::vector<DecisionValue>>;

/// Adds the decision values of machines trained without a fold to those of their pairs of classes.
void add_held_out(const SvmRows& data, std::span<const std::size_t> fold, std::span<const int> labels,
                  double C, bool balanced, PairDecisions& collected) {
  const auto rest = all_but(fold, labels.size());
  if (fold.empty() || rest.empty()) return;
  const OneVsOne machines(data, rest, labels, C, coarse_tolerance, balanced);
  const auto values = machines.decisions(data.kernel(fold, machines.support()));
  for (std::size_t m = 0; m < machines.machines(); ++m) {
    const auto [i, j] = machines.pair(m);
    for (std::size_t r = 0; r < fold.size(); ++r)
      if (const int label = labels[fold[r]]; label == i || label == j)
        collected[{i, j}].push_back({values(r, m), label == i});
  }
}

std::vector<std::size_t> every_row(std::size_t count) { return all_but({}, count); }

}  // namespace

Svm::Svm(const SvmRows& data, std::span<const int> labels, int classes, double C, std::uint64_t seed,
         bool uncalibrated, bool balanced)
    : classes_(classes),
      tolerance_(uncalibrated || C > 100 ? coarse_tolerance : fine_tolerance),
      machines_(data, every_row(labels.size()), labels, C, tolerance_, balanced) {
  if (uncalibrated) {
    sigmoids_.resize(machines_.machines());
    return;
  }
  PairDecisions held_out;
  for (const auto& fold : stratified_folds(labels, seed))
    add_held_out(data, fold, labels, C, balanced, held_out);
  for (std::size_t m = 0; m < machines_.machines(); ++m)
    sigmoids_.push_back(fit_sigmoid(held_out[machines_.pair(m)]));
}

std::vector<double> Svm::probabilities(std::span<const double> decisions) const {
  constexpr double margin = 1e-7;
  const auto present = machines_.classes().size();
  Matrix<double> pairwise(present, present);
  std::size_t m = 0;
  for (std::size_t i = 0; i < present; ++i)
    for (std::size_t j = i + 1; j < present; ++j, ++m) {
      pairwise(i, j) = std::clamp(sigmoids_[m](decisions[m]), margin, 1 - margin);
      pairwise(j, i) = 1 - pairwise(i, j);
    }
  if (present == 1) return {1};
  return present == 2 ? std::vector{pairwise(0, 1), pairwise(1, 0)} : couple(pairwise);
}

Classes Svm::predict(const Matrix<double>& kernel) const {
  const auto decisions = machines_.decisions(kernel);
  Classes prediction{machines_.vote(decisions), {kernel.rows(), static_cast<std::size_t>(classes_)}};
  for (std::size_t r = 0; r < kernel.rows(); ++r) {
    const auto p = probabilities(decisions.row(r));
    for (std::size_t c = 0; c < p.size(); ++c)
      prediction.probabilities(r, static_cast<std::size_t>(machines_.classes()[c])) = p[c];
  }
  return prediction;
}

void Svm::save(Archive& archive) const {
  archive.set("classes", classes_);
  archive.set("tolerance", tolerance_);
  machines_.save(archive);
  std::vector<double> slopes, offsets;
  for (const auto& sigmoid : sigmoids_) {
    slopes.push_back(sigmoid.slope);
    offsets.push_back(sigmoid.offset);
  }
  archive.set("sigmoid slopes", std::move(slopes));
  archive.set("sigmoid offsets", std::move(offsets));
}

Svm Svm::load(const Archive& saved) {
  constexpr std::size_t most_classes = 100'000;
  const auto classes = saved.size("classes", most_classes);
  Svm svm(static_cast<int>(classes), saved.number("tolerance"), OneVsOne::load(saved, classes));
  const auto &slopes = saved.numbers("sigmoid slopes"), &offsets = saved.numbers("sigmoid offsets");
  require_saved(slopes.size() == svm.machines_.machines() && offsets.size() == slopes.size(),
                "a sigmoid for each machine");
  for (std::size_t m = 0; m < slopes.size(); ++m) svm.sigmoids_.push_back({slopes[m], offsets[m]});
  return svm;
}

Svm train_svm(const Matrix<double>& kernel, const Samples& samples, double C, const FitContext& context) {
  return Svm(SvmRows::precomputed(kernel), samples.y, samples.classes, C, context.seed, !context.calibrated,
             context.balanced);
}

FitInfo Svm::info() const {
  return {.reason = fmt::format("sequential minimal optimisation to a tolerance of {:g}", tolerance_),
          .losses = {},
          .parameters = static_cast<long>(support().size())};
}

}  // namespace qupel
