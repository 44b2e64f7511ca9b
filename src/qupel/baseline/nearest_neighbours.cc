#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

/// A training row and how far it is from a new one.
struct Neighbour {
  double square;
  std::size_t row;
  auto operator<=>(const Neighbour&) const = default;
};

class NearestNeighbours : public RowModel {
 public:
  /// @param targets without their unit
  NearestNeighbours(Matrix<double> x, std::vector<double> targets, TargetScale scale,
                    const Settings& settings)
      : x_(std::move(x)),
        scale_(scale),
        targets_(std::move(targets)),
        k_(std::min(static_cast<std::size_t>(count(nearest_neighbours, settings, "k")), x_.rows())),
        by_distance_(text(nearest_neighbours, settings, "weights") == "distance") {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    Numbers numbers;
    std::vector<Neighbour> all(x_.rows());
    for (std::size_t r = 0; r < x.rows(); ++r) numbers.values.push_back(mean_of_nearest(x.row(r), all));
    return numbers;
  }

  FitInfo info() const override {
    return {.reason = fmt::format("{} rows kept", x_.rows()),
            .losses = {},
            .parameters = static_cast<long>(x_.rows())};
  }
  void save(Archive& archive) const override {
    archive.set("columns", x_.columns());
    archive.set("rows", x_);
    archive.set("targets", targets_);
    qupel::save(archive, std::optional(scale_));
  }

 private:
  double mean_of_nearest(std::span<const double> row, std::vector<Neighbour>& all) const {
    for (std::size_t s = 0; s < all.size(); ++s) all[s] = {square_distance(row, x_.row(s)), s};
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(k_));
    const auto nearest = std::span(all).first(k_);
    const bool met = by_distance_ && nearest.front().square == 0;
    double sum = 0, weights = 0;
    for (const auto& [square, s] : nearest) {
      if (met && square > 0) break;
      // In units of the nearest's distance, so that no weight is infinite.
      const double weight = by_distance_ && !met ? std::sqrt(nearest.front().square / square) : 1;
      sum += weight * targets_[s];
      weights += weight;
    }
    return scale_.original(sum / weights);
  }

  static double square_distance(std::span<const double> a, std::span<const double> b) {
    double square = 0;
    for (std::size_t c = 0; c < a.size(); ++c) square += (a[c] - b[c]) * (a[c] - b[c]);
    return square;
  }

  Matrix<double> x_;
  TargetScale scale_;
  std::vector<double> targets_;
  std::size_t k_;
  bool by_distance_;
};

std::unique_ptr<Fitted> fit_nearest_neighbours(const Samples& samples, const Settings& settings,
                                               const FitContext&) {
  const auto scale = target_scale(numbers_of(samples));
  return std::make_unique<NearestNeighbours>(samples.x, standardised(samples.targets, scale), scale,
                                             settings);
}

std::unique_ptr<Fitted> load_nearest_neighbours(const Archive& saved, const Settings& settings,
                                                const FitContext&) {
  const auto& rows = saved.matrix("rows");
  const auto& targets = saved.numbers("targets");
  const auto scale = scale_from(saved);
  require_saved(
      scale && rows.rows() > 0 && rows.columns() == columns_from(saved) && targets.size() == rows.rows(),
      "rows with a number each");
  return std::make_unique<NearestNeighbours>(rows, targets, *scale, settings);
}

}  // namespace

const Contender nearest_neighbours{
    .name = "k-nearest-neighbours",
    .summary = "mean target of the nearest training rows; of equally near ones the earlier rows count",
    .source = "Cover, IEEE Transactions on Information Theory 14, 1968",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "k",
                         .summary = "rows that are averaged",
                         .values = {5.0, 1.0, 2.0, 3.0, 8.0, 12.0, 20.0, 40.0},
                         .range = whole(1e6),
                         .cover = true},
                        {.name = "weights",
                         .summary = "of the rows: all alike, or by 1 / distance",
                         .values = {"uniform", "distance"},
                         .cover = true}},
    .fit = on_rows(fit_nearest_neighbours),
    .load = load_nearest_neighbours,
    .solves = {"regression"},
};

}  // namespace qupel
