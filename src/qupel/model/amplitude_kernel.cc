#include "qupel/model/amplitude_kernel.h"

#include <cmath>

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/model/fidelity_kernel.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

constexpr std::size_t most_columns = (1U << 10) - 1;  // with the 1 after them: ten qubits

Encoder encoder(const Settings& settings, std::size_t columns) {
  return Encoder(encoding("amplitude-affine"), row_factor(amplitude_kernel, settings, columns));
}

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context) {
  const auto columns = samples.x.columns();
  if (columns > most_columns)
    throw InputError(fmt::format("amplitude-kernel takes at most {} columns, not {}", most_columns, columns));
  return fit_fidelity_kernel(encoder(settings, columns), samples, number(amplitude_kernel, settings, "C"),
                             context);
}

}  // namespace

double row_factor(const ContenderSpec& spec, const Settings& settings, std::size_t columns) {
  return number(spec, settings, "bandwidth") / std::sqrt(static_cast<double>(columns));
}

std::vector<HyperParameter> amplitude_kernel_hyperparameters() {
  return {{.name = "bandwidth",
           .summary = "factor on rows, in units of 1 / square root of the number of columns",
           .values = {1.0, 0.1, 0.3, 3.0, 10.0},
           .cover = true},
          {.name = "C",
           .summary = "weight of the training errors",
           .values = {10.0, 0.1, 1.0, 100.0, 1000.0},
           .cover = true}};
}

const ContenderSpec amplitude_kernel{
    .name = "amplitude-kernel",
    .summary =
        "support-vector machine with the fidelity of amplitude-encoded rows, every column and a 1, as "
        "kernel: ((b^2 x . x' + 1) / norms)^2, which a classical computer has without a circuit",
    .source = "Schuld and Killoran 2019, arXiv:1803.07128; Schuld 2021, arXiv:2101.11020",
    .family = Family::quantum,
    .inputs = Inputs::all,
    .hyperparameters = amplitude_kernel_hyperparameters(),
    .fit = fit,
    .circuit =
        [](int features, int, const Settings& settings) {
          return encoder(settings, static_cast<std::size_t>(features)).circuit(features);
        },
    .twin = "polynomial-kernel",
    .encoding = [](const Settings& settings) { return encoder(settings, 1).chosen(); },
    .most_columns = most_columns,
};

}  // namespace qupel
