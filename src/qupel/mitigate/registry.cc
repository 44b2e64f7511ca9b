#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "qupel/base/error.h"
#include "qupel/mitigate/records.h"

namespace qupel {
namespace {

/// Several techniques, one inside the other.
class Composed : public Mitigation {
 public:
  Composed(std::unique_ptr<Mitigation> outer, std::unique_ptr<Mitigation> inner)
      : name_(fmt::format("{}, {}", outer->name(), inner->name())),
        outer_(std::move(outer)),
        inner_(std::move(inner)) {}

  std::string_view name() const override { return name_; }

  Overhead overhead(const Job& job) const override {
    const auto outside = outer_->overhead(job), inside = inner_->overhead(job);
    return {outside.circuits * inside.circuits, outside.variance * inside.variance};
  }

  std::vector<Job> expand(const Job& job) const override {
    std::vector<Job> all;
    for (const auto& part : outer_->expand(job))
      for (auto& made : inner_->expand(part)) all.push_back(std::move(made));
    return all;
  }

  Estimate combine(const Job& job, std::span<const Estimate> results) const override {
    const std::vector<Estimate> one(results.begin(), results.end());
    return combine_samples(job, {&one, 1}).front();
  }

  std::vector<Estimate> combine_samples(const Job& job,
                                        std::span<const std::vector<Estimate>> results) const override {
    const auto parts = outer_->expand(job);
    std::vector<std::vector<Estimate>> of_parts(results.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto combined = inner_->combine_samples(parts[i], share(results, i, parts.size()));
      for (std::size_t s = 0; s < results.size(); ++s) of_parts[s].push_back(std::move(combined[s]));
    }
    return outer_->combine_samples(job, of_parts);
  }

 private:
  /// Of each sample the results of one of so many parts.
  static std::vector<std::vector<Estimate>> share(std::span<const std::vector<Estimate>> results,
                                                  std::size_t part, std::size_t parts) {
    std::vector<std::vector<Estimate>> shares;
    for (const auto& of_sample : results) {
      const auto each = of_sample.size() / parts;
      const auto own = std::span(of_sample).subspan(part * each, each);
      shares.emplace_back(own.begin(), own.end());
    }
    return shares;
  }

  std::string name_;
  std::unique_ptr<Mitigation> outer_, inner_;
};

struct Named {
  const MitigationSpec* spec;
  std::string options;
};

Named named(const std::string& text) {
  const auto open = text.find('(');
  const auto name = text.substr(0, open);
  std::vector<std::string> known;
  for (const auto* spec : mitigations()) {
    if (spec->name == name) {
      if (open == std::string::npos) return {spec, ""};
      if (text.back() != ')') throw InputError(fmt::format("\"{}\": \")\" is missing at the end", text));
      return {spec, text.substr(open + 1, text.size() - open - 2)};
    }
    known.emplace_back(spec->name);
  }
  throw InputError(unknown_name(name, "an error mitigation", known));
}

}  // namespace

std::span<const MitigationSpec* const> mitigations() {
  static const std::array all{&mitigate::zero_noise_extrapolation, &mitigate::twirling,
                              &mitigate::probabilistic_error_cancellation, &mitigate::readout};
  return all;
}

std::unique_ptr<Mitigation> mitigation(std::span<const std::string> names) {
  std::vector<Named> wanted;
  for (const auto& name : names) {
    wanted.push_back(named(name));
    for (std::size_t i = 0; i + 1 < wanted.size(); ++i)
      if (wanted[i].spec == wanted.back().spec)
        throw InputError(fmt::format("the error mitigation {} stands twice", wanted[i].spec->name));
  }
  std::ranges::stable_sort(wanted, {}, [](const Named& each) { return each.spec->order; });
  std::unique_ptr<Mitigation> made;
  for (auto each = wanted.rbegin(); each != wanted.rend(); ++each) {
    auto outer = each->spec->make(each->options);
    made = made ? std::make_unique<Composed>(std::move(outer), std::move(made)) : std::move(outer);
  }
  return made;
}

}  // namespace qupel
