// Any bytes as a table: read or refused with an InputError, and what is read keeps its own promises. The
// target is the last column, so that typing, targets, draws and preparation see the bytes too.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/tabular.h"

namespace {

void require(bool truth) {
  if (!truth) std::abort();
}

void check(const qupel::DataSet& data) {
  const auto rows = data.rows();
  require(data.holds_numbers() != (data.classes.size() >= 2));
  require(rows >= qupel::min_rows && data.table.rows == rows && data.strata().size() == rows);
  for (const int stratum : data.strata())
    require(stratum >= 0 && stratum < static_cast<int>(data.strata_count()));
  for (const auto& column : data.table.columns)
    if (column.used) require(column.numbers.size() + column.codes.size() == rows);
  require(qupel::duplicate_groups(data).size() == rows);

  std::vector<std::size_t> train(rows / 2), all(rows);
  std::iota(train.begin(), train.end(), std::size_t{0});
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto prepared = qupel::Preparation::fit(data, train).apply(data, all);
  for (const double value : prepared.values()) require(std::isfinite(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto raw = qupel::parse_table(text, "fuzz.csv");
    for (const auto& column : raw.columns) require(column.size() == raw.rows);
    qupel::DataSetOptions options;
    options.target = raw.names.back();
    check(qupel::data_set_from_bytes(text, "fuzz.csv", options));
  } catch (const qupel::InputError&) {
  }
  return 0;
}
