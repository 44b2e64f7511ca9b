#pragma once
#include <string>

#include "qupel/study/result.h"

namespace qupel {

/// One self-contained HTML page: no network, light and dark, printable, readable on a phone.
std::string html_report(const StudyResult& result);

/// The verdict table as text for a terminal, `width` columns.
std::string text_report(const StudyResult& result, int width = 100, bool colour = false);

}  // namespace qupel
