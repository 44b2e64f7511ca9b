#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/growth.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/report/wording.h"
#include "qupel/study/ownership.h"
#include "qupel/study/summary.h"

namespace qupel::report {
namespace {

constexpr double million = 1e6;
constexpr std::array families{Family::quantum, Family::classical, Family::quantum_inspired};

std::string needs_device() { return element("span", "class=\"missing\"", "needs a device"); }
std::string small(std::string_view html) { return element("small", "", html); }

/// The study's first device, about which the verdict is; null if the contender was on none.
const DeviceReading* on_device(const ContenderResult& c) {
  return c.devices.empty() ? nullptr : &c.devices.front();
}

/// A line for each device.
std::string on_each_device(const ContenderResult& c,
                           const std::function<std::string(const DeviceReading&)>& told) {
  std::string text;
  for (const auto& device : c.devices) text += told(device);
  return text;
}

std::string device_charge(const DeviceReading& device) {
  const auto seconds = device.spent().device_seconds;
  const auto time = duration(seconds);
  if (device.currency.empty())
    return element("div", "", fmt::format("{} on {}", time, escaped(device.device)));
  constexpr double hour = 3600;
  const auto hourly = seconds > 0
                          ? fmt::format(", {} {} an hour", count(std::ceil(device.money / seconds * hour)),
                                        escaped(device.currency))
                          : "";
  return element("div", "",
                 fmt::format("<b>{} {}</b> for {} on {}{}", count(std::ceil(device.money)),
                             escaped(device.currency), time, escaped(device.device), hourly));
}

std::string quality_under(const StudyResult& result, std::string_view how,
                          const std::map<std::string, Interval>& metrics) {
  const auto found = metrics.find(result.metric);
  if (found == metrics.end()) return "";
  return fmt::format("{} <b>{}</b> {}", how, score(metric_of(result), found->second.mean),
                     score_range(metric_of(result), found->second));
}

/// The score under a device's noise, mitigated, and trained there, as far as that was asked for.
std::string quality_on(const StudyResult& result, const DeviceReading& device) {
  auto text = quality_under(result, "noisy", device.noisy);
  for (const auto& [how, metrics] :
       {std::pair("mitigated", &device.mitigated), {"trained there", &device.trained}})
    if (const auto more = quality_under(result, how, *metrics); !more.empty()) text += ", " + more;
  return text.empty() ? "" : small(fmt::format("on {}: {}", escaped(device.device), text));
}

std::string_view column_title(Family family) {
  switch (family) {
    case Family::quantum:
      return "NISQ quantum";
    case Family::classical:
      return "classical";
    case Family::quantum_inspired:
      break;
  }
  return "quantum-inspired";
}

std::string quality(const StudyResult& result, const ContenderResult& c) {
  const auto interval = interval_of(result, c);
  auto text = fmt::format("<b class=\"big\">{}</b> {}", score(metric_of(result), interval.mean),
                          small(score_range(metric_of(result), interval)));
  text += on_each_device(c, [&](const auto& device) { return quality_on(result, device); });
  const auto* difference = find_comparison(result, c.name, best_classical);
  if (!difference) return text;
  const auto* rival = side_of(result, best_classical);
  return text +
         small(fmt::format(
             "{} against best classical{}: {}. Chances: better {}, equal {}, worse {}",
             escaped(told_lead(metric_of(result), difference->difference, difference->low, difference->high)),
             rival ? fmt::format(" ({})", score(metric_of(result), rival->score.mean)) : "",
             outcome(*difference), escaped(probability(difference->p_better)),
             escaped(probability(difference->p_equivalent)), escaped(probability(difference->p_worse))));
}

/// The side of the verdict that the family stands on. It is chosen anew in every training set, so its score
/// is not that of the contender above it.
std::string in_the_verdict(const StudyResult& result, const ContenderResult& c) {
  if (c.family == Family::quantum_inspired)
    return "counts as classical: a classical computer runs it as cheaply";
  const auto* side = side_of(result, c.family == Family::quantum ? best_quantum : best_classical);
  if (!side) return muted("not recorded");
  return fmt::format(
      "{} <b>{}</b> {}", side->name, score(metric_of(result), side->score.mean),
      small(fmt::format("{}; {}", score_range(metric_of(result), side->score), escaped(made_of(*side)))));
}

std::string evaluations(const ContenderResult& c) {
  return plural(static_cast<double>(c.ledger.circuits), "simulated circuit evaluation");
}

/// What the same fits would take on hardware, which has no adjoint gradients.
std::string on_hardware(const StudyResult& result, const ContenderResult& c) {
  const bool trained = c.ledger.gradients > 0;
  const auto circuits = hardware_circuits(c);
  if (!circuits)
    return trained
               ? small(
                     "on hardware many more: a gradient counts as one evaluation here, and takes at least "
                     "two circuits a trained angle there")
               : "";
  const auto runs = static_cast<double>(*circuits), shots = static_cast<double>(result.shots);
  return small(fmt::format(
      "on hardware {}{}{}", plural(runs, "circuit"), trained ? " (parameter shift)" : "",
      shots > 0 ? fmt::format(", with {} each {}", plural(shots, "shot"), plural(runs * shots, "execution"))
                : ""));
}

std::string price(const StudyResult& result, const ContenderResult& c) {
  const auto job = fmt::format("this job took {} of one thread here", duration(c.seconds));
  if (const auto* device = on_device(c)) {
    const auto all = cost_on(result, device->device);
    const auto together = all.currency.empty()
                              ? ""
                              : fmt::format("; all quantum contenders together on {}: {} {}", device->device,
                                            count(std::ceil(all.amount)), all.currency);
    return on_each_device(c, device_charge) +
           small("to answer the test rows" + escaped(together) + "; " + job) + on_hardware(result, c);
  }
  if (has_circuit(c) && c.family == Family::quantum)
    return needs_device() + small(job + ", for " + evaluations(c)) + on_hardware(result, c);
  const auto cpu = result.environment.find("cpu");
  return "your own computer" +
         small(job + (cpu == result.environment.end() ? "" : ", " + escaped(cpu->second)));
}

std::string thousand_samples(const StudyResult& result, const ContenderResult& c) {
  if (c.predict_seconds_per_1000 <= 0) return "not measured";
  const auto time = element("b", "", duration(c.predict_seconds_per_1000));
  if (!has_circuit(c)) return time;
  if (c.family != Family::quantum) return time + small("simulated, as it would always be");
  if (on_device(c))
    return time + small("simulated") + on_each_device(c, [&](const auto& device) {
             const auto rows = static_cast<double>(result.rows) * std::max(1, result.repeats);
             return small(fmt::format("on {}: {}", escaped(device.device),
                                      duration(1000 * device.ledger.device_seconds / rows)));
           });
  return time + small(fmt::format("simulated; on hardware 1,000 circuits × {}: {}",
                                  result.shots ? plural(static_cast<double>(result.shots), "shot") : "shots",
                                  needs_device()));
}

std::string qubits(const StudyResult&, const ContenderResult& c) {
  if (!has_circuit(c)) return muted("none");
  if (c.family == Family::quantum)
    return fmt::format("<b>{}</b> logical {}", c.qubits,
                       on_device(c) ? on_each_device(c,
                                                     [](const auto& device) {
                                                       return small(fmt::format("effective on {}: {}",
                                                                                escaped(device.device),
                                                                                device.effective_qubits));
                                                     })
                                    : small("effective on hardware: " + needs_device()));
  return fmt::format("<b>{}</b> {}", c.qubits, small("never entangled: each is simulated alone"));
}

std::string depth(const StudyResult&, const ContenderResult& c) {
  if (!has_circuit(c)) return muted("no circuit");
  const auto used = fmt::format("<b>{}</b> layer{}, {} of them two-qubit", c.circuit_cost.depth,
                                c.circuit_cost.depth == 1 ? "" : "s", c.circuit_cost.two_qubit_depth);
  if (c.family != Family::quantum) return used;
  if (on_device(c))
    return used + on_each_device(c, [](const auto& device) {
             return small(fmt::format("compiled for {}: {} layers; limit: {}", escaped(device.device),
                                      count(static_cast<double>(device.ledger.depth)),
                                      count(static_cast<double>(device.depth_limit))));
           });
  return used + small("limit: " + needs_device());
}

double stage_share(const ContenderResult& c, Stage stage) {
  const auto found = c.ledger.seconds.find(stage);
  return found == c.ledger.seconds.end() || c.seconds <= 0 ? 0 : found->second / c.seconds;
}

/// What loading one row takes, if the encoding is known apart from the model.
std::string encoding_of_one_row(const StudyResult& result, const ContenderResult& c) {
  if (c.growth.empty() || c.growth.front().features.empty()) return "";
  const auto& growth = c.growth.front();
  const auto features = static_cast<double>(result.features);
  const bool tabulated =
      std::ranges::find(growth.features, static_cast<int>(result.features)) != growth.features.end();
  return fmt::format("{}{} gates, {} of them two-qubit, depth {} a row ({})", tabulated ? "" : "about ",
                     count(growth_at(growth, growth.gates, features)),
                     count(growth_at(growth, growth.two_qubit, features)),
                     count(growth_at(growth, growth.depth, features)), escaped(growth.encoding));
}

std::string encoding_overhead(const StudyResult& result, const ContenderResult& c) {
  if (!has_circuit(c)) return muted("none: rows are read as they are");
  const auto row = encoding_of_one_row(result, c);
  auto text = row.empty() ? "re-uploaded between trained layers" : row;
  text += small(fmt::format("{} of wall-clock here", percent(stage_share(c, Stage::encode))));
  if (c.predict_seconds_per_1000 > 0)
    text += small(fmt::format("1 million points: {} circuits, {} simulated", count(million),
                              duration(c.predict_seconds_per_1000 * million / 1000)));
  return text;
}

/// Its price in circuits and money, and what it makes of bias and variance together.
std::string mitigation_on(const DeviceReading& device) {
  if (device.mitigated.empty()) return "";
  auto text = fmt::format("<b>{:.3g}</b> times as many circuits on {}",
                          static_cast<double>(device.mitigation_ledger.hardware_circuits) /
                              static_cast<double>(std::max(1LL, device.ledger.hardware_circuits)),
                          escaped(device.device));
  if (!device.currency.empty() && device.mitigation_ledger.money > 0)
    text += fmt::format(", for {} {}", count(std::ceil(device.mitigation_ledger.money)),
                        escaped(device.currency));
  if (device.squared_error && device.mitigated_squared_error)
    text += small(fmt::format("bias² + variance of the answers {}, {} without it",
                              number(*device.mitigated_squared_error), number(*device.squared_error)));
  return element("div", "", text);
}

std::string mitigation(const StudyResult&, const ContenderResult& c) {
  if (!has_circuit(c)) return muted("nothing to mitigate");
  if (c.family != Family::quantum) return muted("none: nothing runs on hardware");
  const auto* first = on_device(c);
  if (first == nullptr) return needs_device();
  if (first->mitigated.empty()) return muted("none asked for");
  return on_each_device(c, mitigation_on);
}

std::string shares(const StudyResult&, const ContenderResult& c) {
  std::string text;
  for (const auto stage : {Stage::encode, Stage::compile, Stage::queue, Stage::execute, Stage::mitigate,
                           Stage::optimise, Stage::classical})
    if (const double share = stage_share(c, stage); share >= 0.0005)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(stage), percent(share));
  if (text.empty()) text = "not measured";
  return text + small(fmt::format("tuning holds {} of all", percent(stage_share(c, Stage::tune))));
}

double deviation(const std::vector<double>& values) {
  double mean = 0, square = 0;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) mean += v / n;
  for (const double v : values) square += (v - mean) * (v - mean);
  return std::sqrt(square / (n - 1));
}

