#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/baseline/records.h"
#include "qupel/baseline/softmax_regression.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/eigen_view.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/ridge.h"
#include "qupel/learn/targets.h"

// A circuit that encodes every feature r times as a Pauli rotation by bandwidth * x computes a truncated
// Fourier series: its frequencies are bandwidth times vectors of integers from -r to r (Schuld, Sweke and
// Meyer 2021). Drawing from that spectrum and fitting a linear model is what the circuit could do without a
// quantum computer.
namespace qupel {
namespace {

struct Frequencies {
  Matrix<double> omega;            ///< frequencies x columns
  std::vector<double> amplitudes;  ///< square roots of their shares of the draws
};

/// Probability of each integer -r .. r: by how many of the circuit's eigenvalue differences give it, C(2r, r
/// + k) / 4^r
/// ("tree"), or all alike ("distinct").
std::vector<double> integer_weights(int repeats, bool tree) {
  std::vector<double> weights(static_cast<std::size_t>(2 * repeats + 1), 1.0 / (2 * repeats + 1));
  if (!tree) return weights;
  double binomial = std::pow(0.25, repeats);
  for (int i = 0; i <= 2 * repeats; ++i) {
    weights[static_cast<std::size_t>(i)] = binomial;
    binomial *= static_cast<double>(2 * repeats - i) / (i + 1);
  }
  return weights;
}

int draw_integer(std::span<const double> weights, Random& random) {
  const int repeats = static_cast<int>(weights.size()) / 2;
  double left = random.uniform();
  for (std::size_t i = 0; i < weights.size(); ++i)
    if ((left -= weights[i]) < 0) return static_cast<int>(i) - repeats;
  return repeats;
}

/// w and -w give the same cosine and sine: the first integer that is not 0 is made positive.
void make_canonical(std::vector<int>& omega) {
  const auto first = std::find_if(omega.begin(), omega.end(), [](int k) { return k != 0; });
  if (first != omega.end() && *first < 0)
    for (int& k : omega) k = -k;
}

Frequencies draw_frequencies(std::size_t columns, std::size_t draws, std::span<const double> weights,
                             double bandwidth, Random random) {
  std::map<std::vector<int>, std::size_t> counts;
  for (std::size_t i = 0; i < draws; ++i) {
    std::vector<int> omega(columns);
    for (int& k : omega) k = draw_integer(weights, random);
    make_canonical(omega);
    ++counts[omega];
  }
  Frequencies drawn{Matrix<double>(counts.size(), columns), {}};
  for (const auto& [omega, count] : counts) {
    const auto row = drawn.omega.row(drawn.amplitudes.size());
    std::transform(omega.begin(), omega.end(), row.begin(), [&](int k) { return bandwidth * k; });
    drawn.amplitudes.push_back(std::sqrt(static_cast<double>(count) / static_cast<double>(draws)));
  }
  return drawn;
}

/// Cosine and sine of every frequency, weighted so that the rows' dot
/// products estimate the circuit's mean kernel.
Matrix<double> features(const Frequencies& frequencies, const Matrix<double>& x) {
  const std::size_t count = frequencies.amplitudes.size();
  Matrix<double> phases(x.rows(), count), mapped(x.rows(), 2 * count);
  view(phases).noalias() = view(x) * view(frequencies.omega).transpose();
  for (std::size_t r = 0; r < x.rows(); ++r)
    for (std::size_t f = 0; f < count; ++f) {
      mapped(r, 2 * f) = frequencies.amplitudes[f] * std::cos(phases(r, f));
      mapped(r, 2 * f + 1) = frequencies.amplitudes[f] * std::sin(phases(r, f));
    }
  return mapped;
}

/// A linear model, SoftmaxRegression or RidgeRegression, on the features.
template <typename Regression>
class FourierFeatures : public RowModel {
 public:
  FourierFeatures(Frequencies frequencies, Regression regression)
      : frequencies_(std::move(frequencies)), regression_(std::move(regression)) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return regression_.predict(features(frequencies_, x));
  }
  FitInfo info() const override { return regression_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", frequencies_.omega.columns());
    archive.set("frequencies", frequencies_.omega);
    archive.set("amplitudes", frequencies_.amplitudes);
    regression_.save(archive);
  }

