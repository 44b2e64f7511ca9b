#include "qupel/problem/optimization/kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/random.h"
#include "qupel/base/text.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/portfolio.h"
#include "qupel/problem/optimization/qubo_decision.h"
#include "qupel/problem/optimization/tour.h"
#include "qupel/problem/optimization/vehicle_routes.h"

namespace qupel {
namespace {

constexpr ProblemOption known_optimum{"optimum", "VALUE",
                                      "the best objective, where it is known (default: what can be proven)"},
    instances{"instances", "COUNT", "random parts of the file in place of the whole (default 0: the whole)"},
    part_size{
        "size", "COUNTS",
        "nodes or stops of such a part; several, as 4,5,6: so many parts of each size, and how the time to a "
        "solution grows (default 16 nodes, 5 stops)"},
    regular{
        "regular", "DEGREE",
        "random graphs whose nodes have so many edges, instead of a file (default size 8,10,12,14; 5 of each)"};

/// A number among the options. @throws SettingError for another text, or one out of range
double number_of(const ProblemOptions& options, std::string_view name, double usual, double low,
                 double high) {
  const auto found = options.find(name);
  if (found == options.end()) return usual;
  double value = 0;
  const auto& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high))
    throw SettingError(name, fmt::format("\"{}\" is not a number from {} to {}", text, low, high));
  return value;
}
std::size_t count_of(const ProblemOptions& options, std::string_view name, std::size_t usual, std::size_t low,
                     std::size_t high) {
  const double value = number_of(options, name, static_cast<double>(usual), static_cast<double>(low),
                                 static_cast<double>(high));
  if (value != std::floor(value)) throw SettingError(name, fmt::format("{} is not a whole number", value));
  return static_cast<std::size_t>(value);
}

std::string text_of(const std::string& file) {
  if (file.empty()) throw SettingError("file", "this kind of problem is read from a file");
  return plain_text(read_file(file), file);
}

Facts facts_of(const std::string& file) {
  return named_facts(std::filesystem::path(file).stem().string(), file);
}

std::vector<std::optional<Reference>> known_for(const ProblemOptions& options, std::size_t rows) {
  if (!options.contains("optimum")) return {};
  if (rows != 1) throw SettingError("optimum", "an optimum is of the whole file, not of several instances");
  return {Reference{number_of(options, "optimum", 0, -1e300, 1e300), true}};
}

/// The numbers of an option, separated by commas or blanks.
std::vector<std::size_t> counts_of(const ProblemOptions& options, std::string_view name,
                                   const std::string& usual, std::size_t low, std::size_t high) {
  const auto found = options.find(name);
  auto text = found == options.end() ? usual : found->second;
  std::ranges::replace(text, ',', ' ');
  std::vector<std::size_t> counts;
  std::istringstream words(text);
  for (std::string word; words >> word;)
    counts.push_back(count_of({{std::string(name), word}}, name, 0, low, high));
  if (counts.empty()) throw SettingError(name, "takes a number, or several as 4,5,6");
  std::ranges::sort(counts);
  if (std::ranges::adjacent_find(counts) != counts.end())
    throw SettingError(name, fmt::format("\"{}\" names a size twice", text));
  return counts;
}

/// Whole, or random parts of it.
template <typename Whole>
struct Parts {
  std::vector<Whole> all;
  /// Mean over pairs of parts: of the pairs of nodes of one (what its distances or edges are of) so large a
  /// share is in the other, too.
  double overlap = 0;
};

double shared_pairs(const std::vector<std::vector<std::size_t>>& parts) {
  double shared = 0, count = 0;
  for (std::size_t a = 0; a < parts.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      std::vector<std::size_t> both;
      std::ranges::set_intersection(parts[a], parts[b], std::back_inserter(both));
      const auto n = static_cast<double>(std::min(parts[a].size(), parts[b].size()));
      const auto k = static_cast<double>(both.size());
      if (n > 1) shared += k * (k - 1) / (n * (n - 1));
      ++count;
    }
  return count == 0 ? 0 : std::min(shared / count, 0.999);
}

