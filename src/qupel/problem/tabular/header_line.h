#pragma once
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/record_reader.h"
#include "qupel/problem/tabular/stacked_header.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// What the first line of a table holds.
enum class FirstLine {
  names,
  counting_names,  ///< numbers above numbers, but such as count columns or years
  data,            ///< numbers above numbers
  data_of_model,   ///< whatever it holds: the model's columns have no names but c1, c2, ..., and none is here
};

/// @param second the next record; empty if there is none
FirstLine first_line(const std::vector<Field>& first, const std::vector<Field>& second,
                     const KnownNames& known);

/// The cells of the first line as names; c and the column's number for an empty one, with a Finding.
void name_columns(RawTable& raw, const std::vector<Field>& header, FirstLine kind, const KnownNames& known);
/// c1, c2, ... with a Finding.
void number_columns(RawTable& raw, std::size_t count, FirstLine kind);
/// Names in several lines, with a Finding.
void take_names(RawTable& raw, const StackedHeader& header);

/// @throws InputError for two columns of one name
void check_names_differ(const RawTable& raw, std::size_t line, std::string_view source);

}  // namespace qupel
