#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qupel/circuit/qasm_reader.h"
#include "qupel/execute/executor.h"

// What `qupel sim` computes and `qupel explain` explains.
namespace qupel::cli {

struct SimulationRequest {
  std::optional<Observable> observable;
  NoiseModel noise;
  std::size_t trajectories = 0;  ///< 0: exact
  std::size_t shots = 0;
  bool state = false;
  std::optional<bool> variance;  ///< of the observable; nothing: where it is cheap
  Precision precision = Precision::double_;
  std::uint64_t seed = 1;
  std::string engine;  ///< "": the planner chooses
  int threads = 0;     ///< 0: all cores
};

struct Simulation {
  std::optional<double> expectation;
  std::optional<double> standard_error;  ///< of the expectation; none: it is exact
  std::optional<double> variance;        ///< of the observable in the state: <O^2> - <O>^2; none: left out
  std::map<std::string, std::uint64_t> counts;  ///< shots by bit string
  std::vector<Complex> state;  ///< 2^qubits amplitudes; qubit 0 is the lowest bit of an index
  std::string engine;
};

/// A basis state as its bits, qubit 0 last.
std::string basis_text(int qubits, std::uint64_t basis);
/// The classical bits of a circuit, the last first, with registers apart and without what has no name, which
/// is not the program's.
std::string bits_text(const Circuit& circuit, std::string_view bits);

/// How the request's circuit runs.
Execution execution_of(const SimulationRequest& request);
/// Whether the variance of the observable is computed: if asked for, or where it takes little.
bool wants_variance(const SimulationRequest& request, const Circuit& circuit);
/// What is asked about it.
Question question_of(const SimulationRequest& request, const Circuit& circuit);
/// The circuit that runs for the request: shots of more than 64 qubits need classical bits to be counted by.
Circuit circuit_of(const QasmProgram& program, const SimulationRequest& request);

/// Runs a program without open inputs. Counts are over the classical bits where any is measured, registers
/// apart and the last one first; else over the qubits. Equal for any number of threads.
/// @throws InputError naming an input that is open, or if the circuit or observable does not fit the engine
Simulation simulate(const QasmProgram& program, const SimulationRequest& request);

}  // namespace qupel::cli
