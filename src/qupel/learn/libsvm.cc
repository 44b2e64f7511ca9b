#include "qupel/learn/libsvm.h"

#include <fmt/format.h>
#include <pthread.h>

#include <mutex>
#include <new>
#include <utility>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr double cache_megabytes = 200;

/// While one lives LIBSVM prints nothing, after the last one as it does by itself. (It cannot be asked what
/// was set before.)
class Silence {
 public:
  Silence() { count(1); }
  ~Silence() { count(-1); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  /// In a child after fork(): those of its parent's other threads are gone.
  static void forget() {
    new (&mutex) std::mutex;
    if (std::exchange(living, 0) > 0) svm_set_print_string_function(nullptr);
  }

 private:
  static void count(int change) {
    const std::scoped_lock lock(mutex);
    const bool silent = living > 0;
    living += change;
    if (silent != (living > 0)) svm_set_print_string_function(silent ? nullptr : +[](const char*) {});
  }

  static std::mutex mutex;
  static int living;
};
std::mutex Silence::mutex;
int Silence::living = 0;
const int forgotten_after_fork = pthread_atfork(nullptr, nullptr, Silence::forget);

}  // namespace

svm_parameter libsvm_parameters(bool is_kernel, double gamma, double C, double tolerance) {
  svm_parameter parameter{};
  parameter.kernel_type = is_kernel ? PRECOMPUTED : RBF;
  parameter.gamma = gamma;
  parameter.cache_size = cache_megabytes;
  parameter.eps = tolerance;
  parameter.C = C;
  parameter.shrinking = 1;
  return parameter;
}

LibsvmModel train_libsvm(std::span<double> targets, std::span<svm_node*> rows,
                         const svm_parameter& parameter) {
  const svm_problem problem{static_cast<int>(rows.size()), targets.data(), rows.data()};
  if (const char* fault = svm_check_parameter(&problem, &parameter))
    throw InputError(fmt::format("support-vector machine with C = {:g} and gamma = {:g}: LIBSVM says \"{}\"",
                                 parameter.C, parameter.gamma, fault));
  const Silence while_training;
  return LibsvmModel(svm_train(&problem, &parameter));
}

}  // namespace qupel
