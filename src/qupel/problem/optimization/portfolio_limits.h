#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/optimization/integer_program.h"

namespace qupel {

/// What a portfolio must keep beside its budget of lots.
struct PortfolioLimits {
  struct Sector {
    std::string name;
    std::vector<std::size_t> assets = {};  ///< their numbers
    std::size_t most = 0;                  ///< lots of all of them together
  };
  std::size_t lots = 1;                         ///< of one asset, at most
  std::optional<std::size_t> most_assets = {};  ///< that are held; nothing: any number
  std::vector<Sector> sectors = {};             ///< no asset in two of them

  bool none() const { return lots == 1 && !most_assets && sectors.empty(); }
};

/// Sectors from lines "asset,sector" (commas, semicolons, tabs or blanks between the words; a sector's name
/// may have blanks). Assets that are not among `assets` are ignored, such as a head line.
/// @param most lots of each sector
/// @throws InputError for an asset without a sector or with two, or a line of one word
std::vector<PortfolioLimits::Sector> read_sectors(std::string_view text, std::string_view source,
                                                  const std::vector<std::string>& assets, std::size_t most);

/// Which limit some lots break; "" if none. @param picks lots in all
std::string broken_limit(const PortfolioLimits& limits, std::size_t picks,
                         const std::vector<std::string>& assets, std::span<const std::int64_t> lots);

/// The lots when assets are served in an order, each with as many as the limits allow, but for what has to be
/// left to later ones so that all picks can be made. @returns nothing if no lots keep the limits
std::optional<std::vector<std::int64_t>> lots_in_order(const PortfolioLimits& limits, std::size_t picks,
                                                       std::span<const std::size_t> order);

/// A binary digit of the lots of an asset.
struct LotDigit {
  std::size_t asset;
  double lots;
};
/// Each asset's lots as digits 1, 2, 4, ... of which the last one is what is left. One digit for one lot.
std::vector<LotDigit> digits_of_lots(std::size_t assets, std::size_t lots);

/// The limits as constraints over those digits and, for a limit on the number of assets, over bits "no A",
/// which exclude the digits of A. Nothing is to be made small.
IntegerProgram limits_program(const PortfolioLimits& limits, std::size_t picks,
                              const std::vector<std::string>& assets, std::span<const LotDigit> digits);
/// The values of that program's variables for some lots.
std::vector<std::int64_t> program_values(const PortfolioLimits& limits, std::span<const LotDigit> digits,
                                         std::span<const std::int64_t> lots);

}  // namespace qupel
