#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"
#include "qupel/encode/encoding.h"
#include "qupel/execute/executor.h"

// What competes on a problem. A contender is one record: its family, its hyperparameters with the values that
// a tuned fit may try, and a function that fits it.
namespace qupel {

enum class Family { quantum, classical, quantum_inspired };
std::string_view to_string(Family family);  ///< "quantum", "classical", "quantum-inspired"

using Setting = std::variant<double, std::string>;
using Settings = std::map<std::string, Setting>;
std::string to_string(const Setting& setting);

/// One hyperparameter: the values a search may try, the first being the default.
/// The numbers that a hyperparameter may be: above `low` (or from it on, if it is included) up to `high`.
struct Range {
  double low = 0, high = 1e6;
  bool with_low = false, whole = false;
  bool holds(double value) const;
};
std::string to_string(const Range& range);  ///< "a number above 0, up to 1000000"
inline constexpr Range zero_too{.with_low = true};
constexpr Range whole(double most) { return {.low = 1, .high = most, .with_low = true, .whole = true}; }
constexpr Range up_to(double most) { return {.high = most}; }

struct HyperParameter {
  std::string name;
  std::string summary;
  std::vector<Setting> values;
  Range range = {};  ///< of numbers
  /// In a search every value of a covered hyperparameter meets every value of the other covered ones at least
  /// once.
  bool cover = false;
};

/// Which representation of the rows a contender is fitted on.
enum class Inputs {
  all,      ///< every prepared column, standardised (mean 0, variance 1 on the training rows)
  reduced,  ///< a few columns (PCA or selection fitted on the training rows), min-max scaled to [-1, 1] on
            ///< the training rows (test rows may lie a little outside: clipped to [-1.5, 1.5])
};

/// Rows with labels 0 .. classes-1.
struct Samples {
  const Matrix<double>& x;
  std::span<const int> y;
  int classes;
};

struct FitContext {
  std::uint64_t seed = 0;
  Executor* executor = nullptr;  ///< never null; classical contenders charge only its ledger's seconds
  double effort = 1;             ///< multiplies training step limits (budget)
  /// Whether the fit only ranks settings in a search: a circuit is trained from fewer starts.
  bool for_search = false;
  /// Whether probabilities are read. If only labels or the order of two classes are, a support-vector machine
  /// stops earlier and leaves probabilities uncalibrated, which takes most of its time.
  bool calibrated = true;
  /// Whether classes count alike in the score: a support-vector machine then weighs errors by 1 / class share
  /// (few rare rows would all lie at the bound, where held-out decision values say little).
  bool balanced = false;
};

/// A prediction for each row.
struct Prediction {
  std::vector<int> labels;
  Matrix<double> probabilities;  ///< rows x classes; each row sums to 1
};

/// How a fit ended.
struct FitInfo {
  bool converged = true;
  std::string reason;  ///< the rule that ended it
  std::size_t steps = 0;
  std::vector<double> losses;  ///< training loss by step, thinned to at most 200 points
  long parameters = 0;         ///< trainable parameters (support vectors, trees' leaves, weights, angles)
};

class Fitted {
 public:
  virtual ~Fitted() = default;
  virtual Prediction predict(const Matrix<double>& x, const FitContext& context) const = 0;
  /// The same model evaluated with `shots` measurements a circuit; empty if it runs no circuit.
  virtual std::optional<Prediction> predict_with_shots(const Matrix<double>& /*x*/, std::size_t /*shots*/,
                                                       const FitContext& /*context*/) const {
    return std::nullopt;
  }
  virtual FitInfo info() const = 0;
};

/// An encoding with its options.
struct ChosenEncoding {
  const EncodingSpec* spec;
  EncodingOptions options;
};

struct ContenderSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;  ///< paper or library
  Family family = Family::classical;
  Inputs inputs = Inputs::all;
  std::vector<HyperParameter> hyperparameters;
  std::function<std::unique_ptr<Fitted>(const Samples&, const Settings&, const FitContext&)> fit;
  /// The circuit for `features` reduced features, as drawn and costed; null for a contender without one.
  std::function<Circuit(int features, int classes, const Settings&)> circuit;
  std::string_view twin;  ///< of a quantum contender: the name of its separable twin
  /// How a circuit with these settings encodes its rows; null if it does so by no registered encoding.
  std::function<ChosenEncoding(const Settings&)> encoding = nullptr;
  std::size_t most_columns = 0;  ///< that it can be fitted on; 0: any number
};

/// Whether the contender has a hyperparameter of that name.
bool has_hyperparameter(const ContenderSpec& spec, std::string_view name);

/// The value of a setting, or the hyperparameter's default. @throws InputError if it has the wrong type
double number(const ContenderSpec& spec, const Settings& settings, std::string_view name);
std::string text(const ContenderSpec& spec, const Settings& settings, std::string_view name);

/// A setting that counts something. @throws InputError unless it is a whole number from 1 to 10^6
int count(const ContenderSpec& spec, const Settings& settings, std::string_view name);

/// The contenders of this layer (quantum ones and their separable twins). baseline/contenders.h has all of
/// them.
std::span<const ContenderSpec* const> circuit_contenders();

}  // namespace qupel
