#include <utility>

#include "qupel/base/random.h"
#include "qupel/baseline/network.h"
#include "qupel/baseline/records.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/softmax.h"
#include "qupel/train/mini_batch.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

class Perceptron : public RowModel {
 public:
  Perceptron(Network network, Optimum optimum) : network_(std::move(network)), optimum_(std::move(optimum)) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return predict_from_scores(network_.scores(x, optimum_.parameters));
  }
  FitInfo info() const override { return fit_info(optimum_); }

 private:
  Network network_;
  Optimum optimum_;
};

std::vector<std::size_t> widths(const Samples& samples, const Settings& settings) {
  std::vector<std::size_t> widths{samples.x.columns()};
  const auto hidden = static_cast<std::size_t>(count(mlp, settings, "hidden"));
  widths.insert(widths.end(), static_cast<std::size_t>(count(mlp, settings, "layers")), hidden);
  widths.push_back(static_cast<std::size_t>(samples.classes));
  return widths;
}

Optimum train(const Network& network, const Samples& samples, const Settings& settings,
              const FitContext& context) {
  const double decay = number(mlp, settings, "weight-decay");
  auto start = network.initial(derive(context.seed, {key_of("initial")}));
  if (text(mlp, settings, "optimizer") == "l-bfgs") {
    const Objective all_rows = [&](auto parameters, auto gradient, std::size_t) {
      return network.loss(samples.x, samples.y, decay, parameters, gradient);
    };
    return lbfgs(
        all_rows, std::move(start),
        {.max_steps = step_limit(1000, context), .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6});
  }
  constexpr std::size_t batch_rows = 32;
  const std::size_t most_epochs =
      context.for_search ? 50 : 300;  // settings are told apart long before the end
  MiniBatches batches(samples.x.rows(), batch_rows, context.seed);
  const Objective batch = [&](auto parameters, auto gradient, std::size_t) {
    const auto rows = batches.next();
    const auto x = take_rows(samples.x, rows);
    return network.loss(x, take_labels(samples.y, rows), decay, parameters, gradient);
  };
  const auto epoch = (samples.x.rows() + batch_rows - 1) / batch_rows;
  return adam(batch, std::move(start),
              {.learning_rate = number(mlp, settings, "learning-rate"),
               .max_steps = step_limit(most_epochs * epoch, context),
               .window = 0,
               .epoch = epoch});
}

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context) {
  Network network(widths(samples, settings),
                  text(mlp, settings, "activation") == "relu" ? Activation::relu : Activation::tanh);
  auto optimum = train(network, samples, settings, context);
  return std::make_unique<Perceptron>(std::move(network), std::move(optimum));
}

}  // namespace

const Contender mlp{
    .name = "mlp",
    .summary = "multilayer perceptron with one or two hidden layers on the cross-entropy",
    .source = "Rumelhart, Hinton and Williams 1986; Kingma and Ba 2015",
    .family = Family::classical,
    .inputs = Inputs::all,
    .hyperparameters = {{.name = "hidden",
                         .summary = "width of a hidden layer",
                         .values = {32.0, 16.0, 64.0},
                         .range = whole(1024),
                         .cover = true},
                        {"layers", "hidden layers", {1.0, 2.0}, whole(8)},
                        {"activation", "of the hidden layers", {"relu", "tanh"}},
                        {.name = "weight-decay",
                         .summary = "factor of |weights|^2 / 2 in the loss",
                         .values = {1e-2, 1e-4, 1e-3, 1e-1},
                         .range = zero_too,
                         .cover = true},
                        {"learning-rate", "of Adam", {0.003, 0.01}, up_to(1)},
                        {"optimizer",
                         "Adam on batches of 32 rows, or L-BFGS on all rows",
                         {"adam", "l-bfgs"}}},
    .fit = on_rows(fit),
};

}  // namespace qupel
