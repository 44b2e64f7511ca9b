#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "qupel/problem/tabular/tabular.h"
#include "qupel/study/spec.h"

namespace qupel {

/// One outer split; rows in ascending order.
struct Split {
  int repeat = 0, fold = 0;
  std::vector<std::size_t> train, test;
};

/// The outer splits of a study, repeat after repeat; the same for all contenders.
std::vector<Split> outer_splits(const StudySpec& spec, const TabularProblem& problem);

/// Rows prepared by what was fitted on the training part alone, for both kinds of inputs.
struct PreparedRows {
  Matrix<double> all;
  std::map<Scale, Matrix<double>> reduced;  ///< Scale::angle only where the study asks for it
};
struct FoldData {
  PreparedRows train, test;
  std::vector<int> train_labels, test_labels;
};
FoldData prepare_fold(const StudySpec& spec, const TabularProblem& problem,
                      const std::vector<std::size_t>& train, const std::vector<std::size_t>& test);

/// Everything that trials of one split share: the final fold and the inner folds for tuning.
struct SplitData {
  FoldData outer;
  std::vector<FoldData> inner;
};
/// @param groups duplicate_groups(problem)
SplitData prepare_split(const StudySpec& spec, const TabularProblem& problem,
                        const std::vector<std::size_t>& groups, const Split& split);

/// Hands out a split's data to the trials that need it: made once, dropped after the last.
class SplitCache {
 public:
  SplitCache(const StudySpec& spec, const TabularProblem& problem, const std::vector<Split>& splits,
             std::vector<std::size_t> uses);
  std::shared_ptr<const SplitData> take(std::size_t split);

 private:
  struct Slot {
    std::mutex mutex;
    std::shared_ptr<const SplitData> data;
    std::size_t uses_left = 0;
  };
  const StudySpec& spec_;
  const TabularProblem& problem_;
  const std::vector<Split>& splits_;
  std::vector<std::size_t> groups_;
  std::vector<Slot> slots_;
};

}  // namespace qupel
