#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"

// DecisionValue values of pairwise classifiers to class probabilities.
namespace qupel {

/// P(first class | decision value) = 1 / (1 + exp(slope * decision + offset)) (Platt 1999).
struct Sigmoid {
  double slope = -1, offset = 0;
  double operator()(double decision) const;
};

/// A decision value and whether its row belongs to the first class.
struct DecisionValue {
  double value = 0;
  bool first = false;
};

/// The most likely sigmoid under Platt's smoothed targets, by Newton's method with backtracking (Lin, Lin and
/// Weng, "A note on Platt's probabilistic outputs", 2007). Without decisions: the standard logistic function.
Sigmoid fit_sigmoid(std::span<const DecisionValue> decisions);

/// Probabilities of classes from those of pairs: method 2 of Wu, Lin and Weng, JMLR 5, 2004.
/// @param pairwise classes x classes; entry (i, j), i != j, is P(i | i or j), strictly between 0 and 1
std::vector<double> couple(const Matrix<double>& pairwise);

}  // namespace qupel
