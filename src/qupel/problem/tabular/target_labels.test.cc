#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/shown_table.test.h"
#include "qupel/problem/tabular/tabular.h"

// Targets whose labels are numbers, or mostly.
namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string labelled_rows(int count, const std::function<std::string(int)>& label) {
  std::string text = "x;y\n";
  for (int i = 0; i < count; ++i) text += fmt::format("{};{}\n", i * i % 37, label(i));
  return text;
}

DataSet with_labels(int count, const std::function<std::string(int)>& label,
                    TableTask task = TableTask::automatic) {
  return data_set_from_bytes(labelled_rows(count, label), "t.csv", {.target = "y", .task = task});
}

DataSet with_labels_in_turn(const std::vector<std::string>& labels) {
  return with_labels(60, [&](int i) { return labels[static_cast<std::size_t>(i) % labels.size()]; });
}

std::string refusal_of_labels(const std::function<std::string(int)>& label) {
  try {
    with_labels(200, label);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(TargetLabels, ASlipAmongRepeatedNumbersIsNoClass) {
  const auto prices = [](int i) { return i == 17 ? "n.b." : fmt::format("{}", 100 + 7 * (i % 30)); };
  EXPECT_THAT(refusal_of_labels(prices),
              AllOf(HasSubstr("t.csv:19: target \"y\" holds \"n.b.\", which is no number;"),
                    HasSubstr("; if the labels are classes, say so with --task classification")));
  EXPECT_EQ(with_labels(200, prices, TableTask::classification).classes.size(), 30u);
  EXPECT_THAT(refusal_of_labels([&](int i) { return i == 17 ? "?!" : fmt::format("{} kg", i % 30); }),
              HasSubstr("t.csv:19: target \"y\" holds \"?!\", which is no number in kg;"));
}

TEST(TargetLabels, FewNumbersBesideATextAreClassesWithAWarning) {
  const auto data =
      with_labels(60, [](int i) { return i == 17 || i == 18 ? "n.b." : std::to_string(i % 3); });
  EXPECT_THAT(data.classes, ElementsAre("0", "1", "2", "n.b."));
  EXPECT_THAT(told(data.table.findings),
              HasSubstr("!y: 58 of 60 labels are numbers, but these are not, so all are taken as classes: "
                        "\"n.b.\" (line 19)"));
  EXPECT_THAT(told(with_labels_in_turn({"1", "2", "x", "z", "w"}).table.findings),
              Not(HasSubstr("are numbers")));
  EXPECT_EQ(with_labels(60, [](int i) { return fmt::format("{}{}", 1 + i % 12, i % 12 ? "th" : "st"); })
                .classes.size(),
            12u)
      << "ordinals";
  EXPECT_THAT(with_labels_in_turn({"a", "inf"}).classes, ElementsAre("a", "inf"));
}

TEST(TargetLabels, KeepTheirTextUnlessTheyArePlainNumbers) {
  EXPECT_THAT(with_labels_in_turn({"10 mg", "5 mg"}).classes, ElementsAre("5 mg", "10 mg"));
  EXPECT_THAT(with_labels_in_turn({"1-", "-1", "1"}).classes, ElementsAre("-1", "1-", "1"));
  EXPECT_THAT(with_labels_in_turn({"(1)", "(2)", "3"}).classes, ElementsAre("(2)", "(1)", "3"));
  EXPECT_THAT(with_labels_in_turn({"4th", "5th"}).classes, ElementsAre("4th", "5th"));
  EXPECT_THAT(with_labels_in_turn({"1", "1.0", "+2"}).classes, ElementsAre("1", "2"));
}

TEST(TargetLabels, NumbersWhoseSquaresNoNumberHoldsAreRefused) {
  const auto refusal = [](std::string_view unit) {
    return refusal_of_labels([=](int i) { return fmt::format("{}.5{}", i + 1, unit); });
  };
  EXPECT_EQ(refusal("e-30"), "");
  EXPECT_EQ(refusal("e60"), "");
  EXPECT_THAT(refusal("e80"), HasSubstr("target \"y\" holds 1.5e+80: beyond 1e+75"));
  EXPECT_THAT(refusal("e-90"), HasSubstr("differ by 1.99e-88 at most"));
}

TEST(TargetLabels, ThatMergeAreTold) {
  const auto merged = [](std::vector<std::string> labels) {
    const auto all = told(with_labels_in_turn(labels).table.findings);
    const auto at = all.find("one class: ");
    return at == all.npos ? "" : all.substr(at + 11, all.find("; if they are codes") - at - 11);
  };
  EXPECT_EQ(merged({"3.1", "3.10", "3.2"}), "\"3.1\" = \"3.10\"");
  EXPECT_EQ(merged({"10 mg", "10mg", "5 mg"}), "\"10 mg\" = \"10mg\"");
  EXPECT_EQ(merged({"\u22121", "-1", "1"}), "\"-1\" = \"\u22121\"");
  EXPECT_THAT(merged({"1", "1.0", "1.00", "+1", "2"}), IsEmpty());
  EXPECT_THAT(merged({"1-", "-1"}), IsEmpty());
}

TEST(NumberSpellings, ATrailingMinusIsWarnedOf) {
  EXPECT_THAT(
      told(typed("a;b\n1-;x\n2;y\n3;x\n").findings),
      HasSubstr("!a: numbers are written with the minus sign after the number (1 cell); if that is no sign"));
}

}  // namespace
}  // namespace qupel
