#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <ostream>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"
#include "qupel/circuit/distance.test.h"

// Properties of every operation: a new record is tested by being in the registry.
namespace qupel {
namespace {

using std::numbers::pi;
using testing::HasSubstr;

constexpr double tolerance = 1e-12;

struct Sample {
  const OpSpec* spec;
  std::string letters;  ///< of an operation on any number of qubits

  friend void PrintTo(const Sample& sample, std::ostream* out) {
    *out << sample.spec->name << sample.letters;
  }
};

int qubits_of(const Sample& sample) {
  return sample.spec->qubits > 0 ? sample.spec->qubits : static_cast<int>(sample.letters.size());
}

std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const OpSpec* spec : gates()) {
    if (spec->qubits > 0) {
      all.push_back({spec, ""});
    } else {
      for (const char* letters : {"Y", "ZX", "XYZ", "YYXZ"}) all.push_back({spec, letters});
    }
  }
  return all;
}

// The operation on qubits 0, 1, ... whose angle k is parameter k.
Operation operation_of(const Sample& sample) {
  std::vector<int> qubits;
  for (int q = 0; q < qubits_of(sample); ++q) qubits.push_back(q);
  std::vector<Angle> angles;
  for (int k = 0; k < sample.spec->angles; ++k) angles.push_back(Angle::parameter(k));
  return {sample.spec, qubits, angles, sample.letters};
}

Circuit circuit_of(const Sample& sample) {
  const auto operation = operation_of(sample);
  Circuit circuit(qubits_of(sample));
  if (sample.spec->qubits == 0)
    return circuit.add_pauli_rotation(sample.letters, operation.qubits, operation.angles[0]);
  return circuit.add(*sample.spec, operation.qubits, operation.angles);
}

Matrix<Complex> matrix_of(const Sample& sample, std::span<const double> angles) {
  return sample.spec->matrix != nullptr ? full_matrix(*sample.spec, angles)
                                        : pauli_rotation_matrix(sample.letters, angles[0]);
}

// The same with the best global phase.
double distance_up_to_phase(const Matrix<Complex>& a, const Matrix<Complex>& b) {
  Complex overlap = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i) overlap += std::conj(a.values()[i]) * b.values()[i];
  auto turned = a;
  for (Complex& value : turned.values()) value *= overlap / std::abs(overlap);
  return distance(turned, b);
}

// Column b of a circuit's unitary is what it makes of basis state b.
Matrix<Complex> unitary_of(const Circuit& circuit, std::span<const double> parameters) {
  const std::size_t size = std::size_t{1} << circuit.qubits();
  Matrix<Complex> unitary(size, size);
  for (std::size_t basis = 0; basis < size; ++basis) {
    Circuit prepared(circuit.qubits());
    for (int q = 0; q < circuit.qubits(); ++q) {
      if (((basis >> q) & 1) != 0) prepared.add("x", {q});
    }
    const auto state = dense_state(prepared.append(circuit), {}, parameters);
    for (std::size_t row = 0; row < size; ++row) unitary(row, basis) = state[row];
  }
  return unitary;
}

std::vector<double> random_angles(const Sample& sample, std::uint64_t draw) {
  Random random(derive(draw, {key_of(sample.spec->name), key_of(sample.letters)}));
  std::vector<double> angles;
  for (int k = 0; k < sample.spec->angles; ++k) angles.push_back(random.uniform(-2 * pi, 2 * pi));
  return angles;
}

class EveryOperation : public testing::TestWithParam<Sample> {
 protected:
  const Sample& sample = GetParam();
  const OpSpec& spec = *sample.spec;
};

INSTANTIATE_TEST_SUITE_P(Registry, EveryOperation, testing::ValuesIn(samples()), [](const auto& instance) {
  return std::string(instance.param.spec->name) + (instance.param.letters.empty() ? "" : "_") +
         instance.param.letters;
});

TEST_P(EveryOperation, HasAHelpLineAndTheRightCounts) {
  EXPECT_GT(spec.summary.size(), 10U);
  EXPECT_EQ(spec.summary.find('\n'), std::string_view::npos);
  EXPECT_EQ(spec.spectrum.empty(), spec.angles == 0);
  const auto targets = static_cast<std::size_t>(qubits_of(sample) - spec.controls);
  if (spec.matrix != nullptr) {
    EXPECT_EQ(spec.matrix(random_angles(sample, 0)).rows(), 1U << targets);
  }
  const bool fixed_rotation = spec.structure == Structure::pauli_rotation && spec.qubits > 0;
  EXPECT_EQ(spec.pauli.size(), fixed_rotation ? targets : 0U);
}

