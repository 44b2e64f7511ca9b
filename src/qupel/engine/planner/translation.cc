#include "qupel/engine/planner/translation.h"

#include <algorithm>
#include <utility>

#include "qupel/engine/moments.h"
#include "qupel/engine/readout_errors.h"
#include "qupel/noise/readout.h"

namespace qupel {
namespace {

std::vector<NormalForm> normal_forms(std::span<const Observable> observables) {
  std::vector<NormalForm> forms;
  std::ranges::transform(observables, std::back_inserter(forms), normal_form);
  return forms;
}

}  // namespace

// Observables asked are those of the job in normal form, then their squares, then those of the job as they
// are read.
Translation::Translation(Job job)
    : job_(std::move(job)),
      forms_(normal_forms(job_.observables)),
      squares_(job_.variances > 0 && std::ranges::all_of(std::span(forms_).first(job_.variances),
                                                         worth_squaring, &NormalForm::terms)),
      misreads_(misreads(job_.noise, job_.circuit.qubits())),
      asked_(job_) {
  if (!job_.noise.disturbs_gates() && job_.circuit.unitary()) asked_.noise = {};
  auto& observables = asked_.observables;
  std::ranges::transform(forms_, observables.begin(), &NormalForm::terms);
  if (squares_) {
    asked_.variances = 0;
    for (const auto& form : std::span(forms_).first(job_.variances))
      observables.push_back(squared(form.terms));
  }
  if (misreads_) {
    for (const auto& form : forms_) observables.push_back(as_read(form.terms, job_.noise));
  }
}

Outcome Translation::answer(Outcome outcome) const {
  const std::size_t count = job_.observables.size(), read = misreads_ ? asked_.observables.size() - count : 0;
  for (std::size_t o = 0; squares_ && o < job_.variances; ++o) {
    const Moments moments{outcome.expectations[o], outcome.expectations[count + o]};
    outcome.variances.push_back(moments.variance());
  }
  const auto keep = [&](std::vector<double>& values) {
    if (values.empty()) return;
    values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(read));
    values.resize(count);
  };
  keep(outcome.expectations);
  keep(outcome.errors);
  scale(outcome);
  if (!job_.readout.empty() && !outcome.counts.empty()) {
    add_counts(job_.readout, {}, outcome.counts, outcome.bit_counts);
    outcome.counts.clear();
  }
  if (misreads_) {
    outcome.counts = misread(std::move(outcome.counts), job_.noise, job_.circuit.qubits(), job_.seed);
    outcome.bit_counts = misread(std::move(outcome.bit_counts), job_.readout, job_.noise, job_.seed);
  }
  return outcome;
}

void Translation::scale(Outcome& outcome) const {
  for (std::size_t o = 0; o < outcome.expectations.size(); ++o)
    outcome.expectations[o] = forms_[o].constant + forms_[o].scale * outcome.expectations[o];
  for (std::size_t o = 0; o < outcome.errors.size(); ++o) outcome.errors[o] *= forms_[o].scale;
  for (std::size_t o = 0; o < outcome.variances.size(); ++o)
    outcome.variances[o] *= forms_[o].scale * forms_[o].scale;
}

}  // namespace qupel