 private:
  Frequencies frequencies_;
  Regression regression_;
};

Frequencies draw_frequencies(const Contender& spec, std::size_t columns, const Settings& settings,
                             const FitContext& context) {
  const bool tree = text(spec, settings, "sampling") == "tree";
  return draw_frequencies(columns, static_cast<std::size_t>(count(spec, settings, "draws")),
                          integer_weights(count(spec, settings, "repeats"), tree),
                          number(spec, settings, "bandwidth"),
                          Random(derive(context.seed, {key_of("frequencies")})));
}

template <typename Regression>
std::unique_ptr<Fitted> with(Frequencies frequencies, Regression regression) {
  return std::make_unique<FourierFeatures<Regression>>(std::move(frequencies), std::move(regression));
}

std::unique_ptr<Fitted> fit_classes(const Samples& samples, const Settings& settings,
                                    const FitContext& context) {
  auto frequencies = draw_frequencies(fourier_features, samples.x.columns(), settings, context);
  SoftmaxRegression regression(features(frequencies, samples.x), samples.y, samples.classes,
                               number(fourier_features, settings, "C"), step_limit(1000, context));
  return with(std::move(frequencies), std::move(regression));
}

std::unique_ptr<Fitted> fit_numbers(const Samples& samples, const Settings& settings,
                                    const FitContext& context) {
  const auto targets = numbers_of(samples);
  auto frequencies = draw_frequencies(fourier_features_ridge, samples.x.columns(), settings, context);
  RidgeRegression regression(features(frequencies, samples.x), targets,
                             number(fourier_features_ridge, settings, "alpha"));
  return with(std::move(frequencies), std::move(regression));
}

template <typename Regression>
std::unique_ptr<Fitted> load_fourier_features(const Archive& saved, const Settings&, const FitContext&) {
  Frequencies frequencies{saved.matrix("frequencies"), saved.numbers("amplitudes")};
  auto regression = Regression::load(saved);
  require_saved(frequencies.omega.columns() == columns_from(saved) &&
                    frequencies.omega.rows() == frequencies.amplitudes.size() &&
                    regression.columns() == 2 * frequencies.amplitudes.size(),
                "an amplitude and two weights for each frequency");
  return with(std::move(frequencies), std::move(regression));
}

constexpr double pi = std::numbers::pi;

/// @param regression what is fitted, in words
/// @param strength its hyperparameter
Contender record(const std::string& name, const std::string& regression, HyperParameter strength, RowFit fit,
                 decltype(Contender::load) load, const std::string& kind) {
  return {.name = name,
          .summary = regression +
                     " regression on random Fourier features drawn from the frequencies that an "
                     "angle-encoded circuit can reach",
          .source = "Landman et al. 2022, arXiv:2210.13200; Sweke et al. 2023, arXiv:2309.11647",
          .family = Family::quantum_inspired,
          .inputs = Inputs::reduced,
          .hyperparameters = {{.name = "bandwidth",
                               .summary = "radians a unit of a feature (features lie in [-1, 1])",
                               .values = {pi / 2, pi / 4, pi, 2 * pi},
                               .cover = true},
                              {.name = "repeats",
                               .summary = "encodings of each feature: integers up to this",
                               .values = {2.0, 1.0, 3.0},
                               .range = whole(100),
                               .cover = true},
                              std::move(strength),
                              {"sampling",
                               "integers as often as the circuit has them, or all alike",
                               {"tree", "distinct"}},
                              {"draws", "number of frequencies drawn", {512.0, 128.0}, whole(100000)}},
          .fit = on_rows(std::move(fit)),
          .load = std::move(load),
          .solves = {kind}};
}

}  // namespace

const Contender fourier_features =
    record("fourier-features", "logistic",
           {.name = "C", .summary = "inverse strength of the L2 penalty", .values = {100.0, 10.0, 1000.0}},
           fit_classes, load_fourier_features<SoftmaxRegression>, "classification");
const Contender fourier_features_ridge =
    record("fourier-features-ridge", "ridge",
           {.name = "alpha",
            .summary = "factor of |weights|^2 in the sum of squared errors",
            .values = {0.1, 1.0, 0.01},
            .cover = true},
           fit_numbers, load_fourier_features<RidgeRegression>, "regression");

}  // namespace qupel
