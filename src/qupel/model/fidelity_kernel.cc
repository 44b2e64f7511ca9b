#include "qupel/model/fidelity_kernel.h"

#include <utility>

#include "qupel/learn/svm.h"

namespace qupel {
namespace {

class KernelMachine : public RowModel {
 public:
  KernelMachine(Encoder encoder, Prepared circuit, EncodedRows support, Svm svm)
      : encoder_(std::move(encoder)),
        circuit_(std::move(circuit)),
        support_(std::move(support)),
        svm_(std::move(svm)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    const auto rows = context.executor->encode(circuit_, encoder_.slots(x, context), {});
    return svm_.predict(context.executor->overlaps(rows, support_).values);
  }
  FitInfo info() const override { return svm_.info(); }

 private:
  Encoder encoder_;
  Prepared circuit_;
  EncodedRows support_;  // the support vectors
  Svm svm_;
};

}  // namespace

std::unique_ptr<Fitted> fit_fidelity_kernel(Encoder encoder, const Samples& samples, double C,
                                            const FitContext& context) {
  Executor& executor = *context.executor;
  auto circuit = executor.prepare(encoder.circuit(static_cast<int>(samples.x.columns())), {});
  const auto slots = encoder.slots(samples.x, context);
  const auto rows = executor.encode(circuit, slots, {});
  auto svm = train_svm(executor.overlaps(rows, rows).values, samples, C, context);
  auto support = executor.encode(circuit, take_rows(slots, svm.support()), {});
  return std::make_unique<KernelMachine>(std::move(encoder), std::move(circuit), std::move(support),
                                         std::move(svm));
}

}  // namespace qupel
