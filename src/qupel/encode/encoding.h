#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"

// Classical data to circuit. An encoding maps a row x of real features to slot values (a classical map, for
// example products x_i x_j) and those slots to gates.
namespace qupel {

/// Which pairs of qubits are entangled.
enum class Entanglement { none, linear, ring, full };
Entanglement entanglement(std::string_view name);  ///< @throws InputError naming the nearest
std::string_view to_string(Entanglement entanglement);
/// The pairs (i, j), i != j, of `qubits` qubits, without repetition, in rounds of disjoint pairs so that
/// gates on them in this order are as shallow as possible: linear and ring even pairs first (2 rounds, 3 for
/// an odd ring), full by the circle method of round-robin tournaments (qubits - 1 rounds, one more if odd).
std::vector<std::pair<int, int>> pairs(Entanglement entanglement, int qubits);

struct EncodingOptions {
  int repeats = 1;                          ///< of the whole encoding, at least 1; amplitude has no repeats
  Entanglement pairs = Entanglement::full;  ///< none: the separable twin; angle encodings have no pairs
  double pair_bandwidth = 1;                ///< factor on the slots of pairs (iqp-full, iqp-legacy, zz-map)
  int start = 1;                            ///< which of the start states, at least 1 (heisenberg)
};

/// What an encoding costs for a number of features, from formulas, before anything runs.
struct EncodingCost {
  int qubits = 0;
  std::map<std::string, long> gates;  ///< by operation name
  long depth = 0;
  long two_qubit = 0;
};

/// One encoding. All functions but map() @throw InputError unless there are 1 to 32768 features, repeats >= 1
/// and start >= 1.
struct EncodingSpec {
  std::string_view name;
  std::string_view summary;  ///< one line with the formula
  std::string_view source;   ///< paper
  int (*qubits)(int features);
  int (*slots)(int features, const EncodingOptions&);
  /// The classical map of one row; writes slots(...) values.
  void (*map)(std::span<const double> row, const EncodingOptions&, std::span<double> slots);
  Circuit (*circuit)(int features, const EncodingOptions&);
  EncodingCost (*cost)(int features, const EncodingOptions&);
  /// Added to features in [-1, 1] before the bandwidth, so that they lie where the map is defined: 1 for
  /// features in [0, 2 bandwidth]. Models add it; encode_rows() and map() do not.
  double shift = 0;
  bool starts = false;  ///< whether EncodingOptions::start matters
};

/// angle-x, angle-y, angle-z, amplitude, amplitude-affine, iqp-full, iqp-legacy, zz-map, heisenberg,
/// benchmark-separable (re-uploading is a model: encoding and trainable layers alternate).
std::span<const EncodingSpec* const> encodings();
const EncodingSpec& encoding(std::string_view name);  ///< @throws InputError naming the nearest

/// The slot values of every row of x, scaled by `bandwidth` first: rows x slots. Amplitudes are normalised,
/// so the bandwidth does not change them (it does change those of amplitude-affine). @throws InputError for a
/// value that is not finite, with its row and column
Matrix<double> encode_rows(const EncodingSpec& spec, const EncodingOptions& options, const Matrix<double>& x,
                           double bandwidth);

}  // namespace qupel
