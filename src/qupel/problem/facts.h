#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "qupel/problem/tabular/table.h"

namespace qupel {

/// What a record and a report say of a problem.
struct Facts {
  std::string name;          ///< a short one, for files and titles
  std::string source;        ///< as given by the user
  std::string target;        ///< what is asked for
  std::string summary = {};  ///< of what is no table: "16 nodes, 24 edges; 16 qubits"; "": of a table
  std::string data_hash;     ///< SHA-256 of the data
  std::size_t rows = 0, rows_read = 0;
  std::size_t columns = 0, prepared_columns = 0, features = 0;
  std::vector<std::string> classes;  ///< of a classification
  std::vector<std::size_t> class_counts;
  std::vector<Column> columns_seen;  ///< names and types only (no cells)
  std::vector<Finding> findings;
  /// Numbers that are asked for: smallest, largest, mean, standard deviation; none for classes.
  std::vector<double> target_range = {};
};

}  // namespace qupel
