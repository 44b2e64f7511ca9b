#pragma once
#include <memory>
#include <utility>

#include "qupel/contend/row_model.h"
#include "qupel/contend/saving.h"

namespace qupel {

/// A model that is one fitted regression (a weight for each column), as contenders hand it on.
/// @tparam Regression has columns(), predict(rows), info(), save(archive) and a static load(archive)
template <typename Regression>
class LinearModel : public RowModel {
 public:
  explicit LinearModel(Regression regression) : regression_(std::move(regression)) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override { return regression_.predict(x); }
  FitInfo info() const override { return regression_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", regression_.columns());
    regression_.save(archive);
  }

  static std::unique_ptr<Fitted> load(const Archive& saved, const Settings&, const FitContext&) {
    auto regression = Regression::load(saved);
    require_saved(regression.columns() == columns_from(saved), "a weight for each column");
    return std::make_unique<LinearModel>(std::move(regression));
  }

 private:
  Regression regression_;
};

}  // namespace qupel
