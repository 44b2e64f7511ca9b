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

void check(const qupel::TabularProblem& problem) {
  const auto rows = problem.labels.size();
  require(problem.classes.size() >= 2 && rows >= qupel::min_rows && problem.table.rows == rows);
  for (const int label : problem.labels)
    require(label >= 0 && label < static_cast<int>(problem.classes.size()));
  for (const auto& column : problem.table.columns)
    if (column.used) require(column.numbers.size() + column.codes.size() == rows);
  require(qupel::duplicate_groups(problem).size() == rows);

  std::vector<std::size_t> train(rows / 2), all(rows);
  std::iota(train.begin(), train.end(), std::size_t{0});
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto prepared = qupel::Preparation::fit(problem, train).apply(problem, all);
  for (const double value : prepared.values()) require(std::isfinite(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const auto raw = qupel::parse_csv(text, "fuzz.csv");
    for (const auto& column : raw.columns) require(column.size() == raw.rows);
    qupel::TabularOptions options;
    options.target = raw.names.back();
    check(qupel::tabular_from_bytes(text, "fuzz.csv", options));
  } catch (const qupel::InputError&) {
  }
  return 0;
}