TEST_P(EveryOperation, IsUnitary) {
  for (std::uint64_t draw = 0; draw < 5; ++draw) {
    const auto matrix = matrix_of(sample, random_angles(sample, draw));
    EXPECT_LT(distance(product(adjoint(matrix), matrix), identity(matrix.rows())), tolerance);
  }
}

TEST_P(EveryOperation, ActsInACircuitAsItsMatrix) {
  const auto angles = random_angles(sample, 1);
  EXPECT_LT(distance(unitary_of(circuit_of(sample), angles), matrix_of(sample, angles)), tolerance);
}

TEST_P(EveryOperation, IsUndoneByItsInverse) {
  const auto angles = random_angles(sample, 2);
  auto circuit = circuit_of(sample);
  circuit.append(circuit.inverse());
  const auto unitary = unitary_of(circuit, angles);
  EXPECT_LT(distance(unitary, identity(unitary.rows())), tolerance);
}

TEST_P(EveryOperation, EqualsItsDecomposition) {
  const auto operation = operation_of(sample);
  if (decomposition_text(operation).empty()) {
    EXPECT_THROW(decomposition(operation), InputError);
    return;
  }
  const auto angles = random_angles(sample, 3);
  const auto unitary = unitary_of(decomposition(operation), angles);
  EXPECT_LT(distance_up_to_phase(unitary, matrix_of(sample, angles)), tolerance);
}

TEST_P(EveryOperation, IsReadByAnyOpenQasm3Reader) {
  // The gates of stdgates.inc and the built-in U:
  // https://openqasm.com/versions/3.0/language/standard_library.html
  const std::set<std::string_view> standard{"p",   "x",   "y",  "z",    "h",   "s",     "sdg", "t",  "tdg",
                                            "sx",  "rx",  "ry", "rz",   "cx",  "cy",    "cz",  "cp", "crx",
                                            "cry", "crz", "ch", "swap", "ccx", "cswap", "cu",  "id", "U"};
  if (!spec.qasm.empty()) {
    EXPECT_TRUE(standard.contains(spec.qasm));
    return;
  }
  const auto steps = decomposition(operation_of(sample));
  for (const auto& step : steps.operations()) {
    EXPECT_TRUE(standard.contains(step.spec->qasm)) << step.spec->name;
  }
}

TEST_P(EveryOperation, DerivativeAgreesWithFiniteDifferences) {
  if (spec.matrix == nullptr) return;
  constexpr double step = 1e-5;
  auto angles = random_angles(sample, 4);
  for (int k = 0; k < spec.angles; ++k) {
    const auto exact = derivative(spec, angles, k);
    double& angle = angles[static_cast<std::size_t>(k)];
    const double centre = std::exchange(angle, angle + step);
    auto difference = spec.matrix(angles);
    angle = centre - step;
    const auto low = spec.matrix(angles);
    angle = centre;
    for (std::size_t i = 0; i < low.values().size(); ++i) {
      difference.data()[i] = (difference.data()[i] - low.data()[i]) / (2 * step);
    }
    EXPECT_LT(distance(exact, difference), 1e-9);
  }
}

TEST_P(EveryOperation, RepeatsAfterItsPeriodAndNotBefore) {
  auto angles = random_angles(sample, 5);
  const auto matrix = matrix_of(sample, angles);
  for (double& angle : angles) {
    const double start = angle;
    angle = start + spec.period;
    EXPECT_LT(distance(matrix_of(sample, angles), matrix), tolerance);
    angle = start + spec.period / 2;
    EXPECT_GT(distance(matrix_of(sample, angles), matrix), 1e-3);
    angle = start;
  }
}

// <psi| U^dagger O U |psi> for a random state and a random Hermitian O.
double random_expectation(const Matrix<Complex>& unitary, std::uint64_t seed) {
  Random random(seed);
  const auto draw = [&random] { return Complex{random.normal(), random.normal()}; };
  Matrix<Complex> psi(unitary.rows(), 1), observable(unitary.rows(), unitary.rows());
  for (Complex& value : psi.values()) value = draw();
  for (Complex& value : observable.values()) value = draw();
  psi = product(unitary, psi);
  return product(adjoint(psi), product(observable, psi))(0, 0)
      .real();  // the real part is that of (O + O^dagger)/2
}

