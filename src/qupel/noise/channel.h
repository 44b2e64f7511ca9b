#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/op_spec.h"

// Noise channels, one record each; the parser, engines and listings are derived from it.
namespace qupel {

struct ChannelParameter {
  std::string_view name, summary;
  double low = 0, high = 1;  ///< both allowed
};

struct ChannelSpec {
  std::string_view name;
  std::string_view summary;  ///< one line of help
  std::string_view source;
  int qubits = 1;  ///< 1: acts on each qubit of an operation; 0: on all of them together
  std::vector<ChannelParameter> parameters;
  /// Whether the last parameter is a time that may be left out: it then is how long the operation lasts that
  /// the channel follows, or how long a qubit waits.
  bool timed = false;
  std::string_view alias = {};  ///< a second name that is read
  /// The operators K of rho -> sum K rho K^dagger on so many qubits, first qubit lowest.
  std::vector<Matrix<Complex>> (*kraus)(std::span<const double> parameters, int qubits) = nullptr;
  /// What a set of parameters, each in its range, breaks all the same; null: nothing can be broken.
  std::string (*problem)(std::span<const double> parameters) = nullptr;
};

/// All channels. Adding one: a record in its group in noise/channels/.
std::span<const ChannelSpec* const> channels();

/// @throws InputError naming the nearest channel
const ChannelSpec& channel(std::string_view name);

/// A channel with its parameters.
struct Channel {
  const ChannelSpec* spec = nullptr;
  std::vector<double> parameters;
  friend bool operator==(const Channel&, const Channel&) = default;
};

/// @throws InputError for a wrong number of parameters, or one out of range
void check(const Channel& channel);

/// The channel in the Pauli basis: entry (i, j) = tr(P_i channel(P_j)) / 2^k, real and 4^k square for k
/// qubits. Digit q of an index, base 4, is the letter I, X, Y, Z of qubit q (Greenbaum, arXiv:1509.02921).
Matrix<double> transfer_matrix(std::span<const Matrix<Complex>> kraus);
/// The same matrix with exact zeros and ones where rounding left almost that: these cost nothing to apply.
Matrix<double> cleaned(Matrix<double> transfer);

}  // namespace qupel
