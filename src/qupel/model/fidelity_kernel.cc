#include "qupel/model/fidelity_kernel.h"

#include <utility>

namespace qupel {
namespace {

class KernelMachine : public RowModel {
 public:
  KernelMachine(Encoder encoder, Prepared circuit, EncodedRows support, KernelModel model)
      : encoder_(std::move(encoder)),
        circuit_(std::move(circuit)),
        support_(std::move(support)),
        model_(std::move(model)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    const auto rows = context.executor->encode(circuit_, encoder_.slots(x, context), {});
    return model_.predict(context.executor->overlaps(rows, support_).values);
  }
  FitInfo info() const override { return model_.info(); }

 private:
  Encoder encoder_;
  Prepared circuit_;
  EncodedRows support_;  // the rows that the model compares with
  KernelModel model_;
};

}  // namespace

std::unique_ptr<Fitted> fit_fidelity_kernel(Encoder encoder, const Samples& samples,
                                            const KernelTrainer& train, const FitContext& context) {
  Executor& executor = *context.executor;
  auto circuit = executor.prepare(encoder.circuit(static_cast<int>(samples.x.columns())), {});
  const auto slots = encoder.slots(samples.x, context);
  const auto rows = executor.encode(circuit, slots, {});
  auto model = train(executor.overlaps(rows, rows).values, samples, context);
  auto support = executor.encode(circuit, take_rows(slots, model.support()), {});
  return std::make_unique<KernelMachine>(std::move(encoder), std::move(circuit), std::move(support),
                                         std::move(model));
}

}  // namespace qupel
