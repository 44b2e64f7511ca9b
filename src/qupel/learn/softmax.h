#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/contend/row_model.h"

// Scores of classes to probabilities and labels.
namespace qupel {

/// Scores to probabilities in place: exp(s_c) / sum_k exp(s_k).
void softmax(std::span<double> scores);

/// -log p(label) of one row's scores, which become d loss / d score: p_c - [c = label].
double cross_entropy(std::span<double> scores, int label);

/// The column of the largest value in each row; the first of equal ones.
std::vector<int> largest_columns(const Matrix<double>& values);

/// Probabilities by softmax and the most probable labels.
Classes predict_from_scores(Matrix<double> scores);

}  // namespace qupel
