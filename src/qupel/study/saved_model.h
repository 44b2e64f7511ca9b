#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/column_reader.h"
#include "qupel/problem/tabular/row_preparation.h"
#include "qupel/study/trial.h"

// A fitted contender with all that stands between a table and its answers: one file, which another machine
// answers from with the same bits (docs/models.md).
namespace qupel {

struct Prediction {
  Answer answer;                   ///< one a row
  std::vector<std::string> notes;  ///< about the table, NewRows::notes
};

class SavedModel {
 public:
  /// Fits an entry on all rows of the study's data.
  /// @param chosen nothing: it is tuned by the study's inner search on all rows
  /// @param version of the program
  /// @throws InputError for a contender that cannot be saved, or if the fit fails
  static SavedModel fit(const StudySpec& spec, const TableProblem& problem, const Entry& entry,
                        const std::optional<ChosenSettings>& chosen, std::string version);

  /// Answers for the rows of a delimited text. @throws InputError by the rules of ColumnReader
  Prediction predict(std::string_view table, std::string_view source) const;

  std::string bytes() const;
  /// @throws InputError for anything but what bytes() gave, and for a contender that the catalogue misses
  static SavedModel from_bytes(std::string_view bytes, std::string_view source, const Catalogue& catalogue);

  const std::string& name() const { return entry_.name; }  ///< of the entry
  const std::string& target() const { return target_; }
  const std::string& task() const { return task_; }                     ///< "classification" or "regression"
  const std::vector<std::string>& classes() const { return classes_; }  ///< none for numbers
  const ChosenSettings& choice() const { return choice_; }
  FitInfo info() const { return model_->info(); }
  std::size_t rows() const { return rows_; }  ///< that it was fitted on

 private:
  explicit SavedModel(Precision precision)
      : precision_(precision), executor_(std::make_unique<Executor>(precision)) {}
  FitContext context() const;
  void require_fitting(const Answer& answer, std::size_t rows) const;

  Precision precision_;
  std::unique_ptr<Executor> executor_;
  Entry entry_;
  ChosenSettings choice_;
  std::string task_, target_, source_, study_, study_hash_, version_;
  std::uint64_t seed_ = 0;
  std::size_t rows_ = 0;
  std::vector<std::string> classes_;
  std::vector<double> shares_;  ///< of the classes in training
  ColumnReader columns_;
  RowPreparation preparation_;
  std::unique_ptr<Fitted> model_;
};

}  // namespace qupel
