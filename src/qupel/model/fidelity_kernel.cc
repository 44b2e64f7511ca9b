#include "qupel/model/fidelity_kernel.h"

#include <utility>

#include "qupel/model/circuit_record.h"

namespace qupel {
namespace {

class KernelMachine : public RowModel {
 public:
  /// @param slots of the rows that the model compares with
  KernelMachine(Encoder encoder, std::size_t columns, Prepared circuit, Matrix<double> slots,
                KernelModel model, Executor& executor)
      : encoder_(std::move(encoder)),
        columns_(columns),
        circuit_(std::move(circuit)),
        slots_(std::move(slots)),
        support_(executor.encode(circuit_, slots_, {})),
        model_(std::move(model)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    const auto rows = context.executor->encode(circuit_, encoder_.slots(x, context), {});
    return model_.predict(context.executor->overlaps(rows, support_).values);
  }
  FitInfo info() const override { return model_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", columns_);
    archive.set("slots", slots_);
    model_.save(archive);
  }

 private:
  Encoder encoder_;
  std::size_t columns_;
  Prepared circuit_;
  Matrix<double> slots_;  // of the rows that the model compares with
  EncodedRows support_;   // those rows
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
  auto support = take_rows(slots, model.support());
  return std::make_unique<KernelMachine>(std::move(encoder), samples.x.columns(), std::move(circuit),
                                         std::move(support), std::move(model), executor);
}

std::unique_ptr<Fitted> load_fidelity_kernel(Encoder encoder, const Archive& saved,
                                             const FitContext& context) {
  const auto columns = circuit_columns_from(saved);
  auto model = KernelModel::load(saved);
  const auto circuit = encoder.circuit(static_cast<int>(columns));
  const auto& slots = saved.matrix("slots");
  require_saved(slots.rows() == model.support().size() &&
                    slots.columns() == static_cast<std::size_t>(circuit.features()),
                "the slots of each row that the model compares with");
  return std::make_unique<KernelMachine>(std::move(encoder), columns, context.executor->prepare(circuit, {}),
                                         slots, std::move(model), *context.executor);
}

}  // namespace qupel
