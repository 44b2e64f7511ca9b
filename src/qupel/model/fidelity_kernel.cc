#include "qupel/model/fidelity_kernel.h"

#include <utility>

#include "qupel/base/random.h"
#include "qupel/learn/svm.h"

namespace qupel {
namespace {

class KernelMachine : public RowModel {
 public:
  KernelMachine(Encoder encoder, Executor::Job job, StateSet support, Svm svm)
      : encoder_(std::move(encoder)),
        job_(std::move(job)),
        support_(std::move(support)),
        svm_(std::move(svm)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return svm_.predict(context.executor->kernel(states(x, context), support_));
  }
  std::optional<Answer> predict_with_shots(const Matrix<double>& x, std::size_t shots,
                                           const FitContext& context) const override {
    return svm_.predict(context.executor->estimate_kernel(job_, states(x, context), support_, shots,
                                                          derive(context.seed, {key_of("shots")})));
  }
  FitInfo info() const override { return svm_.info(); }

 private:
  StateSet states(const Matrix<double>& x, const FitContext& context) const {
    return context.executor->states(job_, encoder_.slots(x, context), {});
  }
  Encoder encoder_;
  Executor::Job job_;
  StateSet support_;  // states of the support vectors
  Svm svm_;
};

}  // namespace

std::unique_ptr<Fitted> fit_fidelity_kernel(Encoder encoder, const Samples& samples, double C,
                                            const FitContext& context) {
  Executor& executor = *context.executor;
  auto job = executor.prepare(encoder.circuit(static_cast<int>(samples.x.columns())), {});
  const auto slots = encoder.slots(samples.x, context);
  const auto states = executor.states(job, slots, {});
  auto svm = train_svm(executor.kernel(states, states), samples, C, context);
  auto support = executor.states(job, take_rows(slots, svm.support()), {});
  return std::make_unique<KernelMachine>(std::move(encoder), std::move(job), std::move(support),
                                         std::move(svm));
}

}  // namespace qupel
