#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/random.h"
#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/kernel_hyperparameters.h"
#include "qupel/model/records.h"

// The projected quantum kernel of Huang et al. 2021: rows are described by Pauli expectations of
// their encoded states, that is by reduced states of a qubit (or of two neighbours), and
// compared by an RBF kernel. Where the fidelity of whole states vanishes between any two rows,
// those of single qubits still tell them apart.
namespace qupel {
namespace {

constexpr std::array paulis{'X', 'Y', 'Z'};

Observable string(PauliString pauli) { return {{{1, std::move(pauli)}}}; }

/// X, Y and Z of every qubit; with neighbours also the nine products of them on qubits q and q + 1.
std::vector<Observable> projections(int qubits, bool neighbours) {
  std::vector<Observable> all;
  for (int q = 0; q < qubits; ++q)
    for (const char pauli : paulis) all.push_back(string({{q, pauli}}));
  for (int q = 0; neighbours && q + 1 < qubits; ++q)
    for (const char first : paulis)
      for (const char second : paulis) all.push_back(string({{q, first}, {q + 1, second}}));
  return all;
}

/// Rows to the expectations that describe them. An encoding with start states runs from several, for what one
/// of them leaves out: their expectations stand side by side.
class Projection {
 public:
  Projection(const Contender& spec, const Settings& settings, int features, bool separable,
             Executor& executor)
      : features_(features) {
    const Encoder first(spec, settings, separable);
    const int starts = first.chosen().spec->starts ? count(spec, settings, "starts") : 1;
    for (int start = 1; start <= starts; ++start) {
      auto encoder = first.from(start);
      const auto circuit = encoder.circuit(features);
      auto strings = projections(circuit.qubits(), text(spec, settings, "projections") == "neighbours");
      width_ += strings.size();
      circuits_.push_back(executor.prepare(circuit, std::move(strings)));
      encoders_.push_back(std::move(encoder));
    }
  }

  int features() const { return features_; }
  std::size_t width() const { return width_; }  ///< starts * Pauli strings

  /// @return rows x width()
  Matrix<double> of(const Matrix<double>& x, const FitContext& context) const {
    return side_by_side([&](std::size_t start) {
      return context.executor->expectations(circuits_[start], encoders_[start].slots(x, context), {}, start)
          .values;
    });
  }

 private:
  template <typename Part>
  Matrix<double> side_by_side(const Part& part) const {
    auto first = part(0);
    if (circuits_.size() == 1) return first;
    const auto width = first.columns();
    Matrix<double> all(first.rows(), circuits_.size() * width);
    for (std::size_t start = 0; start < circuits_.size(); ++start) {
      if (start > 0) first = part(start);
      for (std::size_t r = 0; r < all.rows(); ++r)
        std::ranges::copy(first.row(r), all.row(r).subspan(start * width, width).begin());
    }
    return all;
  }

  int features_;
  std::size_t width_ = 0;
  std::vector<Encoder> encoders_;  // one a start
  std::vector<Prepared> circuits_;
};

class ProjectedMachine : public RowModel {
 public:
  ProjectedMachine(Projection projection, const Matrix<double>& projected, KernelModel model, double gamma)
      : projection_(std::move(projection)),
        support_(take_rows(projected, model.support())),
        model_(std::move(model)),
        gamma_(gamma) {}
  /// @param support expectations of the rows that the model compares with
  ProjectedMachine(Projection projection, KernelModel model, Matrix<double> support, double gamma)
      : projection_(std::move(projection)),
        support_(std::move(support)),
        model_(std::move(model)),
        gamma_(gamma) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return compare(projection_.of(x, context));
  }
  FitInfo info() const override { return model_.info(); }
  void save(Archive& archive) const override {
    archive.set("columns", projection_.features());
    archive.set("vectors", support_);
    archive.set("gamma", gamma_);
    model_.save(archive);
  }

 private:
  Answer compare(const Matrix<double>& projected) const {
    return model_.predict(rbf_kernel(projected, support_, gamma_));
  }

