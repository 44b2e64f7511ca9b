#include "qupel/model/kernel_hyperparameters.h"

#include <numbers>
#include <utility>

#include "qupel/encode/encoding.h"

namespace qupel {

std::vector<std::string> encoding_names() {
  std::vector<std::string> names;
  for (const auto* spec : encodings()) names.emplace_back(spec->name);
  return names;
}

// Which of these a table needs is all or nothing: a kernel is matched at one point of the four that are
// covered and says little beside it, while any C from 1 to 1000 will do. So their points are few, forty for
// two encodings, and a search of forty settings can try them all. The map of Havlicek et al. is met twice, as
// zz-map at pi with whole pairs and as iqp-full at 2 pi with half. Three repeats and double pairs were tried
// on all tables and were best on none.
std::vector<HyperParameter> encoding_hyperparameters(std::vector<Setting> tried) {
  using std::numbers::pi;
  return {{.name = "encoding",
           .summary = "features to circuit",
           .values = std::move(tried),
           .cover = true,
           .more_names = encoding_names()},
          {.name = "bandwidth",
           .summary = "radians a unit of a feature (features lie in [-1, 1]; for zz-map in [0, 2])",
           .values = {pi / 2, pi, pi / 4, 2 * pi, pi / 8},
           .cover = true},
          {.name = "pair-bandwidth",
           .summary = "factor on the angles of pairs, for encodings that have them",
           .values = {1.0, 0.5},
           .cover = true},
          {.name = "repeats",
           .summary = "of the encoding",
           .values = {1.0, 2.0},
           .range = whole(100),
           .cover = true},
          {.name = "pairs", .summary = "entangled by the encoding", .values = {"full"}}};
}

std::vector<HyperParameter> learner_hyperparameters(KernelLearner learner) {
  const std::string errors = "weight of the training errors";
  switch (learner) {
    case KernelLearner::svm:
      return {{.name = "C", .summary = errors, .values = {10.0, 1.0, 100.0, 1000.0, 0.1}}};
    case KernelLearner::svr:
      return {{.name = "C",
               .summary = errors + ", targets being standardised",
               .values = {1.0, 10.0, 0.1, 100.0}},
              {.name = "epsilon",
               .summary = "errors that cost nothing, in standard deviations of the targets",
               .values = {0.1, 0.01, 0.3},
               .range = zero_too}};
    case KernelLearner::ridge:
      return {{.name = "alpha",
               .summary = "factor of the squared norm in the sum of squared errors",
               .values = {0.1, 1.0, 0.01, 0.001, 10.0}}};
  }
  return {};
}

KernelTrainer kernel_trainer(KernelLearner learner, const Contender& spec, const Settings& settings) {
  switch (learner) {
    case KernelLearner::svm:
      return by_svm(number(spec, settings, "C"));
    case KernelLearner::svr:
      return by_svr(number(spec, settings, "C"), number(spec, settings, "epsilon"));
    case KernelLearner::ridge:
      return by_ridge(number(spec, settings, "alpha"));
  }
  return {};
}

std::string kind_of(KernelLearner learner) {
  return learner == KernelLearner::svm ? "classification" : "regression";
}

}  // namespace qupel
