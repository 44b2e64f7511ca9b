#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"
#include "qupel/study/spec.h"
#include "qupel/study/statistics.h"

// A collection is the same study on several data sets: an ordinary study each, and above
// them the tests on ranks of Demsar 2006, "Statistical comparisons of classifiers over
// multiple data sets" (docs/statistics.md).
namespace qupel {

struct CollectionSpec {
  std::string name;
  /// Alike in all but data and name ("<collection>-<data set>"); one alone is a study under its own name.
  std::vector<StudySpec> members;
  friend bool operator==(const CollectionSpec&, const CollectionSpec&) = default;
};

/// Reads a study file that names its data in [data] (one member) or in several [[data]].
/// @throws InputError as parse_study; also for a data set that stands
/// twice, and for fewer than two contenders
CollectionSpec parse_collection(std::string_view toml, std::string_view source, const Catalogue& catalogue);
CollectionSpec read_collection(const std::filesystem::path& file, const Catalogue& catalogue);

/// The file with every choice explicit; parse_collection(to_toml(spec)) == spec.
std::string to_toml(const CollectionSpec& spec);

/// Reads the data of all members. @throws InputError naming the data set if it cannot be read, if the study
/// cannot run on it (require_runnable), or if it holds the same bytes as another one
std::vector<std::unique_ptr<Problem>> load_problems(const CollectionSpec& spec);

/// SHA-256 over the members' study hashes. @param problems one a member
std::string study_hash(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems);

/// What one member found.
struct DataSetResult {
  std::string name;  ///< data_set_name()
  std::string run;   ///< folder of its run, beside the collection's
  std::string study_hash, data_hash, results_hash;
  std::size_t rows = 0, columns = 0, classes = 0;
  Metric metric;  ///< the study's, as this data set has it: its spread and unit
  Verdict verdict = Verdict::inconclusive;
  std::string reason;
  std::vector<Check> refused;  ///< checks that refuse it a verdict
};

/// One contender over all data sets, in their order.
struct RankedContender {
  std::string name, contender;
  Family family = Family::classical;
  Inputs inputs = Inputs::all;
  std::vector<double> scores;  ///< mean of the study's metric, in each data set's unit
  std::vector<double> ranks;   ///< 1 = best; ties share their mean rank
  double mean_rank = 0;
};

struct CollectionResult {
  std::string run;  ///< directory
  std::string name, study_toml, study_hash, version;
  std::uint64_t seed = 0;
  std::string protocol, metric;
  double rope = 0.01;  ///< in units of metric_of(result)

  std::vector<DataSetResult> data_sets;
  std::vector<RankedContender> contenders;                               ///< in the study's order
  double chi2 = 0, p_chi2 = 1, f = 0, p_f = 1, critical_difference = 0;  ///< as in Friedman
  /// Each quantum contender against the best classical side, chosen in each training set of each data set:
  /// one difference a data set, divided by the metric's spread there (1 for shares). p values by Wilcoxon's
  /// signed rank with Holm over the quantum contenders, probabilities by the Bayesian signed rank test, the
  /// interval by the t distribution over data sets.
  std::vector<Comparison> comparisons;
  /// Neighbours in mean rank that do not differ significantly, best first: all contenders if Friedman's test
  /// does not reject, else those closer than the critical difference; a contender may stand in several.
  std::vector<std::vector<std::string>> groups;
  Verdict verdict = Verdict::inconclusive;
  std::string reason;  ///< one sentence

  std::string results_hash;  ///< SHA-256 over the members' results hashes
  double seconds = 0;        ///< wall clock of all members
};

/// Below this many data sets no verdict is given: of two contenders not even one that wins on all five
/// differs from the other by an exact sign test (p = 2/2^5 = 0.06).
constexpr std::size_t fewest_data_sets = 6;
/// The level of Friedman's test, in the form of Iman and Davenport; the critical difference is at 0.05 too.
/// Ranks describe; the verdict rests on pairs, which do not depend on who else takes part (Benavoli, Corani
/// and Mangili 2016, JMLR 17).
constexpr double rank_test_level = 0.05;

/// The whole collection. @param members what run_study gave for each member, in order
///
/// The verdict needs no refused check in any member and six independent data sets (generated ones of one
/// family are not). Then, over the data sets:
///  - quantum better: for a quantum contender the Bayesian signed rank test gives >= 0.95 for a lead beyond
///    the rope, Wilcoxon's p is below 0.05 after Holm, and its mean lead is beyond the rope;
///  - classical better, equivalent, no advantage: as for one data set, from the same probabilities, each
///    about all quantum contenders;
///  - inconclusive otherwise; the reason says why.
CollectionResult summarise_collection(const CollectionSpec& spec, const std::vector<StudyResult>& members);

/// What leads over the data sets are counted in: the study's metric, or multiples of its spread where the
/// data sets have spreads or units of their own (errors of different targets).
Metric metric_of(const CollectionResult& result);
/// Whether leads are multiples of each data set's spread.
bool in_spreads(const CollectionResult& result);

/// Contenders by mean rank, best first.
std::vector<const RankedContender*> by_rank(const CollectionResult& result);

std::string to_json(const CollectionResult& result);
CollectionResult collection_result_from_json(std::string_view json);

/// The JSON object that `run` and `replay` print for a collection (cli/schema/collection.json describes it).
std::string summary_json(const CollectionResult& result, const std::vector<StudyResult>& members,
                         std::optional<bool> replayed = std::nullopt);

}  // namespace qupel
