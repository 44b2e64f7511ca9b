#include "qupel/problem/optimization/portfolio_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/problem/optimization/text_lines.h"

namespace qupel {
namespace {

constexpr auto no_sector = static_cast<std::size_t>(-1);

std::vector<std::size_t> sector_of_each(const PortfolioLimits& limits, std::size_t assets) {
  std::vector<std::size_t> sector(assets, no_sector);
  for (std::size_t s = 0; s < limits.sectors.size(); ++s)
    for (const auto asset : limits.sectors[s].assets) sector[asset] = s;
  return sector;
}

/// What may still be bought: of each sector, and how many more assets.
struct Room {
  std::vector<std::size_t> in_sector;
  std::size_t assets;
};

std::size_t most_of(const Room& room, std::size_t sector, std::size_t lots) {
  return sector == no_sector ? lots : std::min(lots, room.in_sector[sector]);
}

/// The most lots that some assets can be held with. Every sector gives its assets full lots as long as it
/// can, and the assets with the most lots are taken.
std::size_t most_lots(Room room, std::span<const std::size_t> assets, const std::vector<std::size_t>& sector,
                      std::size_t lots) {
  std::vector<std::size_t> each;
  for (const auto asset : assets) {
    each.push_back(most_of(room, sector[asset], lots));
    if (sector[asset] != no_sector) room.in_sector[sector[asset]] -= each.back();
  }
  std::ranges::sort(each, std::greater{});
  each.resize(std::min(each.size(), room.assets));
  return std::accumulate(each.begin(), each.end(), std::size_t{0});
}

}  // namespace

std::vector<PortfolioLimits::Sector> read_sectors(std::string_view text, std::string_view source,
                                                  const std::vector<std::string>& assets, std::size_t most) {
  const TextLines lines(text, source, ",;\t");
  TextLines reader(text, source, ",;\t");
  std::vector<PortfolioLimits::Sector> sectors;
  std::vector<bool> has(assets.size());
  for (TextLine line; reader.next(line);) {
    if (line.words.size() < 2) lines.fail(line, "a line is an asset and its sector: \"AAPL,technology\"");
    const auto found = std::ranges::find(assets, line.words[0]);
    if (found == assets.end()) continue;
    const auto asset = static_cast<std::size_t>(found - assets.begin());
    if (has[asset]) lines.fail(line, fmt::format("{} has a sector already", line.words[0]));
    has[asset] = true;
    const auto name = fmt::format("{}", fmt::join(line.words.begin() + 1, line.words.end(), " "));
    auto sector = std::ranges::find(sectors, name, &PortfolioLimits::Sector::name);
    if (sector == sectors.end()) sector = sectors.insert(sector, {.name = name, .most = most});
    sector->assets.push_back(asset);
  }
  if (const auto without = std::ranges::find(has, false); without != has.end())
    lines.fail(fmt::format("{} has no sector: add a line \"{},...\"",
                           assets[static_cast<std::size_t>(without - has.begin())],
                           assets[static_cast<std::size_t>(without - has.begin())]));
  return sectors;
}

std::string broken_limit(const PortfolioLimits& limits, std::size_t picks,
                         const std::vector<std::string>& assets, std::span<const std::int64_t> lots) {
  if (lots.size() != assets.size()) return fmt::format("{} values, not {}", lots.size(), assets.size());
  for (std::size_t a = 0; a < lots.size(); ++a)
    if (lots[a] < 0 || lots[a] > static_cast<std::int64_t>(limits.lots))
      return fmt::format("{} lots of {}: it is from 0 to {}", lots[a], assets[a], limits.lots);
  const auto all = std::accumulate(lots.begin(), lots.end(), std::int64_t{0});
  if (all != static_cast<std::int64_t>(picks))
    return fmt::format("{} {}, not {}", all, limits.lots == 1 ? "assets" : "lots", picks);
  for (const auto& sector : limits.sectors) {
    std::int64_t sum = 0;
    for (const auto asset : sector.assets) sum += lots[asset];
    if (sum > static_cast<std::int64_t>(sector.most))
      return fmt::format("{} lots in the sector {}, more than {}", sum, sector.name, sector.most);
  }
  const auto held = static_cast<std::size_t>(std::ranges::count_if(lots, [](auto k) { return k > 0; }));
  if (limits.most_assets && held > *limits.most_assets)
    return fmt::format("{} assets are held, more than {}", held, *limits.most_assets);
  return "";
}

std::optional<std::vector<std::int64_t>> lots_in_order(const PortfolioLimits& limits, std::size_t picks,
                                                       std::span<const std::size_t> order) {
  const auto sector = sector_of_each(limits, order.size());
  Room room{{}, limits.most_assets.value_or(order.size())};
  for (const auto& s : limits.sectors) room.in_sector.push_back(s.most);
  if (most_lots(room, order, sector, limits.lots) < picks) return std::nullopt;
  std::vector<std::int64_t> all(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto s = sector[order[k]];
    auto lots = room.assets == 0 ? 0 : std::min(picks, most_of(room, s, limits.lots));
    for (;; --lots) {  // with none the rest can be made, as the check before has found
      auto rest = room;
      if (s != no_sector) rest.in_sector[s] -= lots;
      if (lots > 0) --rest.assets;
      if (lots > 0 && most_lots(rest, order.subspan(k + 1), sector, limits.lots) < picks - lots) continue;
      room = rest;
      break;
    }
    all[order[k]] = static_cast<std::int64_t>(lots);
    picks -= lots;
  }
  return all;
}

std::vector<LotDigit> digits_of_lots(std::size_t assets, std::size_t lots) {
  std::vector<LotDigit> digits;
  for (std::size_t a = 0; a < assets; ++a)
    for (std::size_t left = lots, digit = 1; left > 0; digit *= 2) {
      const auto taken = std::min(digit, left);
      digits.push_back({a, static_cast<double>(taken)});
      left -= taken;
    }
  return digits;
}

IntegerProgram limits_program(const PortfolioLimits& limits, std::size_t picks,
                              const std::vector<std::string>& assets, std::span<const LotDigit> digits) {
  IntegerProgram program;
  for (const auto& digit : digits)
    program.variables.push_back({.name = limits.lots == 1
                                             ? assets[digit.asset]
                                             : fmt::format("{}:{}", assets[digit.asset], digit.lots)});
  const auto sum_over = [&](const auto& chosen) {
    std::vector<std::pair<std::size_t, double>> terms;
    for (std::size_t d = 0; d < digits.size(); ++d)
      if (chosen(digits[d].asset)) terms.emplace_back(d, digits[d].lots);
    return terms;
  };
  const auto all = static_cast<double>(picks);
  program.rows.push_back(
      {.name = "lots", .terms = sum_over([](std::size_t) { return true; }), .low = all, .high = all});
  for (const auto& sector : limits.sectors) {
    if (sector.most >= std::min(picks, sector.assets.size() * limits.lots)) continue;  // it forbids nothing
    program.rows.push_back({.name = sector.name,
                            .terms = sum_over([&](std::size_t a) {
                              return std::ranges::find(sector.assets, a) != sector.assets.end();
                            }),
                            .high = static_cast<double>(sector.most)});
  }
  if (!limits.most_assets) return program;
  IntegerProgram::Row absent{
      .name = "assets held", .terms = {}, .low = static_cast<double>(assets.size() - *limits.most_assets)};
  for (const auto& name : assets) {
    absent.terms.emplace_back(program.variables.size(), 1);
    program.variables.push_back({.name = fmt::format("no {}", name)});
  }
  for (std::size_t d = 0; d < digits.size(); ++d)
    program.rows.push_back({.name = fmt::format("{} is held", program.variables[d].name),
                            .terms = {{d, 1}, {digits.size() + digits[d].asset, 1}},
                            .high = 1});
  program.rows.push_back(std::move(absent));
  return program;
}

std::vector<std::int64_t> program_values(const PortfolioLimits& limits, std::span<const LotDigit> digits,
                                         std::span<const std::int64_t> lots) {
  std::vector<std::int64_t> values(digits.size()), left(lots.begin(), lots.end());
  for (std::size_t d = digits.size(); d-- > 0;) {  // an asset's digits from the largest on
    const auto digit = static_cast<std::int64_t>(digits[d].lots);
    if (left[digits[d].asset] < digit) continue;
    values[d] = 1;
    left[digits[d].asset] -= digit;
  }
  for (std::size_t a = 0; limits.most_assets && a < lots.size(); ++a) values.push_back(lots[a] > 0 ? 0 : 1);
  return values;
}

}  // namespace qupel
