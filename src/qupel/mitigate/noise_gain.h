#pragma once

namespace qupel::mitigate {

/// Which share of the noise is left so that error cancellation takes at most so many times as many shots:
/// 1 - ln(most) / ln(gamma^2), between 0 and 1. Exact for exponentials of Paulis (Pauli-Lindblad models),
/// whose norm to a power is that of the power. @param gamma the norm of the whole inverse @param
/// most_overhead >= 1
double noise_gain(double gamma, double most_overhead);

/// How many circuits, one shot each, make the error larger than `error` with a probability of `failure` at
/// most: Hoeffding's inequality for values between -gamma and gamma.
double samples_for(double gamma, double error, double failure);

}  // namespace qupel::mitigate