TEST_P(EveryOperation, HasThisSpectrumInItsAngles) {
  constexpr std::size_t points = 16;  // over 4 pi: frequencies 0, 1/2, ..., 7/2 are told apart
  auto angles = random_angles(sample, 6);
  std::set<double> found;
  for (double& angle : angles) {
    const double start = angle;
    std::vector<double> values;
    for (std::size_t p = 0; p < points; ++p) {
      angle = 4 * pi * static_cast<double>(p) / points;
      values.push_back(random_expectation(matrix_of(sample, angles), 7));
    }
    angle = start;
    for (std::size_t m = 1; m < points / 2; ++m) {
      Complex coefficient = 0;
      for (std::size_t p = 0; p < points; ++p) {
        coefficient += values[p] * std::polar(1.0 / points, -2 * pi * static_cast<double>(m * p) / points);
      }
      if (std::abs(coefficient) > 1e-9) found.insert(static_cast<double>(m) / 2);
    }
  }
  EXPECT_EQ(found, std::set(spec.spectrum.begin(), spec.spectrum.end()));
}

bool is_diagonal(const Matrix<Complex>& matrix) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) {
      if (i != j && matrix(i, j) != 0.0) return false;
    }
  }
  return true;
}

bool is_permutation(const Matrix<Complex>& matrix) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    const auto row = matrix.row(i);
    if (std::ranges::count(row, Complex{1}) != 1) return false;
    if (static_cast<std::size_t>(std::ranges::count(row, Complex{0})) != row.size() - 1) return false;
  }
  return true;
}

TEST_P(EveryOperation, HasTheStructureItStates) {
  const auto matrix = matrix_of(sample, random_angles(sample, 8));
  if (spec.structure == Structure::pauli_rotation) return;  // PauliRotation.IsTheExponential
  EXPECT_EQ(is_diagonal(matrix), spec.structure == Structure::diagonal);
  if (spec.structure != Structure::diagonal) {
    EXPECT_EQ(is_permutation(matrix), spec.structure == Structure::permutation);
  }
}

// exp(-i angle/2 P) by its power series.
Matrix<Complex> exponential(std::string_view letters, double angle) {
  const auto pauli = pauli_matrix(letters);
  auto sum = identity(pauli.rows()), term = sum;
  for (int k = 1; k < 60; ++k) {
    term = product(pauli, term);
    for (std::size_t i = 0; i < term.values().size(); ++i) {
      term.data()[i] *= Complex{0, -angle / 2} / static_cast<double>(k);
      sum.data()[i] += term.data()[i];
    }
  }
  return sum;
}

TEST_P(EveryOperation, IsTheExponentialIfItIsAPauliRotation) {
  if (spec.structure != Structure::pauli_rotation) return;
  const auto angles = random_angles(sample, 9);
  const auto operation = operation_of(sample);
  EXPECT_LT(distance(matrix_of(sample, angles), exponential(operation.letters(), angles[0])), tolerance);
}

TEST(PauliRotation, TakesIdentityLettersAndRefusesOthers) {
  EXPECT_LT(distance(pauli_rotation_matrix("IYIX", 0.7), exponential("IYIX", 0.7)), tolerance);
  EXPECT_THROW(pauli_rotation_matrix("XQ", 1), InputError);
}

TEST(Registry, SuggestsTheNearestName) {
  try {
    operation("crs");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "\"crs\" is not an operation; did you mean \"crx\"?");
  }
}

TEST(Registry, NamesAreDistinctAndFindTheirRecords) {
  for (const OpSpec* spec : operations()) EXPECT_EQ(&operation(spec->name), spec) << spec->name;
}

TEST(Registry, HasEveryOperationPromised) {
  for (const char* name : {"i",     "x",          "y",
                           "z",     "h",          "s",
                           "sdg",   "t",          "tdg",
                           "sx",    "sxdg",       "rx",
                           "ry",    "rz",         "p",
                           "u",     "cx",         "cy",
                           "cz",    "ch",         "swap",
                           "iswap", "sqrt_iswap", "prx",
                           "gpi",   "gpi2",       "ms",
                           "ecr",   "rxx",        "ryy",
                           "rzz",   "rzx",        "crx",
                           "cry",   "crz",        "cp",
                           "ccx",   "cswap",      "pauli_rotation"}) {
    EXPECT_NO_THROW(operation(name)) << name;
  }
}

TEST(Registry, AMatrixOnAnyNumberOfQubitsNeedsLetters) {
  EXPECT_THROW(full_matrix(operation("pauli_rotation"), std::vector{0.1}), InputError);
}

