#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "qupel/base/error.h"
#include "qupel/cli/catalogue.h"
#include "qupel/cli/command.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct ListOptions {
  std::string kind, name;
  bool markdown = false, every = false, json = false;
};

std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

/// What a family of items shares; facts that differ run from the first to the last.
Item folded(std::span<const Item> family) {
  auto made = family.front();
  if (family.size() == 1) return made;
  made.name = fmt::format("{} ... {}", family.front().name, family.back().name);
  made.summary = fmt::format("{} ({} like it)", family.front().summary, family.size() - 1);
  for (std::size_t f = 0; f < made.facts.size(); ++f)
    if (const auto& last = family.back().facts[f].second; last != made.facts[f].second)
      made.facts[f].second += " to " + last;
  return made;
}

/// One item for each run of items whose names differ in numbers only.
std::vector<Item> folded_families(std::span<const Item> items) {
  std::vector<Item> found;
  while (!items.empty()) {
    const auto stem = without_digits(items.front().name);
    const auto end = std::find_if(items.begin(), items.end(),
                                  [&](const Item& item) { return without_digits(item.name) != stem; });
    const auto size = static_cast<std::size_t>(end - items.begin());
    found.push_back(folded(items.first(size)));
    items = items.subspan(size);
  }
  return found;
}

/// The catalogues asked for, in families unless each item is; with a name, only that item.
std::vector<Catalogue> chosen_catalogues(const ListOptions& options) {
  std::vector<Catalogue> found;
  if (options.kind == "all")
    for (const auto& kind : catalogue_kinds()) found.push_back(catalogue(kind));
  else
    found.push_back(catalogue(options.kind));
  if (options.name.empty()) {
    if (!options.every && !options.json)
      for (auto& each : found) each.items = folded_families(each.items);
    return found;
  }
  std::vector<std::string> names;
  for (auto& each : found) {
    for (const auto& item : each.items) names.push_back(item.name);
    std::erase_if(each.items, [&](const Item& item) { return item.name != options.name; });
  }
  std::erase_if(found, [](const Catalogue& each) { return each.items.empty(); });
  if (found.empty()) throw InputError(unknown_name(options.name, "in this list", names));
  return found;
}

/// Words of `text` in lines of at most `width`, each after the first indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (column > 0 && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    }
    if (column > 0) ++column, out += ' ';
    out += word;
    column += word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

std::string lines(const std::vector<std::pair<std::string, std::string>>& rows, std::size_t indent,
                  int width) {
  std::size_t longest = 0;
  for (const auto& [name, text] : rows) longest = std::max(longest, name.size());
  const auto start = indent + longest + 2;
  std::string out;
  for (const auto& [name, text] : rows)
    out +=
        fmt::format("{:{}}{:<{}}  {}\n", "", indent, name, longest,
                    wrapped(text, static_cast<std::size_t>(width) - std::min<std::size_t>(start, 40), start));
  return out;
}

std::string details(const Item& item, int width) {
  auto rows = item.facts;
  for (const auto& setting : item.settings)
    rows.emplace_back(setting.name,
                      fmt::format("{} (one of {})", setting.summary, fmt::join(setting.values, ", ")));
  return fmt::format("{}: {}\n{}", item.name, item.summary, lines(rows, 2, width));
}

std::string as_text(const std::vector<Catalogue>& catalogues, const ListOptions& options, int width) {
  std::string out;
  for (const auto& each : catalogues) {
    if (!options.name.empty()) {
      for (const auto& item : each.items) out += details(item, width);
      continue;
    }
    std::vector<std::pair<std::string, std::string>> rows;
    for (const auto& item : each.items) rows.emplace_back(item.name, item.summary);
    out += fmt::format("{}{}\n{}", out.empty() ? "" : "\n", each.title, lines(rows, 2, width));
  }
  if (options.name.empty()) out += fmt::format("\nMore on one: qupel list {} NAME\n", options.kind);
  return out;
}

std::string as_json(const std::vector<Catalogue>& catalogues, const std::string& kind) {
  json items = json::array();
  for (const auto& each : catalogues) {
    for (const auto& item : each.items) {
      json settings = json::array();
      for (const auto& setting : item.settings)
        settings.push_back(
            {{"name", setting.name}, {"summary", setting.summary}, {"values", setting.values}});
      json facts = json::object();
      for (const auto& [name, value] : item.facts) facts[name] = value;
      items.push_back({{"kind", each.kind},
                       {"name", item.name},
                       {"summary", item.summary},
                       {"facts", std::move(facts)},
                       {"settings", std::move(settings)}});
    }
  }
  const json object{{"schema_version", 1}, {"kind", kind}, {"items", std::move(items)}};
  return object.dump(2) + "\n";
}

std::string markdown_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string as_markdown(const std::vector<Catalogue>& catalogues, const std::string& kind) {
  std::string out = fmt::format("<!-- Generated by `qupel list {} --markdown`. -->\n", kind);
  for (const auto& each : catalogues) {
    out += fmt::format("\n# {}\n", each.title);
    for (const auto& item : each.items) {
      out += fmt::format("\n## {}\n\n{}\n\n", item.name, markdown_cell(item.summary));
      for (const auto& [name, value] : item.facts)
        out += fmt::format("- {}: {}\n", name, markdown_cell(value));
      if (item.settings.empty()) continue;
      out += "\n| setting | meaning | values tried, the default first |\n|---|---|---|\n";
      for (const auto& setting : item.settings)
        out += fmt::format("| {} | {} | {} |\n", setting.name, markdown_cell(setting.summary),
                           markdown_cell(fmt::format("{}", fmt::join(setting.values, ", "))));
    }
  }
  return out;
}

void list(const ListOptions& options, const Console& console) {
  const auto found = chosen_catalogues(options);
  console.print(options.json       ? as_json(found, options.kind)
                : options.markdown ? as_markdown(found, options.kind)
                                   : as_text(found, options, console.width()));
}

}  // namespace

void add_list(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ListOptions>();
  auto* command =
      app.add_subcommand("list", "what there is: contenders, encodings, ops, channels, mitigations, data");
  command->add_option("KIND", options->kind, "contenders, encodings, ops, channels, mitigations, data or all")
      ->type_name("")
      ->required();
  command->add_option("NAME", options->name, "everything about this one")->type_name("");
  command->add_flag("--every", options->every, "every item, not one line for a family (--json has all)");
  command->add_flag("--markdown", options->markdown, "print a page of the documentation");
  add_json(*command, options->json);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { list(*options, console); }; });
}

}  // namespace qupel::cli
