#pragma once
#include "qupel/baseline/optimization/quick_random.h"
#include "qupel/problem/optimization/vehicle_routes.h"

namespace qupel {

/// Routes with their loads and their length.
class RoutePlan {
 public:
  RoutePlan(const RoutingFile& file, Routes routes);

  const Routes& routes() const { return routes_; }
  double length() const { return length_; }

  /// Takes neighbouring customers out of routes near a random customer (adjacent strings), and puts them back
  /// where they lengthen the way least, passing over a place now and then (slack induction by string
  /// removals: Christiaens and Vanden Berghe, Transp. Sci. 54, 417, 2020).
  /// @param near the other customers of each, nearest first
  void ruin_and_recreate(const std::vector<std::vector<std::uint32_t>>& near, QuickRandom& random);

  /// 2-opt moves inside the routes until none helps.
  void straighten();

 private:
  double distance(std::size_t a, std::size_t b) const { return file_->distances(a, b); }
  double length_of(const std::vector<std::uint32_t>& route) const;
  std::vector<std::uint32_t> ruin(const std::vector<std::vector<std::uint32_t>>& near, QuickRandom& random);
  void insert(std::uint32_t customer, QuickRandom& random);
  void measure();

  const RoutingFile* file_;
  Routes routes_;
  std::vector<double> loads_;
  double length_ = 0;
};

/// Clarke and Wright's savings: routes of single customers are joined, the pair first that saves most.
Routes savings(const RoutingFile& file);

/// The other customers of each, nearest first.
std::vector<std::vector<std::uint32_t>> near_customers(const RoutingFile& file);

}  // namespace qupel
