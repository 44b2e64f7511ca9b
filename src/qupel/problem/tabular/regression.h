#pragma once
#include "qupel/problem/tabular/table_problem.h"

namespace qupel {

/// What answers of numbers are measured by. @param spread of the target
std::vector<Metric> number_metrics(double spread);

/// Which number belongs to a row? Folds, draws and the selection of columns go by DataSet::fifths.
class Regression final : public TableProblem {
 public:
  Regression(DataSet data, TableInputs inputs);

  std::string_view kind() const override { return "regression"; }
  const std::vector<Metric>& metrics() const override { return metrics_; }

  Scores score(const Answer& answer, std::span<const std::size_t> rows) const override;
  std::string contradiction(const Answer& answer, std::span<const std::size_t> rows,
                            const Scores& stored) const override;
  /// The mean of the rows to learn from, with 90 % of them around it.
  Answer floor(const Task& task) const override;
  std::string_view floor_name() const override { return "mean"; }
  std::string_view floor_noun() const override { return "the mean of the training rows"; }
  std::string_view floor_words() const override { return "always predicting the mean"; }

  /// The half width of the interval that held nine of ten held-out rows: split conformal prediction over the
  /// inner folds (Vovk, Gammerman and Shafer 2005; Lei et al. 2018, arXiv:1604.04173).
  void learn(std::span<const Held> held, Adjustment& adjustment) const override;
  void adjust(const Adjustment& adjustment, const Task& task, Answer& answer) const override;

  /// RMSE is no mean over rows, but the difference of two is one:
  ///   RMSE_b - RMSE_a = mean of (b_i^2 - a_i^2) / (RMSE_a + RMSE_b)  for errors a_i, b_i
  std::vector<double> row_leads(const Answer& answer, const Answer* other, std::span<const std::size_t> rows,
                                const Metric& metric) const override;
  double row_grain(const Metric& metric) const override;
  double assumed_variance(const Metric& metric) const override;
  std::optional<RowSums> row_sums(std::span<const Answered> answered, const Metric& metric) const override;
  Figures figures(std::span<const Answered> answered) const override;

 protected:
  Samples samples(Matrix<double> x, const TableRows& rows) const override;
  std::vector<Check> own_checks(const Metric& deciding) const override;

 private:
  double truth(std::size_t row) const { return data().targets.at(row); }
  std::vector<double> errors(const Answer& answer, std::span<const std::size_t> rows) const;

  double spread_;  ///< standard deviation of the target
  std::vector<Metric> metrics_;
};

}  // namespace qupel