  Projection projection_;
  Matrix<double> support_;  // Pauli expectations of the rows that the model compares with
  KernelModel model_;
  double gamma_;
};

std::unique_ptr<Fitted> fit(const Contender& spec, KernelLearner learner, bool separable,
                            const Samples& samples, const Settings& settings, const FitContext& context) {
  Projection projection(spec, settings, static_cast<int>(samples.x.columns()), separable, *context.executor);
  const auto projected = projection.of(samples.x, context);
  const double gamma = number(spec, settings, "gamma-scale") * scale_gamma(projected);
  auto model =
      kernel_trainer(learner, spec, settings)(rbf_kernel(projected, projected, gamma), samples, context);
  return std::make_unique<ProjectedMachine>(std::move(projection), projected, std::move(model), gamma);
}

std::unique_ptr<Fitted> load(const Contender& spec, bool separable, const Archive& saved,
                             const Settings& settings, const FitContext& context) {
  Projection projection(spec, settings, static_cast<int>(circuit_columns_from(saved)), separable,
                        *context.executor);
  auto model = KernelModel::load(saved);
  const auto& support = saved.matrix("vectors");
  require_saved(support.rows() == model.support().size() && support.columns() == projection.width(),
                "the expectations of each row that the model compares with");
  return std::make_unique<ProjectedMachine>(std::move(projection), std::move(model), support,
                                            saved.number("gamma"));
}

std::vector<HyperParameter> projected_hyperparameters(KernelLearner learner) {
  auto all = encoding_hyperparameters({"iqp-full", "zz-map", "heisenberg"});
  all.insert(all.end(), {{.name = "starts",
                          .summary = "number of random product states that heisenberg starts from",
                          .values = {8.0},
                          .range = whole(1000)},
                         {.name = "projections",
                          .summary = "Paulis of one qubit, or products on neighbours, too",
                          .values = {"one-qubit", "neighbours"}},
                         {.name = "gamma-scale",
                          .summary = "gamma in units of 1 / (columns * variance) of the expectations",
                          .values = {1.0, 0.3, 3.0}}});
  for (auto& parameter : learner_hyperparameters(learner)) all.push_back(std::move(parameter));
  return all;
}

/// @param self the record that is made, whose hyperparameters are read when it is fitted
Contender projected_record(const std::string& name, KernelLearner learner, bool separable,
                           const Contender& self) {
  const std::string twin = name + "-separable";
  Contender spec{
      .name = separable ? twin : name,
      .summary = separable
                     ? name + " without entanglers: Pauli expectations of a product state"
                     : fmt::format("support-vector {} with an RBF kernel on the Pauli expectations of every "
                                   "qubit of encoded states",
                                   learner == KernelLearner::svm ? "machine" : "regression"),
      .source = "Huang et al., Nature Communications 12, 2631 (2021), arXiv:2011.01938",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = projected_hyperparameters(learner),
      .fit = on_rows([=, &self](const Samples& samples, const Settings& settings, const FitContext& context) {
        return fit(self, learner, separable, samples, settings, context);
      }),
      .load = [=, &self](
                  const Archive& saved, const Settings& settings,
                  const FitContext& context) { return load(self, separable, saved, settings, context); },
      .solves = {kind_of(learner)},
      .twin = separable ? "" : twin,
  };
  return with_encoding_circuit(std::move(spec), self, separable);
}

}  // namespace

const Contender projected_kernel =
    projected_record("projected-kernel", KernelLearner::svm, false, projected_kernel);
const Contender projected_kernel_separable =
    projected_record("projected-kernel", KernelLearner::svm, true, projected_kernel_separable);
const Contender projected_kernel_svr =
    projected_record("projected-kernel-svr", KernelLearner::svr, false, projected_kernel_svr);
const Contender projected_kernel_svr_separable =
    projected_record("projected-kernel-svr", KernelLearner::svr, true, projected_kernel_svr_separable);

}  // namespace qupel
