#include <fmt/format.h>

#include "qupel/report/collection_sections.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/page.h"
#include "qupel/report/report.h"

namespace qupel {

std::string html_report(const CollectionResult& result) {
  using namespace report;
  return page(fmt::format("{}: {}", result.name, to_string(result.verdict)), collection_header(result),
              {{"table", "All contenders on every data set", "Scores", collection_table(result)},
               {"ranks", "Which contenders differ", "Ranks", ranks_section(result)},
               {"tests", "The tests on ranks", "Tests", rank_tests_section(result)},
               {"checks", "What was refused", "Checks", collection_checks(result)},
               {"method", "Method in short", "Method", paragraph("", escaped(as_sentence(result.protocol)))},
               {"replay", "Do it again", "Do it again", collection_replay(result)}});
}

}  // namespace qupel
