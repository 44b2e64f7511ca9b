#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/table.h"

namespace qupel {

/// A table with a classification target.
struct TabularProblem {
  std::string name;                    ///< file stem or data set name
  std::string source;                  ///< as given by the user
  std::string target;
  std::vector<std::string> classes;    ///< sorted labels as text
  std::vector<int> labels;             ///< one a row, index into classes
  Table table;                         ///< feature columns only (the target removed); rows = labels.size()
  std::string data_hash;               ///< SHA-256 of the bytes read
  std::size_t rows_read = 0;           ///< before rows were dropped or drawn
  std::vector<std::size_t> test_rows;  ///< a fixed test set (reference benchmark); empty: the protocol splits
};

struct TabularOptions {
  std::string target;                  ///< column name; "" is an error that lists the columns
  std::vector<std::string> drop;       ///< columns to leave out
  std::size_t max_rows = 0;            ///< 0: all; else a stratified draw keyed by seed
  std::uint64_t seed = 0;
};

/// Reads a delimited text file. @throws InputError (see parse_csv), unknown target (nearest name), one class only,
/// fewer than 10 rows, a continuous target (regression is not supported yet: says so), infinite values,
/// more than 50 classes, a class with fewer than 2 rows is dropped with a Finding
TabularProblem read_tabular(const std::filesystem::path& file, const TabularOptions& options);
/// The same from bytes already in memory.
TabularProblem tabular_from_bytes(std::string_view bytes, std::string_view source, const TabularOptions& options);

/// An embedded data set or a generator of the reference benchmark.
struct DataSetSpec {
  std::string name;                    ///< "breast-cancer", "linearly-separable-10d", ...
  std::string summary;
  std::string source, licence;
  std::size_t rows = 0, features = 0;
  int classes = 0;
  std::string target;                  ///< name of the target column
};
const std::vector<DataSetSpec>& data_sets();
/// @throws InputError naming the nearest data set. options.target is ignored if empty.
TabularProblem load_data_set(std::string_view name, const TabularOptions& options);

/// Columns to a numeric matrix, fitted on some rows only: median imputation with a 0/1 column "missing" when the
/// training rows miss any, one-hot for the levels seen in the training rows (others: all zero), then standardisation.
class Preparation {
 public:
  static Preparation fit(const TabularProblem& problem, std::span<const std::size_t> rows);
  Matrix<double> apply(const TabularProblem& problem, std::span<const std::size_t> rows) const;
  const std::vector<std::string>& names() const { return names_; }   ///< one a prepared column

 private:
  struct Numeric { std::size_t column; double median, mean, deviation; bool indicator; double indicator_mean, indicator_deviation; };
  struct OneHot { std::size_t column; std::vector<int> levels; std::vector<double> mean, deviation; };
  std::vector<Numeric> numeric_;
  std::vector<OneHot> one_hot_;
  std::vector<std::string> names_;
};

enum class Reduction { pca, select, none };
Reduction reduction(std::string_view name);
std::string_view to_string(Reduction reduction);

/// Prepared columns to `features` columns (PCA by variance, or the highest ANOVA F of the training labels), then
/// min-max to [-1, 1] on the fitted rows; applied rows are clipped to [-1.5, 1.5].
class Reducer {
 public:
  /// @param features at most prepared.columns(); more is reduced to that
  static Reducer fit(Reduction method, int features, const Matrix<double>& prepared, std::span<const int> labels,
                     int classes);
  Matrix<double> apply(const Matrix<double>& prepared) const;

 private:
  Matrix<double> projection_;          // features x prepared columns
  std::vector<double> low_, high_;
};

}  // namespace qupel
