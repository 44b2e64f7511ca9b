#include <bit>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "qupel/problem/tabular/features.h"

namespace qupel {
namespace {

/// Equal for values that count as equal: all NaN, and both zeros.
std::uint64_t bits_of(double value) {
  if (std::isnan(value)) return ~std::uint64_t{0};
  return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
}

/// The used cells of a row as integers, which are equal if the cells are.
class RowKeys {
 public:
  explicit RowKeys(const Table& table) {
    for (const auto& column : table.columns)
      if (column.used) columns_.push_back(&column);
  }

  std::uint64_t hash(std::size_t row) const {
    std::uint64_t hash = 0;
    for (const auto* column : columns_) {
      hash = (hash ^ cell(*column, row)) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    }
    return hash;
  }

  bool equal(std::size_t a, std::size_t b) const {
    for (const auto* column : columns_)
      if (cell(*column, a) != cell(*column, b)) return false;
    return true;
  }

 private:
  static std::uint64_t cell(const Column& column, std::size_t row) {
    return column.codes.empty() ? bits_of(column.numbers[row])
                                : static_cast<std::uint64_t>(column.codes[row]);
  }
  std::vector<const Column*> columns_;
};

}  // namespace

std::vector<std::size_t> duplicate_groups(const DataSet& data) {
  const RowKeys keys(data.table);
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> firsts;  // by hash: the first row of each group
  std::vector<std::size_t> group(data.rows());
  for (std::size_t row = 0; row < group.size(); ++row) {
    auto& candidates = firsts[keys.hash(row)];
    group[row] = row;
    for (const auto first : candidates)
      if (keys.equal(first, row)) group[row] = first;
    if (group[row] == row) candidates.push_back(row);
  }
  return group;
}

}  // namespace qupel
