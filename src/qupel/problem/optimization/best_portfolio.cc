#include "qupel/problem/optimization/best_portfolio.h"

#include <algorithm>
#include <limits>

#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

constexpr std::size_t most_visits = 5'000'000;

class AllLots {
 public:
  explicit AllLots(const PortfolioChoice& choice)
      : choice_(choice),
        lots_(choice.assets.size()),
        sector_(choice.assets.size(), choice.limits.sectors.size()),
        fields_(choice.assets.size()) {
    for (std::size_t s = 0; s < choice.limits.sectors.size(); ++s) {
      room_.push_back(choice.limits.sectors[s].most);
      for (const auto a : choice.limits.sectors[s].assets) sector_[a] = s;
    }
    room_.push_back(choice.picks);  // of assets that are in no sector
    assets_left_ = choice.limits.most_assets.value_or(choice.assets.size());
  }

  std::optional<Values> find() {
    if (!descend(0, choice_.picks, 0)) return std::nullopt;
    return best_;
  }

 private:
  /// @returns false if it was given up
  bool descend(std::size_t a, std::size_t left, double sum) {
    if (++visits_ > most_visits) return false;
    if (visits_ % 65536 == 0) check_interrupt();
    if (left == 0) {
      if (sum < lowest_) lowest_ = sum, best_ = lots_;
      return true;
    }
    if (a == lots_.size() || left > (lots_.size() - a) * choice_.limits.lots) return true;
    if (!descend(a + 1, left, sum)) return false;
    if (assets_left_ == 0) return true;
    --assets_left_;
    const auto most = std::min({choice_.limits.lots, left, room_[sector_[a]]});
    bool all = true;
    for (std::size_t k = 1; k <= most && all; ++k) {
      ++lots_[a], --room_[sector_[a]];
      const auto lots = static_cast<double>(k);
      const double own =
          lots * (lots * choice_.risk * choice_.covariance(a, a) + fields_[a] - choice_.mean[a]);
      add_fields(a, 1);
      all = descend(a + 1, left - k, sum + own);
    }
    add_fields(a, -static_cast<double>(lots_[a]));
    room_[sector_[a]] += static_cast<std::size_t>(lots_[a]);
    lots_[a] = 0;
    ++assets_left_;
    return all;
  }

  /// What a lot of each later asset costs beside its own risk and mean.
  void add_fields(std::size_t a, double lots) {
    for (std::size_t b = a + 1; b < fields_.size(); ++b)
      fields_[b] += 2 * choice_.risk * lots * choice_.covariance(a, b);
  }

  const PortfolioChoice& choice_;
  Values lots_, best_;
  std::vector<std::size_t> sector_, room_;  ///< the last sector: none
  std::size_t assets_left_ = 0, visits_ = 0;
  std::vector<double> fields_;
  double lowest_ = std::numeric_limits<double>::infinity();
};

}  // namespace

std::optional<Values> best_portfolio(const Portfolio& portfolio) {
  return AllLots(portfolio.choice()).find();
}

}  // namespace qupel
