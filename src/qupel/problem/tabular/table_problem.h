#pragma once
#include <memory>
#include <vector>

#include "qupel/problem/problem.h"
#include "qupel/problem/tabular/row_preparation.h"
#include "qupel/problem/tabular/samples.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// Prepared rows with what each is.
struct TableRows : Instance {
  PreparedRows columns;
  std::vector<int> labels;      ///< empty if the target holds numbers
  std::vector<double> targets;  ///< empty if the target holds classes
};

/// The problem that a data set poses: how its rows are split and prepared. A derived class says what is asked
/// about a row, a class or a number.
class TableProblem : public Problem {
 public:
  TableProblem(DataSet data, TableInputs inputs);

  const DataSet& data() const { return data_; }
  const TableInputs& inputs() const { return inputs_; }
  const Facts& facts() const override { return facts_; }
  std::vector<Split> splits(const Splitting& splitting) const override;
  std::string split_words(const Splitting& splitting) const override;
  Work prepare(const Splitting& splitting, const Split& split) const override;
  std::size_t fixed_test_rows() const override { return data_.test_rows.size(); }
  std::shared_ptr<const Instance> view(const Instance& instance, const InputChoice& inputs) const override;
  int width(const InputChoice& inputs) const override;
  std::optional<Task> fewer(const Task& task, double share, std::uint64_t seed) const override;
  std::vector<std::size_t> equal_rows() const override { return groups_; }
  std::vector<Check> checks(std::span<const std::vector<std::size_t>> test_sets,
                            const Metric& deciding) const override;

 protected:
  /// Rows as a contender sees them. @param rows whose labels or targets the result refers to
  virtual Samples samples(Matrix<double> x, const TableRows& rows) const = 0;
  /// Integrity checks of this kind of problem, beside those of every table.
  virtual std::vector<Check> own_checks(const Metric& deciding) const = 0;

 private:
  Task task(std::vector<std::size_t> learn, std::vector<std::size_t> ask) const;

  DataSet data_;
  TableInputs inputs_;
  std::vector<std::size_t> groups_;
  Facts facts_;
};

/// What a study of a table may be decided by: of classes, then of numbers.
std::vector<Metric> deciding_table_metrics();

/// The problem that a table poses: of classes, or of numbers.
std::unique_ptr<TableProblem> table_problem(DataSet data, const TableInputs& inputs);

}  // namespace qupel
