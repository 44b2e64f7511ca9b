#include "qupel/contend/saving.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr std::size_t most = 1'000'000;  // columns or outputs

}  // namespace

Archive to_archive(const Settings& settings) {
  Archive archive;
  for (const auto& [name, value] : settings)
    std::visit([&, &key = name](const auto& held) { archive.set(key, held); }, value);
  return archive;
}

Settings settings_from(const Archive& saved, const Contender& spec) {
  Settings settings;
  for (const auto& name : saved.names()) {
    const auto found = std::ranges::find(spec.hyperparameters, name, &HyperParameter::name);
    require_saved(found != spec.hyperparameters.end(),
                  fmt::format("\"{}\" is no setting of {}", name, spec.name));
    if (found->takes_names()) {
      settings[name] = saved.text(name);
      const auto names = found->names();
      require_saved(std::ranges::find(names, saved.text(name)) != names.end(),
                    fmt::format("{} of {} is \"{}\"", name, spec.name, saved.text(name)));
    } else {
      settings[name] = saved.number(name);
      require_saved(found->range.holds(saved.number(name)),
                    fmt::format("{} of {} is {:g}", name, spec.name, saved.number(name)));
    }
  }
  return settings;
}

Archive to_archive(const FitInfo& info) {
  Archive archive;
  archive.set("converged", info.converged);
  archive.set("reason", info.reason);
  archive.set("steps", info.steps);
  archive.set("losses", info.losses);
  archive.set("parameters", std::int64_t{info.parameters});
  return archive;
}

FitInfo fit_info_from(const Archive& saved) {
  return {.converged = saved.flag("converged"),
          .reason = saved.text("reason"),
          .steps = saved.size("steps"),
          .losses = saved.numbers("losses"),
          .parameters = static_cast<long>(saved.whole("parameters", 0))};
}

void save(Archive& archive, const SavedShape& shape) {
  archive.set("columns", shape.columns);
  archive.set("outputs", shape.outputs);
}

std::size_t columns_from(const Archive& saved) {
  const auto columns = saved.size("columns", most);
  require_saved(columns > 0, "columns");
  return columns;
}

SavedShape shape_from(const Archive& saved) {
  const SavedShape shape{columns_from(saved), saved.size("outputs", most)};
  require_saved(shape.outputs > 0, "classes or a number");
  return shape;
}

}  // namespace qupel