/// Means of the folds of each repeat; scores come repeat by repeat.
std::vector<double> repeat_means(const std::vector<double>& scores, std::size_t repeats) {
  std::vector<double> means;
  const auto folds = scores.size() / repeats;
  for (std::size_t r = 0; r < repeats; ++r) {
    double sum = 0;
    for (std::size_t f = 0; f < folds; ++f) sum += scores[r * folds + f];
    means.push_back(sum / static_cast<double>(folds));
  }
  return means;
}

/// In the unit of leads, without it.
std::string spread_size(const Metric& metric, double value) {
  return metric.share ? fmt::format("{:.1f}", 100 * value) : number(value);
}

std::string reproducibility(const StudyResult& result, const ContenderResult& c) {
  const auto metric = metric_of(result);
  std::string spread;
  const auto tell = [&](std::string_view what, double value) {
    spread += fmt::format("{}{} ±{}{}", spread.empty() ? "" : ", ", what, spread_size(metric, value),
                          spread.empty() ? " " + escaped(lead_unit(metric)) : "");
  };
  if (c.seed_spread > 0) tell("seed to seed", c.seed_spread);
  const auto repeats = static_cast<std::size_t>(std::max(1, result.repeats));
  if (repeats > 1 && c.scores.size() >= repeats && c.scores.size() % repeats == 0)
    tell("re-split to re-split", deviation(repeat_means(c.scores, repeats)));
  if (c.scores.size() > 1) tell("fold to fold", deviation(c.scores));
  return "qupel replay repeats it bit for bit" +
         small(spread.empty() ? "one split: no spread to see" : spread);
}

