#pragma once
#include <string>
#include <vector>

#include "qupel/study/result.h"

// Studies for the tests of this folder: invented numbers of a likely size, real circuits and comparisons.
namespace qupel::report {

/// An audit of a table with three classes: every family, comparisons, findings, one warning.
StudyResult example_study();

/// The same as a version of Qupel wrote it that knew no sides, plan, looks, seeds or shots in the verdict.
StudyResult example_of_older_version();

/// The same with two classes, so with ROC curves; undecided, at a second look, a lead that shots take away.
StudyResult example_with_two_classes();

/// The same of a number: errors in a unit without a name, of which less is better; predictions, no classes.
StudyResult example_of_numbers();

/// Of a kind of problem that this program does not know: no table, a share and a number without bounds.
StudyResult example_of_factors();

/// The same on two devices: one with a map, a time line and mitigation that helps, one of an older version.
StudyResult example_on_devices();

/// A comparison with the numbers that a test needs.
Comparison comparison_with(Verdict verdict, double p_worse, double p_equivalent, double p_better);

/// The same with `text` wherever a user's or the machine's words may stand.
StudyResult study_with_text(const std::string& text);

struct NamedStudy {
  std::string name;
  StudyResult result;
};
/// What reports must survive: a result without anything, no comparisons, one fixed split, families that are
/// missing, NaN and infinite metrics, huge names, a refused study.
std::vector<NamedStudy> edge_studies();

/// Leaves a page where scripts/check-report looks for those that it opens in a browser.
void keep_page(const std::string& name, const std::string& page);

}  // namespace qupel::report
