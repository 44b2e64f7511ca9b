#pragma once
#include "qupel/problem/tabular/table_problem.h"

namespace qupel {

/// What answers of classes are measured by.
const std::vector<Metric>& class_metrics();

/// Which class is a row of?
class Classification final : public TableProblem {
 public:
  Classification(DataSet data, TableInputs inputs);

  std::string_view kind() const override { return "classification"; }
  int outputs() const override { return classes(); }
  const std::vector<Metric>& metrics() const override { return class_metrics(); }
  Needs needs(const Metric& metric) const override;

  Scores score(const Answer& answer, std::span<const std::size_t> rows) const override;
  std::string contradiction(const Answer& answer, std::span<const std::size_t> rows,
                            const Scores& stored) const override;
  Answer floor(const Task& task) const override;
  std::string_view floor_name() const override { return "majority"; }
  std::string_view floor_noun() const override { return "the majority class"; }
  std::string_view floor_words() const override { return "always predicting the most frequent class"; }

  /// Where balanced accuracy decides: labels are the largest probability / (class share in training)^power.
  std::vector<Adjustment> adjustments(const Metric& metric) const override;
  void adjust(const Adjustment& adjustment, const Task& task, Answer& answer) const override;

  /// 1 where only the first answer is right, -1 where only the other is, 0 else; none for ROC-AUC and
  /// others.
  std::vector<double> row_leads(const Answer& answer, const Answer* other, std::span<const std::size_t> rows,
                                const Metric& metric) const override;
  std::vector<double> row_weights(std::span<const std::size_t> rows, const Metric& metric) const override;
  std::vector<int> row_groups(const Metric& metric) const override;
  /// All for accuracy; for measures that weigh classes alike K^2 / sum(1 / rows of a class), whose variance
  /// is that of so many rows.
  double counted_rows(const Metric& metric) const override;
  std::optional<RowSums> row_sums(std::span<const Answered> answered, const Metric& metric) const override;
  Figures figures(std::span<const Answered> answered) const override;

 protected:
  Samples samples(Matrix<double> x, const TableRows& rows) const override;
  std::vector<Check> own_checks(const Metric& deciding) const override;

 private:
  int classes() const { return static_cast<int>(data().classes.size()); }
  std::vector<int> truth(std::span<const std::size_t> rows) const;
};

}  // namespace qupel
