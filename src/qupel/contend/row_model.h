#pragma once
#include <functional>
#include <memory>

#include "qupel/contend/contender.h"
#include "qupel/problem/tabular/samples.h"

// Contenders on the rows of a table.
namespace qupel {

/// A model that answers for rows.
class RowModel : public Fitted {
 public:
  Answer answer(const Instance& instance, const FitContext& context) const final;

  /// @param x rows x columns, as many columns as it was fitted on
  virtual Answer predict(const Matrix<double>& x, const FitContext& context) const = 0;
};

/// The rows that an instance is. @throws InputError if it is something else
const Samples& samples_of(const Instance& instance);

/// The classes that a model answers for rows. @throws InputError if it answers something else
Classes classes_for(const Fitted& model, Matrix<double> x, const FitContext& context);

using RowFit = std::function<std::unique_ptr<Fitted>(const Samples&, const Settings&, const FitContext&)>;

/// A fit of rows as a contender's record takes it.
std::function<std::unique_ptr<Fitted>(const Instance&, const Settings&, const FitContext&)> on_rows(
    RowFit fit);

}  // namespace qupel
