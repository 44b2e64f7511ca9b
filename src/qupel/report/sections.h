#pragma once
#include <string>

#include "qupel/study/result.h"

// The parts of the page, one a file. Each returns the markup below its heading, or "" when the study has
// nothing to show there.
namespace qupel::report {

std::string verdict_header(
    const StudyResult& result);  ///< the answer, its reason and probabilities, warnings, how far it reaches
std::string cost_table(const StudyResult& result);           ///< what each family really costs, measured
std::string drawings_section(const StudyResult& result);     ///< answers in the problem's own pictures
std::string overview_section(const StudyResult& result);     ///< charts of all contenders together
std::string scores_section(const StudyResult& result);       ///< every contender's folds, mean and interval
std::string metrics_section(const StudyResult& result);      ///< all measures with their intervals
std::string differences_section(const StudyResult& result);  ///< paired differences against best classical
std::string reduction_section(const StudyResult& result);  ///< what fewer columns cost, what the model costs
std::string entanglement_section(
    const StudyResult& result);                         ///< quantum contenders against their separable twins
std::string rows_section(const StudyResult& result);    ///< the lead and the scores by training rows
std::string shots_section(const StudyResult& result);   ///< exact expectation values against finite shots
std::string device_section(const StudyResult& result);  ///< what devices make of quantum contenders
std::string training_section(const StudyResult& result);     ///< training loss by step
std::string settings_section(const StudyResult& result);     ///< what tuning chose
std::string spending_section(const StudyResult& result);     ///< seconds by stage, circuits, shots, gates
std::string encoding_section(const StudyResult& result);     ///< growth with the features, one million rows
std::string circuits_section(const StudyResult& result);     ///< drawings and resources
std::string confusion_section(const StudyResult& result);    ///< which classes are taken for which
std::string predictions_section(const StudyResult& result);  ///< of numbers: predicted against true
std::string roc_section(const StudyResult& result);          ///< of two classes
std::string calibration_section(
    const StudyResult& result);                         ///< stated probability against how often it was right
std::string checks_section(const StudyResult& result);  ///< the integrity checks
std::string data_section(const StudyResult& result);    ///< what was read and done about it
std::string method_section(const StudyResult& result);  ///< protocol, statistics, decision rule
std::string replay_section(const StudyResult& result);  ///< commands, hashes, versions, machine

}  // namespace qupel::report