std::string operations(const StudyResult&, const ContenderResult& c) {
  auto text = std::string("study, data and results are hashed; every trial is kept");
  if (c.failed > 0) text += small(fmt::format("{} of {} fits failed", c.failed, c.trials));
  if (c.unconverged > 0)
    text += small(fmt::format("{} of {} final fits did not converge", c.unconverged, c.trials));
  return text;
}

std::string quantum_outlook(const StudyResult& result) {
  if (refusal(result) || !overall(result)) return muted("no verdict");
  const auto device =
      "break-even device: " + (result.devices.empty() ? needs_device() : "<code>qupel break-even RUN</code>");
  switch (result.verdict) {
    case Verdict::quantum_better:
      return "yes, simulated without noise" + small(device);
    case Verdict::equivalent:
      return "no need on these data: practically equal" + small(device);
    case Verdict::inconclusive:
      return "open on these data" + small(device);
    case Verdict::classical_better:
    case Verdict::no_advantage:
      break;
  }
  return "not these models on these data" +
         small(fmt::format("without noise{}; a device adds noise, queues and a price",
                           is_table(result) ? ", on the columns they see" : ""));
}

std::string outlook(const StudyResult& result, const ContenderResult& c) {
  if (c.family == Family::quantum) return quantum_outlook(result);
  if (c.family == Family::classical)
    return result.verdict == Verdict::quantum_better ? "not on these data"
                                                     : "the default: anything else must beat it";
  const auto* difference = find_comparison(result, c.name, best_classical);
  if (!difference) return muted("not compared");
  return fmt::format("against best classical: {}", outcome(*difference));
}

