#include <algorithm>

#include "qupel/baseline/records.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/softmax.h"

namespace qupel {
namespace {

class Majority : public RowModel {
 public:
  explicit Majority(std::vector<double> frequencies) : frequencies_(std::move(frequencies)) {}
  explicit Majority(const Samples& samples) {
    for (const auto count : label_counts(samples.y, samples.classes))
      frequencies_.push_back(static_cast<double>(count) / static_cast<double>(samples.y.size()));
  }

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    Matrix<double> probabilities(x.rows(), frequencies_.size());
    for (std::size_t r = 0; r < x.rows(); ++r)
      std::copy(frequencies_.begin(), frequencies_.end(), probabilities.row(r).begin());
    auto labels = largest_columns(probabilities);
    return Classes{std::move(labels), std::move(probabilities)};
  }

  FitInfo info() const override {
    return {.reason = "counted", .losses = {}, .parameters = static_cast<long>(frequencies_.size())};
  }
  void save(Archive& archive) const override { archive.set("frequencies", frequencies_); }

 private:
  std::vector<double> frequencies_;
};

}  // namespace

const Contender majority{
    .name = "majority",
    .summary = "always the most frequent class of the training rows: what any other contender must beat",
    .source = "",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {},
    .fit = on_rows([](const Samples& samples, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      return std::make_unique<Majority>(samples);
    }),
    .load = [](const Archive& saved, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      require_saved(!saved.numbers("frequencies").empty(), "a frequency for each class");
      return std::make_unique<Majority>(saved.numbers("frequencies"));
    },
    .floor = true,
};

}  // namespace qupel
