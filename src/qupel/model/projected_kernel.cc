#include <algorithm>
#include <array>
#include <utility>

#include "qupel/learn/svm.h"
#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/kernel_hyperparameters.h"
#include "qupel/model/records.h"

// The projected quantum kernel of Huang et al. 2021: rows are described by Pauli expectations of their
// encoded states, that is by reduced states of a qubit (or of two neighbours), and compared by an RBF kernel.
// Where the fidelity of whole states vanishes between any two rows, those of single qubits still tell them
// apart.
namespace qupel {
namespace {

constexpr std::array paulis{'X', 'Y', 'Z'};

Observable string(PauliString pauli) { return {{{1, std::move(pauli)}}}; }

/// X, Y and Z of every qubit; with neighbours also the nine products of them on qubits q and q + 1.
std::vector<Observable> projections(int qubits, bool neighbours) {
  std::vector<Observable> all;
  for (int q = 0; q < qubits; ++q)
    for (const char pauli : paulis) all.push_back(string({{{q, pauli}}}));
  for (int q = 0; neighbours && q + 1 < qubits; ++q)
    for (const char first : paulis)
      for (const char second : paulis) all.push_back(string({{{q, first}, {q + 1, second}}}));
  return all;
}

/// Rows to the expectations that describe them. An encoding with start states runs from several, for what one
/// of them leaves out: their expectations stand side by side.
class Projection {
 public:
  Projection(const Settings& settings, int features, bool separable, Executor& executor) {
    const Encoder first(projected_kernel, settings, separable);
    const int starts = first.chosen().spec->starts ? count(projected_kernel, settings, "starts") : 1;
    for (int start = 1; start <= starts; ++start) {
      auto encoder = first.from(start);
      const auto circuit = encoder.circuit(features);
      circuits_.push_back(executor.prepare(
          circuit,
          projections(circuit.qubits(), text(projected_kernel, settings, "projections") == "neighbours")));
      encoders_.push_back(std::move(encoder));
    }
  }

  /// @return rows x (starts * Pauli strings)
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

  std::vector<Encoder> encoders_;  // one a start
  std::vector<Prepared> circuits_;
};

class ProjectedMachine : public RowModel {
 public:
  ProjectedMachine(Projection projection, const Matrix<double>& projected, Svm svm, double gamma)
      : projection_(std::move(projection)),
        support_(take_rows(projected, svm.support())),
        svm_(std::move(svm)),
        gamma_(gamma) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return svm_.predict(rbf_kernel(projection_.of(x, context), support_, gamma_));
  }
  FitInfo info() const override { return svm_.info(); }

 private:
  Projection projection_;
  Matrix<double> support_;  // Pauli expectations of the support vectors
  Svm svm_;
  double gamma_;
};

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context,
                            bool separable) {
  Projection projection(settings, static_cast<int>(samples.x.columns()), separable, *context.executor);
  const auto projected = projection.of(samples.x, context);
  const double gamma = number(projected_kernel, settings, "gamma-scale") * scale_gamma(projected);
  auto svm = train_svm(rbf_kernel(projected, projected, gamma), samples,
                       number(projected_kernel, settings, "C"), context);
  return std::make_unique<ProjectedMachine>(std::move(projection), projected, std::move(svm), gamma);
}

std::vector<HyperParameter> hyperparameters() {
  auto all = encoding_hyperparameters({"iqp-full", "zz-map", "heisenberg"});
  all.insert(
      all.end(),
      {{.name = "starts",
        .summary = "number of random product states that heisenberg starts from",
        .values = {8.0},
        .range = whole(1000)},
       {.name = "projections",
        .summary = "Paulis of one qubit, or products on neighbours, too",
        .values = {"one-qubit", "neighbours"}},
       {.name = "gamma-scale",
        .summary = "gamma in units of 1 / (columns * variance) of the expectations",
        .values = {1.0, 0.3, 3.0}},
       {.name = "C", .summary = "weight of the training errors", .values = {10.0, 1.0, 100.0, 1000.0, 0.1}}});
  return all;
}

Contender record(bool separable) {
  Contender spec{
      .name = separable ? "projected-kernel-separable" : "projected-kernel",
      .summary = separable ? "projected-kernel without entanglers: Pauli expectations of a product state"
                           : "support-vector machine with an RBF kernel on the Pauli expectations of every "
                             "qubit of encoded states",
      .source = "Huang et al., Nature Communications 12, 2631 (2021), arXiv:2011.01938",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = hyperparameters(),
      .fit =
          on_rows([separable](const Samples& samples, const Settings& settings, const FitContext& context) {
            return fit(samples, settings, context, separable);
          }),
      .twin = separable ? "" : "projected-kernel-separable",
  };
  return with_circuit(
      std::move(spec),
      [separable](int columns, const Settings& settings) {
        return Encoder(projected_kernel, settings, separable).circuit(columns);
      },
      [separable](const Settings& settings) {
        return Encoder(projected_kernel, settings, separable).chosen();
      });
}

}  // namespace

const Contender projected_kernel = record(false);
const Contender projected_kernel_separable = record(true);

}  // namespace qupel