using Cell = std::string (*)(const StudyResult&, const ContenderResult&);
struct Line {
  std::string_view title, detail;
  Cell cell;
  bool of_tables = false;  ///< says nothing of another kind of problem, where each answer is a fit of its own
};

std::string sum_of_money(const Cost& cost) {
  constexpr double least = 0.01;
  if (cost.amount < least) return fmt::format("less than {} {}", number(least), escaped(cost.currency));
  return fmt::format("{} {}", cost.amount < 1 ? number(cost.amount) : count(std::ceil(cost.amount)),
                     escaped(cost.currency));
}

/// Trained once, then asked every day: on a processor, and on each device.
std::string owning(const StudyResult& result, const ContenderResult& c) {
  std::string text;
  for (const auto& each : ownership(result, {})) {
    if (each.contender != c.name || each.trained_there || each.machine.starts_with("gpu")) continue;
    text += element("div", "",
                    fmt::format("<b>{}</b> on {}", sum_of_money(each.total),
                                each.machine == "cpu" ? "a virtual core" : escaped(each.machine)));
  }
  return text.empty() ? muted("not measured") : text;
}

constexpr std::array lines{
    Line{"Quality", "mean, 95\u00A0% interval, paired difference", quality},
    Line{"In the verdict", "the side it stands on", in_the_verdict},
    Line{"Hardware price", "per hour, and for this job", price},
    Line{"Owning it", "trained once, then 1,000 answers a day for a year", owning, true},
    Line{"1000 samples", "execution time, measured once", thousand_samples},
    Line{"Qubits", "effective count", qubits},
    Line{"Circuit depth", "used, and the limit before decoherence", depth},
    Line{"Data encoding", "overhead, extrapolated to 1 million points", encoding_overhead, true},
    Line{"Error mitigation", "repetitions and variance", mitigation},
    Line{"Where time goes", "share of wall-clock", shares},
    Line{"Reproducibility", "replay, spread of the score", reproducibility},
    Line{"Operations", "versioned, monitored, audited", operations},
    Line{"Could it win?", "and the break-even device", outlook},
};

std::string header_cell(const StudyResult& result, Family family) {
  const auto* best = best_of(result, family);
  return element("th", "scope=\"col\"",
                 family_icon(family) + std::string(column_title(family)) +
                     small(best ? escaped(best->name) : "none took part"));
}

std::string row_of(const StudyResult& result, const Line& line) {
  auto cells = element("th", "scope=\"row\"", std::string(line.title) + small(line.detail));
  for (const auto family : families) {
    const auto* best = best_of(result, family);
    cells += element("td", attribute("data-column", column_title(family)),
                     element("div", "", best ? line.cell(result, *best) : muted("–")));
  }
  return element("tr", "", cells) + "\n";
}

}  // namespace

std::string cost_table(const StudyResult& result) {
  if (result.contenders.empty()) return "";
  auto head = element("th", "scope=\"col\"", element("span", "class=\"unseen\"", "what"));
  for (const auto family : families) head += header_cell(result, family);
  std::string body;
  for (const auto& line : lines)
    if (!line.of_tables || is_table(result)) body += row_of(result, line);
  return paragraph(
             "lead",
             "Of each family the contender chosen most often inside the training sets, measured on this "
             "problem. What only a device can tell is marked.") +
         scrolling(
             "cost of the best contender of each family",
             element("table", "class=\"costs\"",
                     element("thead", "", element("tr", "", head)) + element("tbody", "", "\n" + body)));
}

}  // namespace qupel::report
