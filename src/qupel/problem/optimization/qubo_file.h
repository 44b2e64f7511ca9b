#pragma once
#include <string_view>

#include "qupel/problem/optimization/qubo.h"

namespace qupel {

struct QuboFile {
  Qubo qubo;  ///< to be made small, whatever the file's sense
  bool maximised = false;
};

inline constexpr std::size_t most_variables = 20'000;

/// Reads
/// - {"variables": ["a", "b"], "linear": {"a": 1}, "quadratic": [["a", "b", -2]], "constant": 0, "sense":
///   "min"}: everything but "quadratic" may be left out; variables may be named by their number too;
/// - {"Q": [[1, -2], [0, 1]]}: energy = sum_ij Q_ij x_i x_j.
/// "vartype": "SPIN" means variables -1 and 1, which become 2 x - 1.
/// @throws InputError with file and field
QuboFile read_qubo_json(std::string_view text, std::string_view source);

/// Reads lines "i j weight" with variables from 0 on, i = j for linear terms: the coordinate format of dimod
/// ("# vartype=SPIN" in a comment says that variables are -1 and 1) and of qbsolv ("p qubo 0 N ...").
/// @throws InputError with file and line
QuboFile read_qubo_coo(std::string_view text, std::string_view source);

}  // namespace qupel