template <typename Whole>
Parts<Whole> parts_of(const Whole& whole, std::size_t size, const ProblemOptions& options,
                      std::size_t usual) {
  const auto count = count_of(options, "instances", 0, 0, 1000);
  if (count == 0 && !options.contains("size")) return {{whole}};
  Parts<Whole> parts;
  std::vector<std::vector<std::size_t>> chosen;
  for (const auto part : counts_of(options, "size", fmt::format("{}", std::min(usual, size)), 2, size))
    for (std::size_t k = 0; k < std::max<std::size_t>(count, 1); ++k) {
      auto& nodes = chosen.emplace_back(Random(derive(key_of("parts of a problem"), {k})).permutation(size));
      nodes.resize(part);
      std::ranges::sort(nodes);
      parts.all.push_back(part_of(whole, nodes));
    }
  parts.overlap = shared_pairs(chosen);
  return parts;
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

/// A family: random graphs of one degree, some of each size.
std::unique_ptr<Problem> regular_graphs(const std::string& file, const ProblemOptions& options) {
  constexpr std::size_t largest = 2000;
  if (!file.empty()) throw SettingError("regular", "random graphs take no file");
  const auto degree = count_of(options, "regular", 3, 1, largest);
  const auto count = count_of(options, "instances", 5, 1, 1000);
  std::vector<Graph> graphs;
  for (const auto size : counts_of(options, "size", "8,10,12,14", 2, largest)) {
    if (degree >= size || degree * size % 2 != 0)
      throw SettingError("size",
                         fmt::format("no graph of {} nodes has {} edges at each of them: the degree is "
                                     "below the size, and their product even",
                                     size, degree));
    for (std::size_t k = 0; k < count; ++k)
      graphs.push_back(
          random_regular_graph(size, degree, derive(key_of("regular graphs"), {size, degree, k})));
  }
  const auto name = fmt::format("regular-{}", degree);
  auto known = known_for(options, graphs.size());
  return maxcut_problem(named_facts(name, name), std::move(graphs), std::move(known));
}

std::unique_ptr<Problem> load_graph(const std::string& file, const ProblemOptions& options) {
  if (options.contains("regular")) return regular_graphs(file, options);
  const auto whole = read_graph(text_of(file), file);
  auto facts = facts_of(file);
  if (const auto parts = components(whole); parts > 1)
    facts.findings.push_back(
        {Finding::Level::warning, "",
         fmt::format("the graph falls into {} parts, each of which could be cut by itself", parts)});
  auto [graphs, overlap] = parts_of(whole, whole.names.size(), options, 16);
  std::erase_if(graphs, [](const Graph& graph) { return graph.edges.empty(); });
  if (graphs.empty()) throw SettingError("size", "no part of the graph has an edge: take a larger size");
  auto known = known_for(options, graphs.size());
  auto problem = maxcut_problem(std::move(facts), std::move(graphs), std::move(known));
  problem->set_overlap(overlap);
  return problem;
}

std::unique_ptr<Problem> load_qubo(const std::string& file, const ProblemOptions& options) {
  const auto text = text_of(file);
  const auto first = text.find_first_not_of(" \t\n");
  const bool json = first != text.npos && text[first] == '{';
  return qubo_problem(facts_of(file), {json ? read_qubo_json(text, file) : read_qubo_coo(text, file)},
                      known_for(options, 1));
}

void require_vehicles(const RoutingFile& routing, bool vehicles, const std::string& file) {
  if (routing.vehicles == vehicles) return;
  throw InputError(fmt::format("{}: its TYPE is {}: the kind of problem is {}", file,
                               vehicles ? "TSP" : "CVRP", vehicles ? "tsp" : "cvrp"));
}

std::unique_ptr<Problem> load_tour(const std::string& file, const ProblemOptions& options) {
  const auto whole = read_routing(text_of(file), file);
  require_vehicles(whole, false, file);
  auto [parts, overlap] = parts_of(whole, whole.names.size(), options, 5);
  auto known = known_for(options, parts.size());
  auto problem = tour_problem(facts_of(file), std::move(parts), std::move(known));
  problem->set_overlap(overlap);
  return problem;
}

std::unique_ptr<Problem> load_vehicles(const std::string& file, const ProblemOptions& options) {
  auto whole = read_routing(text_of(file), file);
  require_vehicles(whole, true, file);
  auto facts = facts_of(file);
  if (const auto customers = whole.names.size() - 1;
      whole.vehicle_count > 0 && whole.vehicle_count < customers)
    facts.findings.push_back({Finding::Level::warning, "",
                              fmt::format("the file has VEHICLES : {}, and a plan may use more: of vehicles "
                                          "only the capacity is a limit",
                                          whole.vehicle_count)});
  return vehicle_problem(std::move(facts), {std::move(whole)}, known_for(options, 1));
}

/// Named from the current folder, or from that of the prices.
std::string beside(const std::string& name, const std::string& file) {
  const auto other = std::filesystem::path(file).parent_path() / name;
  return !std::filesystem::exists(name) && std::filesystem::exists(other) ? other.string() : name;
}

PortfolioLimits limits_of(const ProblemOptions& options, const std::string& file,
                          const std::vector<std::string>& assets, const Windows& windows) {
  auto limits = windows.limits;
  const auto picks = windows.picks == 0 ? std::max<std::size_t>(1, assets.size() / 2) : windows.picks;
  if (options.contains("most-assets")) {
    const auto most = count_of(options, "most-assets", 0, 1, assets.size());
    if (most < std::min(picks, assets.size())) limits.most_assets = most;  // others forbid nothing
  }
  if (options.contains("sectors") != options.contains("most-in-sector"))
    throw SettingError(options.contains("sectors") ? "sectors" : "most-in-sector",
                       "a limit takes both, sectors and most-in-sector");
  if (!options.contains("sectors")) return limits;
  const auto path = beside(options.at("sectors"), file);
  if (!std::filesystem::exists(path)) throw SettingError("sectors", fmt::format("there is no file {}", path));
  limits.sectors = read_sectors(text_of(path), path, assets,
                                count_of(options, "most-in-sector", 0, 1, assets.size() * limits.lots));
  return limits;
}

std::unique_ptr<Problem> load_portfolio(const std::string& file, const ProblemOptions& options) {
  auto prices = read_prices(text_of(file), file);
  auto facts = facts_of(file);
  facts.findings = prices.findings;
  const auto assets = prices.assets.size();
  const auto days = prices.days.size() - 1;
  Windows windows;
  windows.limits.lots = count_of(options, "lots", 1, 1, 1000);
  windows.picks =
      options.contains("pick") ? count_of(options, "pick", 0, 1, assets * windows.limits.lots) : 0;
  windows.limits = limits_of(options, file, prices.assets, windows);
  windows.risk = number_of(options, "risk", windows.risk, 0, 1e6);
  windows.later_days = count_of(options, "later-days",
                                std::min<std::size_t>(63, std::max<std::size_t>(1, days / 5)), 0, days - 2);
  windows.days = count_of(options, "days", std::min<std::size_t>(504, days - windows.later_days), 2,
                          days - windows.later_days);
  windows.count = count_of(options, "windows", windows.count, 1, 10'000);
  const auto covariance =
      options.contains("covariance") ? options.at("covariance") : std::string("ledoit-wolf");
  const std::string names[] = {"ledoit-wolf", "sample"};
  if (std::ranges::find(names, covariance) == std::end(names))
    throw SettingError("covariance", unknown_name(covariance, "a covariance", names));
  windows.shrunk = covariance == "ledoit-wolf";
  if (!windows.shrunk && windows.days <= assets)
    facts.findings.push_back(
        {Finding::Level::warning, "",
         fmt::format("the covariance of {} assets from {} days is singular: take ledoit-wolf, or "
                     "more days",
                     assets, windows.days)});
  auto choices = rolling_windows(prices, windows);
  auto known = known_for(options, choices.size());
  const double cost = number_of(options, "cost", usual_trading_cost, 0, 0.5);
  return portfolio_problem(std::move(facts), std::move(choices), std::move(known), cost);
}

std::unique_ptr<Problem> load_program(const std::string& file, const ProblemOptions& options) {
  const auto text = text_of(file);
  const auto extension = lower(std::filesystem::path(file).extension().string());
  auto program = extension == ".mps" ? read_mps(text, file) : read_lp(text, file);
  auto known = known_for(options, 1);
  try {
    return integer_problem(facts_of(file), {std::move(program)}, std::move(known));
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", file, error.what()));
  }
}

bool can_be_read(auto(*read)(std::string_view text, std::string_view source), std::string_view text) {
  try {
    read(text, "");
  } catch (const InputError&) {
    return false;
  }
  return true;
}

bool never(std::string_view, std::string_view) { return false; }

}  // namespace

const ProblemKind maxcut_kind{
    .name = "maxcut",
    .summary = "the largest cut of a graph: an edge list, DIMACS or Gset file",
    .recognises =
        [](std::string_view name, std::string_view beginning) {
          return ends_with_any(name, {".col", ".mc", ".gset", ".dimacs"}) || beginning.starts_with("p edge");
        },
    .flag = "maxcut",
    .options = {known_optimum, instances, part_size, regular},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution"},
    .load = load_graph,
    .could_be = [](std::string_view text) { return can_be_read(read_graph, text); },
};

const ProblemKind qubo_kind{
    .name = "qubo",
    .summary =
        "the best bits of a quadratic cost: a JSON file (linear, quadratic) or lines \"i j weight\" (.coo, .qubo)",
    .recognises =
        [](std::string_view name, std::string_view) {
          return ends_with_any(name, {".coo", ".qubo", ".json"});
        },
    .flag = "qubo",
    .options = {known_optimum},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution"},
    .load = load_qubo,
    .could_be = [](std::string_view text) { return can_be_read(read_qubo_coo, text); },
};

const ProblemKind tsp_kind{
    .name = "tsp",
    .summary = "the shortest tour through all stops of a TSPLIB file (.tsp)",
    .recognises = [](std::string_view name,
                     std::string_view) { return name.ends_with(".tsp") || name.ends_with(".atsp"); },
    .flag = "tsp",
    .options = {known_optimum, instances, part_size},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution"},
    .load = load_tour,
    .in_own_terms = true,
};

const ProblemKind cvrp_kind{
    .name = "cvrp",
    .summary = "the shortest routes of vehicles to all customers of a CVRPLIB file (.vrp)",
    .recognises = [](std::string_view name, std::string_view) { return name.ends_with(".vrp"); },
    .flag = "cvrp",
    .options = {known_optimum},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution"},
    .load = load_vehicles,
    .in_own_terms = true,
};

const ProblemKind portfolio_kind{
    .name = "portfolio",
    .summary = "which assets to hold: a table of dates and a column of prices for each asset",
    .recognises = never,
    .flag = "portfolio",
    .options = {{"pick", "COUNT", "assets to hold, in equal parts (default: half of them)"},
                {"lots", "COUNT",
                 "of one asset, at most (default 1); --pick counts lots of all, each an equal part"},
                {"most-assets", "COUNT", "that are held, with several lots of some (default: any number)"},
                {"sectors", "FILE", "lines \"asset,sector\", for --most-in-sector"},
                {"most-in-sector", "COUNT", "lots of all assets of one sector"},
                {"risk", "NUMBER", "the price of variance: risk x'Sx - m'x is made small (default 0.5)"},
                {"windows", "COUNT", "choices, each judged by the days after it (default 10)"},
                {"days", "COUNT", "of returns that a choice is made from (default 504)"},
                {"later-days", "COUNT",
                 "that it is judged by (default 63; 0: none, and there is one window)"},
                {"covariance", "NAME", "ledoit-wolf (the default) or sample"},
                {"cost", "SHARE", "of what changes hands between windows, in the back-test (default 0.001)"},
                known_optimum},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution", "value-at-risk",
                 "conditional-value-at-risk"},
    .load = load_portfolio,
    .could_be = [](std::string_view text) { return can_be_read(read_prices, text); },
};

const ProblemKind mip_kind{
    .name = "mip",
    .summary = "the best whole numbers under linear constraints: an LP or MPS file (.lp, .mps)",
    .recognises =
        [](std::string_view name, std::string_view) {
          return ends_with_any(name, {".lp", ".mps"});
        },
    .flag = "mip",
    .options = {known_optimum},
    .deciding = {"gap", "objective", "optimal", "expected-gap", "tries-to-solution"},
    .load = load_program,
};

}  // namespace qupel
