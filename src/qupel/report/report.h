#pragma once
#include <string>

#include "qupel/study/collection.h"
#include "qupel/study/result.h"

namespace qupel {

/// One self-contained HTML page: no network, light and dark, printable, readable on a phone.
std::string html_report(const StudyResult& result);

/// The page over several data sets; it leads to its members' pages, in the folders beside its own.
std::string html_report(const CollectionResult& result);

/// The verdict table as text for a terminal, `width` columns.
std::string text_report(const StudyResult& result, int width = 100, bool colour = false);

/// Ranks and verdicts over several data sets as text, likewise.
std::string text_report(const CollectionResult& result, int width = 100, bool colour = false);

}  // namespace qupel
