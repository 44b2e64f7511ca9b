#include "qupel/engine/translation.h"

#include <algorithm>
#include <utility>

#include "qupel/engine/moments.h"
#include "qupel/engine/readout_errors.h"
#include "qupel/noise/readout.h"

namespace qupel {
namespace {

std::span<const Observable> measured_squares(const Job& job) {
  return std::span(job.observables).first(job.variances);
}

}  // namespace

// Observables asked are the job's, then their squares, then the job's as they are read.
Translation::Translation(Job job)
    : job_(std::move(job)),
      squares_(job_.variances > 0 && std::ranges::all_of(measured_squares(job_), worth_squaring)),
      misreads_(misreads(job_.noise, job_.circuit.qubits())),
      asked_(job_) {
  if (!job_.noise.disturbs_gates() && job_.circuit.unitary()) asked_.noise = {};
  if (squares_) {
    asked_.variances = 0;
    for (const auto& observable : measured_squares(job_)) asked_.observables.push_back(squared(observable));
  }
  if (misreads_) {
    for (const auto& observable : job_.observables)
      asked_.observables.push_back(as_read(observable, job_.noise));
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

}  // namespace qupel
