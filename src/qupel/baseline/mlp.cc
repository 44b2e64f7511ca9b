#include <optional>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/baseline/network.h"
#include "qupel/baseline/records.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/targets.h"
#include "qupel/train/mini_batch.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

class Perceptron : public RowModel {
 public:
  Perceptron(Network network, Optimum optimum, std::optional<TargetScale> scale)
      : network_(std::move(network)), optimum_(std::move(optimum)), scale_(scale) {}

  Answer predict(const Matrix<double>& x, const FitContext&) const override {
    return answer_from_scores(network_.scores(x, optimum_.parameters), scale_);
  }
  FitInfo info() const override { return fit_info(optimum_); }
  void save(Archive& archive) const override {
    qupel::save(archive, {network_.widths().front(), network_.widths().back()});
    qupel::save(archive, scale_);
    archive.set("optimum", to_archive(optimum_));
  }

 private:
  Network network_;
  Optimum optimum_;
  std::optional<TargetScale> scale_;
};

Network network_for(const SavedShape& shape, const Settings& settings) {
  std::vector<std::size_t> widths{shape.columns};
  const auto hidden = static_cast<std::size_t>(count(mlp, settings, "hidden"));
  widths.insert(widths.end(), static_cast<std::size_t>(count(mlp, settings, "layers")), hidden);
  widths.push_back(shape.outputs);
  return {std::move(widths),
          text(mlp, settings, "activation") == "relu" ? Activation::relu : Activation::tanh};
}

Optimum train(const Network& network, const Matrix<double>& x, const Targets& targets,
              const Settings& settings, const FitContext& context) {
  const double decay = number(mlp, settings, "weight-decay");
  auto start = network.initial(derive(context.seed, {key_of("initial")}));
  if (text(mlp, settings, "optimizer") == "l-bfgs") {
    const Objective all_rows = [&](auto parameters, auto gradient, std::size_t) {
      return network.loss(x, targets, decay, parameters, gradient);
    };
    return lbfgs(
        all_rows, std::move(start),
        {.max_steps = step_limit(1000, context), .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6});
  }
  constexpr std::size_t batch_rows = 32;
  const std::size_t most_epochs =
      context.for_search ? 50 : 300;  // settings are told apart long before the end
  MiniBatches batches(x.rows(), batch_rows, context.seed);
  const Objective batch = [&](auto parameters, auto gradient, std::size_t) {
    const auto rows = batches.next();
    return network.loss(take_rows(x, rows), targets.of(rows), decay, parameters, gradient);
  };
  const auto epoch = (x.rows() + batch_rows - 1) / batch_rows;
  return adam(batch, std::move(start),
              {.learning_rate = number(mlp, settings, "learning-rate"),
               .max_steps = step_limit(most_epochs * epoch, context),
               .window = 0,
               .epoch = epoch});
}

std::unique_ptr<Fitted> fit_mlp(const Samples& samples, const Settings& settings, const FitContext& context) {
  const Targets targets(samples);
  auto network = network_for({samples.x.columns(), targets.outputs()}, settings);
  auto optimum = train(network, samples.x, targets, settings, context);
  return std::make_unique<Perceptron>(std::move(network), std::move(optimum), targets.scale());
}

std::unique_ptr<Fitted> load_mlp(const Archive& saved, const Settings& settings, const FitContext&) {
  const auto shape = shape_from(saved);
  auto network = network_for(shape, settings);
  auto optimum = optimum_from(saved.part("optimum"), network.parameters());
  const auto scale = scale_from(saved);
  require_saved(!scale || shape.outputs == 1, "one output for a number");
  return std::make_unique<Perceptron>(std::move(network), std::move(optimum), scale);
}

}  // namespace

const Contender mlp{
    .name = "mlp",
    .summary =
        "multilayer perceptron with one or two hidden layers on the cross-entropy or the squared error",
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
    .fit = on_rows(fit_mlp),
    .load = load_mlp,
    .solves = {"classification", "regression"},
};

}  // namespace qupel
