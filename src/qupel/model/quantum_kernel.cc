#include <numbers>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/model/encoder.h"
#include "qupel/model/records.h"
#include "qupel/model/svm.h"

namespace qupel {
namespace {

class KernelMachine : public Fitted {
 public:
  KernelMachine(Encoder encoder, Executor::Job job, StateSet support, Svm svm)
      : encoder_(std::move(encoder)),
        job_(std::move(job)),
        support_(std::move(support)),
        svm_(std::move(svm)) {}

  Prediction predict(const Matrix<double>& x, const FitContext& context) const override {
    return classify(context.executor->kernel(states(x, context), support_), context);
  }
  std::optional<Prediction> predict_with_shots(const Matrix<double>& x, std::size_t shots,
                                               const FitContext& context) const override {
    return classify(context.executor->estimate_kernel(job_, states(x, context), support_, shots,
                                                      derive(context.seed, {key_of("shots")})),
                    context);
  }
  FitInfo info() const override { return svm_.info(); }

 private:
  StateSet states(const Matrix<double>& x, const FitContext& context) const {
    return context.executor->states(job_, encoder_.slots(x, context), {});
  }
  Prediction classify(const Matrix<double>& kernel, const FitContext& context) const {
    const StageTimer timer(&context.executor->ledger(), Stage::classical);
    return svm_.predict(kernel);
  }

  Encoder encoder_;
  Executor::Job job_;
  StateSet support_;  // states of the support vectors
  Svm svm_;
};

Svm train(const Matrix<double>& kernel, const Samples& samples, double C, const FitContext& context) {
  const StageTimer timer(&context.executor->ledger(), Stage::classical);
  return Svm(SvmRows::precomputed(kernel), samples.y, samples.classes, C, context.seed);
}

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context,
                            bool separable) {
  Executor& executor = *context.executor;
  Encoder encoder(quantum_kernel, settings, separable);
  auto job = executor.prepare(encoder.circuit(static_cast<int>(samples.x.columns())), {});
  const auto slots = encoder.slots(samples.x, context);
  const auto states = executor.states(job, slots, {});
  auto svm = train(executor.kernel(states, states), samples, number(quantum_kernel, settings, "C"), context);
  auto support = executor.states(job, take_rows(slots, svm.support()), {});
  return std::make_unique<KernelMachine>(std::move(encoder), std::move(job), std::move(support),
                                         std::move(svm));
}

constexpr double pi = std::numbers::pi;

ContenderSpec record(bool separable) {
  return {
      .name = separable ? "quantum-kernel-separable" : "quantum-kernel",
      .summary =
          separable
              ? "quantum-kernel without entanglers: a product of one-qubit overlaps"
              : "support-vector machine with the fidelity |<psi(x)|psi(x')>|^2 of encoded states as kernel",
      .source = "Havlicek et al. 2019, arXiv:1804.11326; LIBSVM: Chang and Lin 2011",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = {{"encoding", "features to circuit", {"iqp-full", "angle-y"}},
                          {"bandwidth",
                           "radians a unit of a feature (features lie in [-1, 1])",
                           {pi / 2, pi / 8, pi / 4, pi, 2 * pi}},
                          {"C", "weight of the training errors", {1.0, 10.0, 100.0}},
                          {"repeats", "of the encoding", {1.0, 2.0}, whole(100)},
                          {"pairs", "entangled by the encoding", {"full"}}},
      .fit = [separable](const Samples& samples, const Settings& settings,
                         const FitContext& context) { return fit(samples, settings, context, separable); },
      .circuit =
          [separable](int features, int, const Settings& settings) {
            return Encoder(quantum_kernel, settings, separable).circuit(features);
          },
      .twin = separable ? "" : "quantum-kernel-separable",
      .encoding =
          [separable](const Settings& settings) {
            return Encoder(quantum_kernel, settings, separable).chosen();
          },
  };
}

}  // namespace

const ContenderSpec quantum_kernel = record(false);
const ContenderSpec quantum_kernel_separable = record(true);

}  // namespace qupel
