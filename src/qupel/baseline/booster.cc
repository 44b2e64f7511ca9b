#include "qupel/baseline/booster.h"

#include <xgboost/c_api.h>

#include <cmath>
#include <string_view>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

void check(int status) {
  if (status != 0) throw InputError(std::string("XGBoost: ") + XGBGetLastError());
}

struct FreeMatrix {
  void operator()(void* handle) const { XGDMatrixFree(handle); }
};
using DataMatrix = std::unique_ptr<void, FreeMatrix>;

DataMatrix data_matrix(const Matrix<double>& x) {
  const std::vector<float> values(x.values().begin(), x.values().end());
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat_omp(values.data(), x.rows(), x.columns(), std::nanf(""), &handle, 1));
  return DataMatrix(handle);
}

/// A booster's verbosity becomes that of its thread; this gives back to the thread the settings that it had.
class ThreadSettings {
 public:
  ThreadSettings() {
    const char* json = nullptr;
    check(XGBGetGlobalConfig(&json));
    before_ = json;
  }
  ~ThreadSettings() { XGBSetGlobalConfig(before_.c_str()); }
  ThreadSettings(const ThreadSettings&) = delete;
  ThreadSettings& operator=(const ThreadSettings&) = delete;

 private:
  std::string before_;
};

std::size_t occurrences(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + word.size()))
    ++count;
  return count;
}

}  // namespace

void Booster::Free::operator()(void* handle) const { XGBoosterFree(handle); }

void Booster::create(void* cached) {
  const DMatrixHandle matrices[] = {cached};
  BoosterHandle handle = nullptr;
  check(XGBoosterCreate(matrices, cached ? 1 : 0, &handle));
  handle_.reset(handle);
  check(XGBoosterSetParam(handle, "nthread", "1"));
  check(XGBoosterSetParam(handle, "verbosity", "0"));
}

Booster::Booster(const Matrix<double>& x, std::span<const float> targets, const BoosterParameters& parameters,
                 int rounds) {
  const ThreadSettings kept;
  const auto data = data_matrix(x);
  check(XGDMatrixSetFloatInfo(data.get(), "label", targets.data(), targets.size()));
  create(data.get());
  BoosterHandle handle = handle_.get();
  for (const auto& [name, value] : parameters) check(XGBoosterSetParam(handle, name.c_str(), value.c_str()));
  for (int round = 0; round < rounds; ++round) {
    check_interrupt();
    check(XGBoosterUpdateOneIter(handle, round, data.get()));
  }
}

Matrix<double> Booster::predict(const Matrix<double>& x) const {
  const ThreadSettings kept;
  const auto data = data_matrix(x);
  constexpr auto config =
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(handle_.get(), data.get(), config, &shape, &dimensions, &values));
  Matrix<double> output(x.rows(), shape[1]);
  std::copy_n(values, output.values().size(), output.data());
  return output;
}

std::size_t Booster::columns() const {
  bst_ulong count = 0;
  check(XGBoosterGetNumFeature(handle_.get(), &count));
  return count;
}

std::string Booster::bytes() const {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  check(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format": "ubj"})", &length, &bytes));
  return {bytes, length};
}

Booster Booster::from_bytes(const std::string& bytes) {
  Booster booster;
  booster.create(nullptr);
  check(XGBoosterLoadModelFromBuffer(booster.handle_.get(), bytes.data(), bytes.size()));
  return booster;
}

long Booster::leaves() const {
  const ThreadSettings kept;
  bst_ulong trees = 0;
  const char** text = nullptr;
  check(XGBoosterDumpModelEx(handle_.get(), "", 0, "text", &trees, &text));
  std::size_t count = 0;
  for (bst_ulong i = 0; i < trees; ++i) count += occurrences(text[i], "leaf=");
  return static_cast<long>(count);
}

}  // namespace qupel
