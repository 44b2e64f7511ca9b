#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/precision.h"
#include "qupel/contend/catalogue.h"
#include "qupel/contend/external.h"
#include "qupel/problem/kind.h"
#include "qupel/problem/problem.h"
#include "qupel/problem/tabular/table_problem.h"
#include "qupel/study/devices.h"

// A study is a declared comparison: its text is fixed, and hashed, before the first result.
namespace qupel {

/// The widest circuits of a study, and so the most columns that a reduction may leave.
constexpr int max_qubits = 16;

/// A contender as a study enters it: which record, on which inputs, with which values to choose from.
struct Entry {
  std::string name;  ///< unique in the study, for example "svm-rbf" or "svm-rbf@reduced"
  Catalogue::Record record;
  Inputs inputs = Inputs::all;
  std::map<std::string, std::vector<Setting>>
      space;                              ///< overrides of the record's values; one value fixes a setting
  std::optional<External> external = {};  ///< of a contender that is a program of the user's own

  const Contender& contender() const { return *record; }
  friend bool operator==(const Entry& a, const Entry& b) {
    return std::tie(a.name, a.record->name, a.record->family, a.inputs, a.space, a.external) ==
           std::tie(b.name, b.record->name, b.record->family, b.inputs, b.space, b.external);
  }
};

/// Where a study file sets its keys, "study.toml:4: [data] target", for errors that only the data show. It is
/// no part of the study: any two are equal.
struct Places : std::map<std::string, std::string, std::less<>> {
  friend bool operator==(const Places&, const Places&) { return true; }
};

struct StudySpec {
  std::string name = "study";
  std::uint64_t seed = 0;

  /// Of problem_kinds(), in a [problem] table; "": a table of rows and columns, in [data]. What else a table
  /// has, from `target` to `max_rows` and [inputs], other kinds do not.
  std::string kind;
  ProblemOptions options;             ///< of a kind
  std::vector<std::string> left_out;  ///< contenders that cannot solve it, each with the reason

  /// Of a table exactly one is set; a relative file is relative to the study file.
  std::string file, data_set;
  std::string target;
  TableTask task = TableTask::automatic;  ///< what is asked of the target
  std::vector<std::string> drop;
  std::size_t max_rows = 0;  ///< 0: all

  Protocol protocol = Protocol::nested;
  int outer_folds = 5, repeats = 2, inner_folds = 3;
  int configurations = 8;           ///< tried by every contender in every training set
  std::string metric = "accuracy";  ///< or balanced-accuracy, roc-auc: what tuning and the verdict look at
  double rope = 0.01;  ///< region of practical equivalence, in units of the metric's spread (Metric)
  int look = 1;  ///< which look at these rows this is; more repeats after a look are the next (verdict.h)

  Reduction reduction = Reduction::pca;
  int features = 4;                  ///< columns after the reduction: what fits the qubits
  std::string scaling = "standard";  ///< of inputs "all"; or "none": as they are (reference benchmark)

  Precision precision = Precision::single;
  std::size_t shots = 1000;  ///< of the evaluation with finite shots; 0: leave it out
  double effort = 1;         ///< multiplies the contenders' step limits
  /// On which quantum contenders answer besides, with `shots`; the verdict is about the first one.
  std::vector<DeviceEntry> devices;
  /// Whether models are trained once more, with the settings chosen, under each device's noise.
  bool train_on_devices = false;
  std::vector<std::string> mitigate;  ///< error mitigation on them, composed (mitigate/mitigation.h)

  std::vector<Entry> entries;
  Places places;  ///< empty if no file was read
  friend bool operator==(const StudySpec&, const StudySpec&) = default;
};

/// Reads a study file. @throws InputError with `source:line: [table] key` for unknown keys (nearest name),
/// wrong types, impossible values, missing data, unknown contenders, data sets, settings or metrics; and for
/// a file that names several data sets (collection.h)
StudySpec parse_study(std::string_view toml, std::string_view source, const Catalogue& catalogue);

/// The study file with every choice explicit; parse_study(to_toml(spec)) == spec.
std::string to_toml(const StudySpec& spec);

/// What the study's data are called: the built-in data set, or the table's file without folder and ending.
std::string data_set_name(const StudySpec& spec);

/// Reads the data that a study names. @throws InputError, SettingError
DataSet load_table(const StudySpec& spec);
/// The problem that the study poses on them.
std::unique_ptr<Problem> load_problem(const StudySpec& spec);
/// How a table's rows become the inputs that a study asks for.
TableInputs table_inputs(const StudySpec& spec);
Splitting splitting_of(const StudySpec& spec);

/// The error with the place in the study file that caused it.
InputError placed(const StudySpec& spec, const SettingError& error);

/// SHA-256 over everything that can change a result: the canonical study text, the data's hash, and what the
/// files hold that the commands of external contenders name.
std::string study_hash(const StudySpec& spec, const std::string& data_hash);

enum class Budget { small, default_, large };
Budget budget(std::string_view name);  ///< @throws InputError
/// The most that a budget spends on a table of two classes: "400 rows, ...".
std::string describe(Budget budget);

/// The study that an audit runs when nothing is configured: sizes follow from the table's shape by fixed
/// rules (never from measured time), so that the same table gives the same study everywhere.
/// @param task as it was asked for
StudySpec audit_study(const DataSet& problem, Budget budget, std::uint64_t seed, const Catalogue& catalogue,
                      TableTask task = TableTask::automatic);

/// The study of another kind of problem than a table, with nothing configured: all contenders that solve it
/// and do not refuse its first unit.
StudySpec audit_study(const ProblemKind& kind, const std::string& file, const ProblemOptions& options,
                      const Problem& problem, Budget budget, std::uint64_t seed, const Catalogue& catalogue);

}  // namespace qupel
