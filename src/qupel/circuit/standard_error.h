#pragma once
#include "qupel/circuit/observable.h"

namespace qupel {

/// Values of one observable that were drawn by chance, each from a state of its own.
struct Draws {
  double count = 0;
  double sum = 0, sum_of_squares = 0;
  /// The largest and the smallest possible value differ by so much.
  double range = 0;
  /// An upper bound on the total probability of the outcomes that could have been drawn and were not.
  double untaken = 1;

  double mean() const { return sum / count; }
};

/// An upper bound on the probability of an event that none of n draws met. It is wrong only by bad luck: an
/// event of probability c / n is missed by n draws with probability exp(-c) (the rule of three: Hanley and
/// Lippman-Hand, JAMA 249, 1743, 1983). Here c = 1.36.
double missed_probability(double draws);

/// By how much expectation values of the observable can differ, at most: twice the weights of all strings but
/// the identity, whose sign is always the same.
double value_range(const Observable& observable);

/// The standard error of the mean, sqrt(s^2 / n + (range u)^2), with the sample variance s^2 of n draws. The
/// second part is for rare events that no draw met, which s^2 knows nothing of: u = min(untaken,
/// missed_probability(n)). If all values are equal but for one kind of event, the mean is then within one
/// standard error of the truth in at least 64 % and within two in at least 93 % of all runs, however rare the
/// event is (exact sums: standard_error.test.cc). Infinite for a single draw.
double standard_error(const Draws& draws);

}  // namespace qupel
