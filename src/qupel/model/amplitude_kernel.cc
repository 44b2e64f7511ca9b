#include <fmt/format.h>

#include <utility>

#include "qupel/base/error.h"
#include "qupel/learn/unit_rows.h"
#include "qupel/model/circuit_record.h"
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
  return fit_fidelity_kernel(encoder(settings, columns), samples,
                             by_svm(number(amplitude_kernel, settings, "C")), context);
}

}  // namespace

const Contender amplitude_kernel = with_circuit(
    {
        .name = "amplitude-kernel",
        .summary =
            "support-vector machine with the fidelity of amplitude-encoded rows, every column and a 1, as "
            "kernel: ((b^2 x . x' + 1) / norms)^2, which a classical computer has without a circuit",
        .source = "Schuld and Killoran 2019, arXiv:1803.07128; Schuld 2021, arXiv:2101.11020",
        .family = Family::quantum,
        .inputs = Inputs::all,
        .hyperparameters = unit_row_hyperparameters(),
        .fit = on_rows(fit),
        .load =
            [](const Archive& saved, const Settings& settings, const FitContext& context) {
              const auto columns = circuit_columns_from(saved);
              return load_fidelity_kernel(encoder(settings, columns), saved, context);
            },
        .twin = "polynomial-kernel",
        .most_columns = most_columns,
        .compares_rows = true,
    },
    [](int columns, const Settings& settings) {
      return encoder(settings, static_cast<std::size_t>(columns)).circuit(columns);
    },
    [](const Settings& settings) { return encoder(settings, 1).chosen(); });

}  // namespace qupel
