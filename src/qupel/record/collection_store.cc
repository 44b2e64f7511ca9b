#include <fmt/format.h>
#include <fmt/ranges.h>

#include "qupel/base/hash.h"
#include "qupel/record/run_folder.h"
#include "qupel/record/run_store.h"

// Collections in the store: a folder that names its members, which are runs beside it.
namespace qupel {
namespace {

CollectionSpec rooted(CollectionSpec spec) {
  for (auto& member : spec.members) member = rooted(std::move(member));
  return spec;
}

void require_collection(const RunInfo& run) {
  if (run.members.empty()) throw InputError(fmt::format("{} is a run on one data set", run.id));
}

}  // namespace

RunInfo RunStore::open(const CollectionSpec& relative, std::span<const std::unique_ptr<Problem>> problems,
                       int trials_total) {
  const auto spec = rooted(relative);
  auto wanted = new_manifest(spec.name, spec.members.front().seed, trials_total);
  wanted.study = to_toml(spec);
  wanted.study_hash = study_hash(spec, problems);
  std::string data;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    data += problems[i]->facts().data_hash + "\n";
    names.push_back(data_set_name(spec.members[i]));
    const auto member = manifest_of(spec.members[i], *problems[i], 0);
    wanted.members.push_back(folder_of(root_, member).filename().string());
  }
  wanted.data_hash = sha256(data);
  wanted.source = fmt::format("{}", fmt::join(names, ", "));
  const auto folder = folder_of(root_, wanted);
  create_folder(folder);
  settle(folder, std::move(wanted));
  return find(folder.string());
}

CollectionResult RunStore::finish(const RunInfo& collection, CollectionResult result) {
  auto manifest = read_manifest(collection.directory).value();
  result.run = collection.directory.string();
  manifest.members.clear();
  for (const auto& set : result.data_sets) manifest.members.push_back(set.run);
  finish_folder(collection.directory, manifest, to_json(result), result.verdict, result.results_hash);
  return result;
}

CollectionResult RunStore::collection_result(const RunInfo& run) const {
  require_collection(run);
  return stored_result(run, collection_result_from_json);
}

CollectionSpec RunStore::collection(const RunInfo& run) const {
  require_collection(run);
  const auto manifest = read_manifest(run.directory);
  return parse_collection(manifest->study, manifest_file(run.directory).string(), catalogue_);
}

std::vector<RunInfo> RunStore::members(const RunInfo& run) const {
  std::vector<RunInfo> members;
  for (const auto& id : run.members) members.push_back(find((run.directory.parent_path() / id).string()));
  return members;
}

}  // namespace qupel
