#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/mitigate/extrapolation.h"
#include "qupel/mitigate/folding.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

class ZeroNoise : public Mitigation {
 public:
  ZeroNoise(std::vector<double> scales, Extrapolation method) : scales_(std::move(scales)), method_(method) {}

  std::string_view name() const override { return "zne"; }

  Overhead overhead(const Job& job) const override {
    double variance = 0;
    for (const double weight : weights(reached(job.circuit), method_)) variance += weight * weight;
    return {static_cast<double>(scales_.size()), variance};
  }

  std::vector<Job> expand(const Job& job) const override {
    std::vector<Job> jobs;
    for (const double scale : scales_) {
      jobs.push_back(job);
      jobs.back().circuit = folded(job.circuit, scale).circuit;
    }
    return jobs;
  }

  Estimate combine(const Job& job, std::span<const Estimate> results) const override {
    return extrapolated_to_zero(reached(job.circuit), results);
  }

  std::vector<Estimate> combine_samples(const Job& job,
                                        std::span<const std::vector<Estimate>> results) const override {
    const auto scales = reached(job.circuit);
    std::vector<Estimate> combined;
    for (const auto& of_sample : results) combined.push_back(extrapolated_to_zero(scales, of_sample));
    return combined;
  }

 private:
  Estimate extrapolated_to_zero(std::span<const double> scales, std::span<const Estimate> results) const {
    Estimate estimate;
    for (std::size_t o = 0; o < results.front().values.size(); ++o) {
      std::vector<double> values, errors;
      for (const auto& result : results) {
        values.push_back(result.values[o]);
        if (!result.errors.empty()) errors.push_back(result.errors[o]);
      }
      const auto [value, error] = extrapolated(scales, values, errors, method_);
      estimate.values.push_back(value);
      if (!errors.empty()) estimate.errors.push_back(error);
    }
    return estimate;
  }

  /// The scales that whole gates allow.
  std::vector<double> reached(const Circuit& circuit) const {
    std::vector<double> all;
    for (const double scale : scales_) all.push_back(folded(circuit, scale).scale);
    return all;
  }

  std::vector<double> scales_;
  Extrapolation method_;
};

std::vector<double> read_scales(std::string_view text) {
  std::vector<double> scales;
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    double scale = 0;
    const auto [next, error] = std::from_chars(at, end, scale);
    if (error != std::errc{} || !(scale >= 1 && scale <= 99))
      throw InputError(
          fmt::format("zne({}): noise factors are numbers from 1 to 99, as in zne(1 3 5)", text));
    if (!scales.empty() && scale <= scales.back())
      throw InputError(fmt::format("zne({}): noise factors must ascend", text));
    scales.push_back(scale);
    at = next;
  }
  return scales;
}

std::unique_ptr<Mitigation> make(std::string_view options) {
  const auto comma = options.find(',');
  auto scales = read_scales(options.substr(0, comma));
  if (scales.empty()) scales = {1, 3, 5};
  auto method = Extrapolation::linear;
  if (comma != std::string_view::npos) {
    auto name = options.substr(comma + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    method = extrapolation(name);
  }
  require_enough(scales.size(), method);
  return std::make_unique<ZeroNoise>(std::move(scales), method);
}

}  // namespace

const MitigationSpec zero_noise_extrapolation{
    .name = "zne",
    .summary = "runs circuits with more noise, made by folding two-qubit gates, and extrapolates to none",
    .source =
        "Temme, Bravyi and Gambetta, Phys. Rev. Lett. 119, 180509 (2017); Giurgica-Tiron et al. 2020, "
        "arXiv:2005.10921",
    .assumes = "noise grows with the number of two-qubit gates as the extrapolation says",
    .options =
        "noise factors, then the extrapolation: \"1 3 5, linear\" (also richardson, quadratic, "
        "exponential)",
    .order = 10,
    .make = make};

}  // namespace qupel::mitigate
