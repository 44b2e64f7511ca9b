#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/problem/tabular/assemble.h"
#include "qupel/problem/tabular/generators.h"
#include "qupel/problem/tabular/planted.h"
#include "qupel/problem/tabular/quantum_tables.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

constexpr const char* generated_target = "label";

/// A table that is computed: all columns are numbers.
struct Computed {
  std::vector<std::string> columns;
  Matrix<double> x;
  std::vector<std::string> classes;
  std::vector<int> labels;
  std::vector<std::size_t> test_rows;
};

/// A data set and how it is had.
struct Entry {
  DataSetSpec spec;
  std::function<Computed()> compute;  ///< null: the embedded file problem/data/<name>.csv
};

std::vector<Entry> embedded_entries() {
  const std::string uci = "CC BY 4.0";
  return {
      {{.name = "breast-cancer",
        .summary = "tumours by 30 measurements of cell nuclei: malignant or benign",
        .source = "Wolberg, Mangasarian, Street and Street 1995, UCI (from scikit-learn)",
        .licence = uci,
        .rows = 569,
        .features = 30,
        .classes = 2,
        .target = "diagnosis"},
       {}},
      {{.name = "wine",
        .summary = "wines by 13 chemical measurements: three cultivars",
        .source = "Aeberhard and Forina 1991, UCI (from scikit-learn)",
        .licence = uci,
        .rows = 178,
        .features = 13,
        .classes = 3,
        .target = "cultivar"},
       {}},
      {{.name = "iris",
        .summary = "flowers by 4 lengths and widths: three species",
        .source = "Fisher 1936, UCI (from scikit-learn)",
        .licence = uci,
        .rows = 150,
        .features = 4,
        .classes = 3,
        .target = "species"},
       {}},
      {{.name = "digits-3-vs-5",
        .summary = "handwritten threes and fives as 8 x 8 pixels",
        .source = "Alpaydin and Kaynak 1998, UCI (from scikit-learn)",
        .licence = uci,
        .rows = 365,
        .features = 64,
        .classes = 2,
        .target = "digit"},
       {}},
      {{.name = "banana",
        .summary = "two banana-shaped clouds in the plane",
        .source = "OpenML 1460 (from river)",
        .licence = "BSD-3-Clause",
        .rows = 5300,
        .features = 2,
        .classes = 2,
        .target = "class"},
       {}},
      {{.name = "diabetes",
        .summary = "patients by 10 measurements: how far their diabetes has come a year later",
        .source = "Efron, Hastie, Johnstone and Tibshirani 2004 (from scikit-learn)",
        .licence = "BSD-3-Clause",
        .rows = 442,
        .features = 10,
        .classes = 0,
        .target = "progression"},
       {}},
      {{.name = "auto-mpg",
        .summary = "cars by 7 properties: miles a gallon",
        .source = "Quinlan 1993, UCI (from ISLP)",
        .licence = uci,
        .rows = 392,
        .features = 7,
        .classes = 0,
        .target = "mpg"},
       {}},
      {{.name = "bike-sharing",
        .summary = "hours in Washington by 12 properties: bicycles rented",
        .source = "Fanaee-T and Gama 2014, UCI (from ISLP)",
        .licence = uci,
        .rows = 8645,
        .features = 12,
        .classes = 0,
        .target = "rentals"},
       {}},
      {{.name = "segment",
        .summary = "regions of outdoor images by 18 properties: seven materials",
        .source = "University of Massachusetts 1990, UCI Statlog (from river)",
        .licence = uci,
        .rows = 2310,
        .features = 18,
        .classes = 7,
        .target = "category"},
       {}},
      {{.name = "shuttle",
        .summary = "sensor readings of a space shuttle: normal or anomalous",
        .source = "Catlett, NASA, UCI Statlog and ODDS (from river)",
        .licence = uci,
        .rows = 49097,
        .features = 9,
        .classes = 2,
        .target = "anomaly"},
       {}},
  };
}

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t c = 1; c <= count; ++c) names.push_back(fmt::format("x{}", c));
  return names;
}

Computed compute_benchmark(const std::string& name) {
  auto set = generate(name);
  Computed table{numbered(set.x.columns()), std::move(set.x), {"-1", "1"}, std::move(set.labels), {}};
  for (std::size_t row = set.train; row < table.labels.size(); ++row) table.test_rows.push_back(row);
  return table;
}

std::vector<Entry> benchmark_entries() {
  std::vector<Entry> entries;
  for (const auto& set : generators())
    entries.push_back({{set.name, set.summary + "; 240 training and 60 test points",
                        "Bowles, Ahmed and Schuld 2024, arXiv:2403.07059", "generated", 300, set.features, 2,
                        generated_target},
                       [name = set.name] { return compute_benchmark(name); }});
  return entries;
}

Computed from_planted(Planted table) {
  Computed computed{std::move(table.columns), std::move(table.x), {"a", "b"}, {}, {}};
  for (const auto& label : table.labels) computed.labels.push_back(label == "a" ? 0 : 1);
  return computed;
}

Entry planted_entry(std::string name, std::string summary, std::size_t rows, std::size_t features,
                    std::function<Planted()> draw) {
  return {{std::move(name), std::move(summary), "drawn by Qupel (problem/planted.h, quantum_tables.h)",
           "generated", rows, features, 2, generated_target},
          [draw = std::move(draw)] { return from_planted(draw()); }};
}

