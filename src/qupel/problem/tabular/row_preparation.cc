#include "qupel/problem/tabular/row_preparation.h"

#include <algorithm>

#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/rows.h"

namespace qupel {
namespace {

/// The smallest value of each column, in one row.
Matrix<double> lowest(const Matrix<double>& x) {
  Matrix<double> lows(1, x.columns());
  for (std::size_t c = 0; c < x.columns(); ++c)
    for (std::size_t r = 0; r < x.rows(); ++r) lows(0, c) = std::min(r == 0 ? x(r, c) : lows(0, c), x(r, c));
  return lows;
}

}  // namespace

std::size_t wanted_columns(std::size_t available, const InputChoice& inputs) {
  return inputs.columns < 1 ? available : std::min(available, inputs.columns);
}

Matrix<double> PreparedRows::chosen(const InputChoice& inputs) const {
  if (!inputs.reduced) return all;
  const auto& columns = reduced.at(inputs.scaling.empty() ? Scale::range : scale(inputs.scaling));
  return first_columns(columns, wanted_columns(columns.columns(), inputs));
}

RowPreparation RowPreparation::fit(const TableInputs& inputs, const DataSet& data,
                                   std::span<const std::size_t> rows) {
  RowPreparation fitted;
  const auto strata = taken(data.strata(), rows);
  fitted.preparation_ = Preparation::fit(data, rows, inputs.scaling);
  fitted.reducer_ = Reducer::fit(inputs.reduction, inputs.features, fitted.preparation_.apply(data, rows),
                                 strata, static_cast<int>(data.strata_count()));
  if (inputs.angles) {
    fitted.as_they_are_ = Preparation::fit(data, rows, Scaling::none);
    fitted.lows_ = lowest(fitted.as_they_are_->apply(data, rows));
  }
  return fitted;
}

PreparedRows RowPreparation::apply(const DataSet& data, std::span<const std::size_t> rows) const {
  PreparedRows prepared{preparation_.apply(data, rows), {}};
  for (const auto scale : {Scale::range, Scale::robust})
    prepared.reduced[scale] = reducer_.apply(prepared.all, scale);
  if (as_they_are_) prepared.reduced[Scale::angle] = angles(lows_, as_they_are_->apply(data, rows));
  return prepared;
}

void RowPreparation::save(Archive& archive) const {
  Archive preparation, reducer;
  preparation_.save(preparation);
  reducer_.save(reducer);
  archive.set("preparation", std::move(preparation));
  archive.set("reducer", std::move(reducer));
  if (!as_they_are_) return;
  Archive as_they_are;
  as_they_are_->save(as_they_are);
  archive.set("as they are", std::move(as_they_are));
  archive.set("lows", lows_);
}

RowPreparation RowPreparation::load(const Archive& saved, const std::vector<Column>& columns) {
  RowPreparation loaded;
  loaded.preparation_ = Preparation::load(saved.part("preparation"), columns);
  loaded.reducer_ = Reducer::load(saved.part("reducer"), loaded.preparation_.names().size());
  if (!saved.has("as they are")) return loaded;
  loaded.as_they_are_ = Preparation::load(saved.part("as they are"), columns);
  loaded.lows_ = saved.matrix("lows");
  require_saved(loaded.lows_.rows() == 1 && loaded.lows_.columns() == loaded.as_they_are_->names().size(),
                "a smallest value for each column");
  return loaded;
}

}  // namespace qupel
