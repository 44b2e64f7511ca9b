#pragma once
#include <libsvm/svm.h>

#include <memory>
#include <span>
#include <vector>

#include "qupel/learn/svm_rows.h"

// LIBSVM's types, for the files that train with it.
namespace qupel {

struct FreeLibsvmModel {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};
using LibsvmModel = std::unique_ptr<svm_model, FreeLibsvmModel>;

/// LIBSVM's rows. A precomputed row is its number, then the kernel with all rows.
struct SvmRows::Nodes {
  std::vector<svm_node> storage;
  std::size_t width;

  Nodes(const Matrix<double>& values, bool is_kernel) : width(values.columns() + (is_kernel ? 2 : 1)) {
    storage.reserve(values.rows() * width);
    for (std::size_t r = 0; r < values.rows(); ++r) {
      if (is_kernel) storage.push_back({0, static_cast<double>(r + 1)});
      for (std::size_t c = 0; c < values.columns(); ++c)
        storage.push_back({static_cast<int>(c) + 1, values(r, c)});
      storage.push_back({-1, 0});
    }
  }
  svm_node* row(std::size_t r) { return storage.data() + r * width; }
};

/// What all machines have in common; svm_type is still to be set.
svm_parameter libsvm_parameters(bool is_kernel, double gamma, double C, double tolerance);

/// Trains without printing. The model points into `rows`.
/// @throws InputError with LIBSVM's words for a parameter out of its range
LibsvmModel train_libsvm(std::span<double> targets, std::span<svm_node*> rows,
                         const svm_parameter& parameter);

}  // namespace qupel
