#include "qupel/cli/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/circuit/op_spec.h"
#include "qupel/contenders/contenders.h"
#include "qupel/encode/encoding.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/noise/channel.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel::cli {
namespace {

std::string_view name_of(Structure structure) {
  switch (structure) {
    case Structure::diagonal:
      return "diagonal";
    case Structure::permutation:
      return "permutation";
    case Structure::pauli_rotation:
      return "Pauli rotation";
    case Structure::dense:
      return "dense";
    case Structure::measure:
    case Structure::reset:
    case Structure::barrier:
    case Structure::delay:
    case Structure::set:
    case Structure::clear:
      return "no gate";
  }
  return "";
}

Item item(const OpSpec& spec) {
  Item made{std::string(spec.name), std::string(spec.summary), {}, {}};
  made.facts = {{"qubits", spec.classical()   ? "none"
                           : spec.qubits == 0 ? "any"
                                              : std::to_string(spec.qubits)},
                {"controls", std::to_string(spec.controls)},
                {"angles", std::to_string(spec.angles)},
                {"structure", std::string(name_of(spec.structure))}};
  if (!spec.decomposition.empty()) made.facts.emplace_back("decomposition", spec.decomposition);
  if (!spec.qasm.empty()) made.facts.emplace_back("OpenQASM 3", spec.qasm);
  return made;
}

Item item(const ChannelSpec& spec) {
  Item made{std::string(spec.name), std::string(spec.summary), {}, {}};
  made.facts = {
      {"acts on", spec.qubits == 0 ? "all qubits of an operation together" : "each qubit of an operation"}};
  for (const auto& parameter : spec.parameters) made.facts.emplace_back(parameter.name, parameter.summary);
  made.facts.emplace_back("source", spec.source);
  return made;
}

Item item(const MitigationSpec& spec) {
  Item made{std::string(spec.name), std::string(spec.summary), {}, {}};
  made.facts = {{"assumes", std::string(spec.assumes)}, {"source", std::string(spec.source)}};
  if (!spec.options.empty()) made.facts.emplace_back("options", spec.options);
  return made;
}

Item item(const EncodingSpec& spec) {
  Item made{std::string(spec.name), std::string(spec.summary), {{"source", std::string(spec.source)}}, {}};
  for (const int features : {4, 16, 64}) {
    const auto cost = spec.cost(features, {});
    made.facts.emplace_back(
        fmt::format("{} features", features),
        fmt::format("{} qubits, {} two-qubit gates, depth {}", cost.qubits, cost.two_qubit, cost.depth));
  }
  return made;
}

Item item(const Contender& spec) {
  Item made{std::string(spec.name), std::string(spec.summary), {}, {}};
  made.facts = {{"family", std::string(to_string(spec.family))},
                {"solves", fmt::format("{}", fmt::join(spec.solves, ", "))},
                {"inputs", spec.inputs == Inputs::all ? "all" : "reduced"},
                {"source", std::string(spec.source)}};
  if (!spec.twin.empty()) made.facts.emplace_back("separable twin", spec.twin);
  for (const auto& parameter : spec.hyperparameters) {
    ParameterEntry choice{parameter.name, parameter.summary, {}};
    for (const auto& value : parameter.values) choice.values.push_back(to_string(value));
    made.settings.push_back(std::move(choice));
  }
  return made;
}

Item item(const DataSetSpec& spec) {
  return {spec.name,
          spec.summary,
          {{"rows", std::to_string(spec.rows)},
           {"features", std::to_string(spec.features)},
           {"classes", spec.classes == 0 ? "none, a number is asked for" : std::to_string(spec.classes)},
           {"target", spec.target},
           {"source", spec.source},
           {"licence", spec.licence}},
          {}};
}

template <typename Records>
std::vector<Item> items(const Records& records) {
  std::vector<Item> all;
  for (const auto& record : records) {
    if constexpr (requires { *record; })
      all.push_back(item(*record));
    else
      all.push_back(item(record));
  }
  return all;
}

}  // namespace

const std::vector<std::string>& catalogue_kinds() {
  static const std::vector<std::string> kinds{"contenders", "encodings",   "ops",
                                              "channels",   "mitigations", "data"};
  return kinds;
}

Catalogue catalogue(std::string_view kind) {
  if (kind == "contenders") return {"contenders", "Contenders", items(contenders().all())};
  if (kind == "encodings") return {"encodings", "Encodings", items(encodings())};
  if (kind == "ops") return {"ops", "Operations", items(operations())};
  if (kind == "channels") return {"channels", "Noise channels", items(channels())};
  if (kind == "mitigations") return {"mitigations", "Error mitigation", items(mitigations())};
  if (kind == "data") return {"data", "Data sets", items(data_sets())};
  auto valid = catalogue_kinds();
  valid.emplace_back("all");
  throw InputError(unknown_name(kind, "a kind that qupel lists", valid));
}

}  // namespace qupel::cli
