#include "qupel/engine/rotations/frame.h"

#include <algorithm>

namespace qupel::rotations {
namespace {

// A as rows: bit j of row i is bit i of column j.
std::vector<Mask> transpose(std::span<const Mask> columns) {
  std::vector<Mask> rows(columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) rows[i] |= ((columns[j] >> i) & 1) << j;
  }
  return rows;
}

Mask sum(std::span<const Mask> columns, Mask chosen) {
  Mask total = 0;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if ((chosen >> j) & 1) total ^= columns[j];
  }
  return total;
}

// Columns of the inverse, by looking up where each unit vector comes from; maps here are on a few bits.
std::vector<Mask> inverse(std::span<const Mask> columns) {
  std::vector<Mask> result(columns.size());
  for (Mask l = 0; l < Mask{1} << columns.size(); ++l) {
    const Mask image = sum(columns, l);
    if (std::has_single_bit(image)) result[static_cast<std::size_t>(std::countr_zero(image))] = l;
  }
  return result;
}

}  // namespace

AffineMap AffineMap::from_table(std::span<const Mask> image) {
  AffineMap map{.columns = {}, .offset = image[0]};
  for (std::size_t bit = 1; bit < image.size(); bit *= 2) map.columns.push_back(image[bit] ^ image[0]);
  for (Mask l = 0; l < image.size(); ++l) {
    if ((sum(map.columns, l) ^ map.offset) != image[l]) return {};
  }
  std::vector<Mask> reached(image.begin(), image.end());
  std::ranges::sort(reached);
  const bool invertible = std::ranges::adjacent_find(reached) == reached.end();
  return invertible ? map : AffineMap{};
}

Frame::Frame(int qubits) {
  for (int q = 0; q < qubits; ++q) columns_.push_back(Mask{1} << q);
  rows_ = columns_;
}

Mask Frame::index(Mask basis_state) const { return offset_ ^ sum(columns_, basis_state); }

Mask Frame::basis_state(Mask index) const {
  Mask bits = 0;
  for (std::size_t q = 0; q < rows_.size(); ++q) bits |= Mask{odd(rows_[q] & (index ^ offset_))} << q;
  return bits;
}

void Frame::permute(const AffineMap& map, std::span<const int> qubits) {
  std::vector<Mask> columns, rows;
  for (const int q : qubits) {
    columns.push_back(column(q));
    rows.push_back(row(q));
  }
  const auto inverse_columns = inverse(map.columns);
  const auto map_rows = transpose(map.columns);
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    const auto q = static_cast<std::size_t>(qubits[k]);
    columns_[q] = sum(columns, inverse_columns[k]);
    rows_[q] = sum(rows, map_rows[k]);
    if ((map.offset >> k) & 1) offset_ ^= columns_[q];
  }
}

Pauli Frame::stored(const PauliString& string) const {
  const auto [phase, x, z] = string.word();
  const Mask signs = sum(rows_, z);
  return Pauli{phase, sum(columns_, x), 0} * Pauli{odd(signs & offset_) ? 2 : 0, 0, signs};
}

}  // namespace qupel::rotations