// Qiskit 2.6: ECRGate().to_matrix(), iSwapGate().to_matrix(), RZXGate(pi/2).to_matrix(); the first qubit is
// the low bit.
TEST(Definitions, OfEcrIswapAndRzxAreQiskits) {
  const double r = std::sqrt(0.5);
  const Complex i{0, 1};
  const auto close = [](const OpSpec& spec, std::vector<double> angles, std::vector<Complex> expected) {
    const auto matrix = full_matrix(spec, angles);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_LT(std::abs(matrix.values()[k] - expected[k]), tolerance) << spec.name << " entry " << k;
    }
  };
  close(operation("ecr"), {}, {0, r, 0, r * i, r, 0, -r * i, 0, 0, r * i, 0, r, -r * i, 0, r, 0});
  close(operation("iswap"), {}, {1, 0, 0, 0, 0, 0, i, 0, 0, i, 0, 0, 0, 0, 0, 1});
  close(operation("rzx"), {pi / 2}, {r, 0, -r * i, 0, 0, r, 0, r * i, -r * i, 0, r, 0, 0, r * i, 0, r});
}

// https://docs.ionq.com/guides/getting-started-with-native-gates, angles in turns there, and the first qubit
// is the high bit there: ms is symmetric if its angles are exchanged, too.
TEST(Definitions, OfTrappedIonGatesAreIonqs) {
  const double r = std::sqrt(0.5), p = 0.3, q = 1.1;
  const Complex i{0, 1};
  const auto e = [](double angle) { return std::polar(1.0, angle); };
  const auto close = [](const char* name, std::vector<double> angles, std::vector<Complex> expected) {
    const auto matrix = full_matrix(operation(name), angles);
    for (std::size_t k = 0; k < expected.size(); ++k)
      EXPECT_LT(std::abs(matrix.values()[k] - expected[k]), tolerance) << name << " entry " << k;
  };
  close("gpi", {p}, {0, e(-p), e(p), 0});
  close("gpi2", {p}, {r, -i * r * e(-p), -i * r * e(p), r});
  close("ms", {q, p},
        {r, 0, 0, -i * r * e(-p - q), 0, r, -i * r * e(q - p), 0, 0, -i * r * e(p - q), r, 0,
         -i * r * e(p + q), 0, 0, r});
}

// cirq.SQRT_ISWAP, and cirq.PhasedXPowGate(exponent = theta/pi, phase_exponent = phi/pi), which has the same
// global phase.
TEST(Definitions, OfSquareRootOfIswapAndPhasedRxAreCirqs) {
  const double r = std::sqrt(0.5), theta = 0.9, phi = 0.4;
  const Complex i{0, 1}, turn = std::polar(1.0, theta / 2);
  const auto root = full_matrix(operation("sqrt_iswap"), {});
  EXPECT_LT(distance(product(root, root), full_matrix(operation("iswap"), {})), tolerance);
  EXPECT_LT(std::abs(root(1, 2) - i * r), tolerance);
  const auto prx = full_matrix(operation("prx"), std::vector{theta, phi});
  EXPECT_LT(std::abs(prx(0, 0) - turn * std::cos(theta / 2)), tolerance);
  EXPECT_LT(std::abs(prx(0, 1) + i * turn * std::polar(1.0, -phi) * std::sin(theta / 2)), tolerance);
}

// https://openqasm.com/versions/3.0/language/gates.html: U(pi/2, 0, pi) is H up to exp(i pi/4).
TEST(Definitions, OfUIsOpenQasm3s) {
  const auto u = full_matrix(operation("u"), std::vector{0.3, 0.5, 0.7});
  const auto e = [](double angle) { return std::polar(1.0, angle); };
  EXPECT_LT(std::abs(u(0, 0) - (1.0 + e(0.3)) / 2.0), tolerance);
  EXPECT_LT(std::abs(u(0, 1) - Complex(0, -1) * e(0.7) * (1.0 - e(0.3)) / 2.0), tolerance);
  EXPECT_LT(std::abs(u(1, 0) - Complex(0, 1) * e(0.5) * (1.0 - e(0.3)) / 2.0), tolerance);
  EXPECT_LT(std::abs(u(1, 1) - e(1.2) * (1.0 + e(0.3)) / 2.0), tolerance);
  const auto h = full_matrix(operation("h"), {});
  EXPECT_LT(distance_up_to_phase(full_matrix(operation("u"), std::vector<double>{pi / 2, 0, pi}), h),
            tolerance);
}

}  // namespace
}  // namespace qupel
