#include <fmt/format.h>

#include <array>

#include "qupel/report/page.h"
#include "qupel/report/report.h"
#include "qupel/report/sections.h"

namespace qupel {
namespace report {
namespace {

struct Section {
  std::string_view id, title, short_title;
  std::string (*content)(const StudyResult&);
};

/// The page below the verdict, in reading order: the answer, why, what it costs, what happened, whether to
/// trust it.
constexpr std::array sections{
    Section{"cost", "What it really costs", "Cost", cost_table},
    Section{"scores", "All contenders on the same splits", "Scores", scores_section},
    Section{"overview", "All contenders together", "Together", overview_section},
    Section{"drawings", "The answers", "Answers", drawings_section},
    Section{"measures", "By every measure", "Measures", metrics_section},
    Section{"differences", "Paired differences", "Differences", differences_section},
    Section{"reduction", "What fewer columns cost, what the model costs", "Reduction", reduction_section},
    Section{"entanglement", "Is entanglement doing anything?", "Entanglement", entanglement_section},
    Section{"rows", "Does the difference grow with rows?", "More rows", rows_section},
    Section{"shots", "Exact values against finite shots", "Shots", shots_section},
    Section{"devices", "On real devices", "Devices", device_section},
    Section{"spending", "Where the time went", "Time and circuits", spending_section},
    Section{"encoding", "Loading data", "Loading data", encoding_section},
    Section{"circuits", "The circuits", "Circuits", circuits_section},
    Section{"confusion", "Where they are wrong", "Errors", confusion_section},
    Section{"predictions", "Predicted against true", "Predictions", predictions_section},
    Section{"roc", "Every threshold at once", "ROC", roc_section},
    Section{"calibration", "Does the stated probability hold?", "Calibration", calibration_section},
    Section{"training", "Training curves", "Training", training_section},
    Section{"settings", "What tuning chose", "Tuning", settings_section},
    Section{"checks", "What was checked", "Checks", checks_section},
    Section{"data", "What was read", "Data", data_section},
    Section{"method", "Method in short", "Method", method_section},
    Section{"replay", "Do it again", "Do it again", replay_section},
};

}  // namespace
}  // namespace report

std::string html_report(const StudyResult& result) {
  using namespace report;
  std::vector<Part> parts;
  for (const auto& section : sections)
    parts.push_back({section.id, section.title, section.short_title, section.content(result)});
  return page(fmt::format("{}: {}", result.name, to_string(result.verdict)), verdict_header(result), parts);
}

}  // namespace qupel