/// Nine tables of each family, whose rules and rows are drawn by their names.
std::vector<Entry> quantum_table_entries() {
  struct Family {
    std::string name, summary;
    std::size_t rows;
    int features;
    Planted (*draw)(std::string_view name, int features);
  };
  const auto iqp = [](std::string_view name, int) { return iqp_table(name); };
  const auto heisenberg = [](std::string_view name, int) { return heisenberg_table(name); };
  const std::string ad_hoc =
                        "labels by the parity of an entangling feature map, a gap between them (Havlicek)",
                    cosines = "labels by the sign of a product of cosines, a classical rule";
  std::vector<Entry> entries;
  for (const auto& family :
       {Family{"ad-hoc-2d", ad_hoc, 400, 2, ad_hoc_table}, Family{"ad-hoc-3d", ad_hoc, 400, 3, ad_hoc_table},
        Family{"ad-hoc-4d", ad_hoc, 400, 4, ad_hoc_table},
        Family{"iqp-4d", "labels from an IQP circuit with random couplings", 600, 4, iqp},
        Family{"heisenberg-4d", "labels from a spin chain that evolves by the features (Huang)", 400, 4,
               heisenberg},
        Family{"product-of-cosines-3d", cosines, 400, 3, product_of_cosines_table},
        Family{"product-of-cosines-4d", cosines, 400, 4, product_of_cosines_table}})
    for (int seed = 1; seed <= 9; ++seed) {
      const auto name = fmt::format("{}-seed-{}", family.name, seed);
      entries.push_back(planted_entry(name, family.summary, family.rows,
                                      static_cast<std::size_t>(family.features),
                                      [name, family] { return family.draw(name, family.features); }));
    }
  return entries;
}

std::vector<Entry> planted_entries() {
  const auto entry = [](std::string name, std::string summary, std::size_t features, Planted (*draw)()) {
    return planted_entry(std::move(name), std::move(summary), 600, features, draw);
  };
  return {
      entry("planted-circuit-4d", "labels from a shallow entangling circuit of the features", 4,
            planted_circuit),
      entry("planted-linear-6d", "labels from a linear rule, 2 % flipped", 6, planted_linear),
      entry("planted-tree-6d", "labels from a decision tree of depth 2, 2 % flipped", 6, planted_tree),
      entry("planted-leak-7d", "the linear rule with a column that copies the label", 7, planted_leak),
  };
}

const std::vector<Entry>& entries() {
  static const auto all = [] {
    auto list = embedded_entries();
    for (auto&& part : {benchmark_entries(), planted_entries(), quantum_table_entries()})
      list.insert(list.end(), part.begin(), part.end());
    return list;
  }();
  return all;
}

const Entry& find_entry(std::string_view name) {
  const auto full = full_generator_name(name);
  const auto found = std::ranges::find(entries(), full, [](const Entry& e) { return e.spec.name; });
  if (found != entries().end()) return *found;
  std::vector<std::string> names;
  for (const auto& entry : entries()) names.push_back(entry.spec.name);
  if (!nearest(name, names).empty()) throw InputError(unknown_name(name, "a data set", names));
  throw InputError(
      fmt::format("\"{}\" is not a data set; `qupel list data` shows all {}", name, names.size()));
}

std::string hash_of(const Computed& table) {
  const auto values = table.x.values();
  std::string bytes(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  bytes.append(reinterpret_cast<const char*>(table.labels.data()), table.labels.size() * sizeof(int));
  return sha256(bytes);
}

Table table_of(const Computed& computed, const std::string& source) {
  Table table{.source = source, .columns = {}, .rows = computed.labels.size(), .findings = {}};
  for (std::size_t c = 0; c < computed.columns.size(); ++c) {
    Column column;
    column.name = computed.columns[c];
    for (std::size_t row = 0; row < table.rows; ++row) column.numbers.push_back(computed.x(row, c));
    table.columns.push_back(std::move(column));
  }
  return table;
}

DataSet load_computed(const Entry& entry, const DataSetOptions& options) {
  const auto& name = entry.spec.name;
  if (options.target != generated_target)
    throw SettingError("target",
                       fmt::format("{}: \"{}\" is not its target; a generated data set has the target \"{}\"",
                                   name, options.target, generated_target));
  const auto computed = entry.compute();
  DataSet data{.name = name,
               .source = name,
               .target = options.target,
               .classes = computed.classes,
               .labels = computed.labels,
               .table = table_of(computed, name),
               .data_hash = hash_of(computed),
               .test_rows = computed.test_rows};
  drop_columns(data.table, options);
  return assemble(std::move(data), options);
}

}  // namespace

const std::vector<DataSetSpec>& data_sets() {
  static const auto all = [] {
    std::vector<DataSetSpec> specs;
    for (const auto& entry : entries()) specs.push_back(entry.spec);
    return specs;
  }();
  return all;
}

DataSet load_data_set(std::string_view name, const DataSetOptions& options) {
  const auto& entry = find_entry(name);
  auto chosen = options;
  if (chosen.target.empty()) chosen.target = entry.spec.target;
  if (entry.compute) return load_computed(entry, chosen);
  auto data =
      data_set_from_bytes(embedded_file("problem/data/" + entry.spec.name + ".csv"), entry.spec.name, chosen);
  data.name = entry.spec.name;
  return data;
}

}  // namespace qupel
