#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qupel/base/archive.h"
#include "qupel/base/matrix.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// A table and its target column, which is kept apart: a class or a number for each row.
struct DataSet {
  std::string name;    ///< file stem or data set name
  std::string source;  ///< as given by the user
  std::string target;
  std::vector<std::string> classes;  ///< sorted labels as text; empty if the target holds numbers
  std::vector<int> labels;           ///< one a row, index into classes; empty if the target holds numbers
  std::vector<double> targets = {};  ///< one a row if the target holds numbers; else empty
  std::vector<int> fifths = {};      ///< one a row if the target holds numbers: see set_fifths(); else empty
  Table table;                       ///< feature columns only (the target removed)
  std::string data_hash;             ///< SHA-256 of the bytes read
  std::size_t rows_read = 0;         ///< before rows were dropped or drawn
  std::vector<std::size_t> test_rows;  ///< a fixed test set (reference benchmark); empty: the protocol splits

  bool holds_numbers() const { return !targets.empty(); }
  std::size_t rows() const { return holds_numbers() ? targets.size() : labels.size(); }
  /// What folds and draws are stratified by, one a row: the classes, or the fifths of the numbers.
  const std::vector<int>& strata() const { return holds_numbers() ? fifths : labels; }
  std::size_t strata_count() const;
};

/// What is asked about a row.
enum class TableTask {
  automatic,  ///< by the target's cells: see read_target()
  classification,
  regression,
};
TableTask table_task(std::string_view name);  ///< "auto", "classification", "regression". @throws InputError
std::string_view to_string(TableTask task);

struct DataSetOptions {
  std::string target;  ///< column name; "" is an error that lists the columns
  TableTask task = TableTask::automatic;
  std::vector<std::string> drop = {};  ///< columns to leave out
  std::size_t max_rows = 0;            ///< 0: all; else a stratified draw keyed by seed
  std::uint64_t seed = 0;
};

/// Reads a delimited text file. @throws InputError (see parse_table), unknown target (nearest name), one
/// class or one number only, fewer than 10 rows, infinite values, more than 50 classes, text among numbers
/// that are asked for, a class with fewer than 2 rows is dropped with a Finding
DataSet read_data_set(const std::filesystem::path& file, const DataSetOptions& options);
/// The same from bytes already in memory.
DataSet data_set_from_bytes(std::string_view bytes, std::string_view source, const DataSetOptions& options);

/// Whether a file's target holds numbers, not classes, where nothing says what is asked; false if the file or
/// the target cannot be read, which reading it as a data set says.
bool target_holds_numbers(const std::filesystem::path& file, const std::string& target);

/// Limits of a classification problem.
constexpr std::size_t min_rows = 10;
constexpr std::size_t max_classes = 50;

/// An embedded data set (problem/data), a generator of the reference benchmark, or a table with a planted
/// rule.
struct DataSetSpec {
  std::string name;  ///< "breast-cancer", "linearly-separable-10d", ...
  std::string summary;
  std::string source, licence;
  std::size_t rows = 0, features = 0;
  int classes = 0;     ///< 0: a number is asked for
  std::string target;  ///< name of the target column
};
const std::vector<DataSetSpec>& data_sets();
/// @throws InputError naming the nearest data set. options.target is ignored if empty.
DataSet load_data_set(std::string_view name, const DataSetOptions& options);

/// Whether prepared columns are standardised to mean 0 and variance 1 on the training rows, or left as they
/// are.
enum class Scaling { standard, none };

/// Columns to a numeric matrix, fitted on some rows only: median imputation with a 0/1 column "missing" when
/// the training rows miss any, one-hot for the levels seen in the training rows (the max_levels most
/// frequent; others: all zero), then standardisation. A column that does not vary on the training rows
/// becomes 0 when standardised.
class Preparation {
 public:
  static Preparation fit(const DataSet& problem, std::span<const std::size_t> rows,
                         Scaling scaling = Scaling::standard);
  Matrix<double> apply(const DataSet& problem, std::span<const std::size_t> rows) const;
  /// One a prepared column: "age", "age missing", "colour = red".
  const std::vector<std::string>& names() const { return names_; }

  void save(Archive& archive) const;
  /// @param columns that it was fitted on. @throws InputError if it does not fit them
  static Preparation load(const Archive& saved, const std::vector<Column>& columns);

 private:
  /// Where the values of one prepared column come from.
  struct Source {
    enum class Kind { value, missing, level } kind;
    std::size_t column;
    double median = 0;  ///< value: what stands for a missing one
    int level = 0;      ///< level: the code that becomes 1
    double factor = 1, shift = 0;
  };
  static double read(const Source& source, const Column& column, std::size_t row);
  void add(Source source, std::string name);
  static void fit_scale(Source& source, const Column& column, std::span<const std::size_t> rows);

  std::vector<Source> sources_;
  double limit_ = std::numeric_limits<double>::max();  ///< of a standardised value's magnitude
  std::vector<std::string> names_;
};

enum class Reduction { pca, select, none };
Reduction reduction(std::string_view name);  ///< @throws InputError naming the nearest
std::string_view to_string(Reduction reduction);

/// How reduced columns are brought to [-1, 1].
enum class Scale {
  range,   ///< the smallest and the largest value of the fitted rows become -1 and 1
  robust,  ///< the 2.5 % and 97.5 % quantiles become -0.95 and 0.95: few outlying cells change little
  angle,   ///< none: radians over pi (angles())
};
Scale scale(std::string_view name);  ///< @throws InputError naming the nearest
std::string_view to_string(Scale scale);

/// Columns of radians for circuits, half a turn a unit: x / pi - 1 for a column without a value below 0 in
/// the fitted rows (its domain is [0, 2 pi]), x / pi else; clipped to [-1.5, 1.5].
Matrix<double> angles(const Matrix<double>& fitted, const Matrix<double>& radians);

/// Prepared columns to `features` columns (PCA by variance, or the highest ANOVA F of the training labels),
/// then to [-1, 1] on the fitted rows; applied rows are clipped to [-1.5, 1.5]. A column without range
/// becomes 0.
class Reducer {
 public:
  /// @param features at most prepared.columns(); more is reduced to that; `none` keeps all columns
  static Reducer fit(Reduction method, int features, const Matrix<double>& prepared,
                     std::span<const int> labels, int classes);
  /// @param scale range or robust
  Matrix<double> apply(const Matrix<double>& prepared, Scale scale = Scale::range) const;

  void save(Archive& archive) const;
  /// @param columns prepared ones that it takes
  static Reducer load(const Archive& saved, std::size_t columns);

 private:
  /// The values of a column that become -1 and 1.
  struct Ends {
    double low, high;
  };
  Matrix<double> project(const Matrix<double>& prepared) const;

  std::vector<std::size_t> selected_;  ///< columns that are kept, if projection_ is empty
  Matrix<double> projection_;          ///< features x prepared columns
  std::vector<Ends> range_, robust_;
};

}  // namespace qupel
