#include "qupel/cli/collection.h"

#include <fmt/format.h>

#include "qupel/report/report.h"

namespace qupel::cli {
namespace {

int trials_of(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < problems.size(); ++i)
    total += problems[i]->splits(splitting_of(spec.members[i])).size() * spec.members[i].entries.size();
  return static_cast<int>(total);
}

}  // namespace

std::string place(std::size_t index, std::size_t count) {
  return fmt::format("data set {} of {}", index + 1, count);
}

void run_collection(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems,
                    const SessionOptions& options, const Console& console) {
  auto store = run_store(options.out);
  const auto collection = store.open(spec, problems, trials_of(spec, problems));
  console.say(fmt::format("collection: {} contenders on {} data sets; {}",
                          spec.members.front().entries.size(), problems.size(),
                          collection.directory.string()));
  std::vector<StudyResult> members;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const auto where = place(i, problems.size());
    console.say(fmt::format("{}: {}", where, data_set_name(spec.members[i])));
    say_data(*problems[i], console);
    members.push_back(run_to_result(spec.members[i], *problems[i], options, console, where));
  }
  const auto result = store.finish(collection, summarise_collection(spec, members));
  write_report(result);
  console.print(options.json ? summary_json(result, members) + "\n"
                             : outcome(text_report(result, console.width(), console.colour()), result.run));
}

std::vector<StudyResult> member_results(const RunStore& store, const RunInfo& collection) {
  std::vector<StudyResult> results;
  for (const auto& member : store.members(collection)) results.push_back(store.result(member));
  return results;
}

}  // namespace qupel::cli
