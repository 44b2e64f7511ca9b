#include "qupel/contend/row_model.h"

#include <utility>

#include "qupel/base/error.h"

namespace qupel {

Answer RowModel::answer(const Instance& instance, const FitContext& context) const {
  return predict(samples_of(instance).x, context);
}

const Samples& samples_of(const Instance& instance) {
  if (const auto* samples = dynamic_cast<const Samples*>(&instance)) return *samples;
  throw InputError("a contender for rows of a table was given another kind of problem");
}

Classes classes_for(const Fitted& model, Matrix<double> x, const FitContext& context) {
  auto answer = model.answer(Samples(std::move(x)), context);
  if (auto* classes = std::get_if<Classes>(&answer)) return std::move(*classes);
  throw InputError("a contender answered with something else than classes");
}

std::function<std::unique_ptr<Fitted>(const Instance&, const Settings&, const FitContext&)> on_rows(
    RowFit fit) {
  return
      [fit = std::move(fit)](const Instance& instance, const Settings& settings, const FitContext& context) {
        return fit(samples_of(instance), settings, context);
      };
}

}  // namespace qupel
