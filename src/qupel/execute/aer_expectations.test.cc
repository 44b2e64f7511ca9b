#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "qupel/base/file.h"
#include "qupel/execute/executor.h"

// Compiled circuits under devices' noise against density matrices of Qiskit Aer 0.18 (scripts/aer-values).
namespace qupel {
namespace {

using json = nlohmann::json;

Circuit circuit_of(const json& steps, const std::vector<int>& physical) {
  Circuit circuit(static_cast<int>(physical.size()));
  for (const auto& step : steps) {
    std::vector<int> places;
    for (const auto& q : step.at(2))
      places.push_back(static_cast<int>(std::ranges::lower_bound(physical, q.get<int>()) - physical.begin()));
    std::vector<Angle> angles;
    for (const auto& angle : step.at(1)) angles.emplace_back(angle.get<double>());
    circuit.add(step.at(0).get<std::string>(), places, angles);
  }
  return circuit;
}

std::vector<int> qubits_of(const json& steps) {
  std::set<int> used;
  for (const auto& step : steps)
    for (const auto& q : step.at(2)) used.insert(q.get<int>());
  return {used.begin(), used.end()};
}

TEST(AerExpectations, AgreeOnEveryDevice) {
  const auto reference = json::parse(read_file(QUPEL_SOURCE_DIR "/src/qupel/execute/aer_expectations.json"));
  ASSERT_GE(reference.size(), 10U);
  for (const auto& entry : reference) {
    const auto name = entry.at("device").get<std::string>();
    const auto device = std::make_shared<const Device>(qupel::device(name));
    const auto physical = qubits_of(entry.at("steps"));
    const auto circuit = circuit_of(entry.at("steps"), physical);
    for (const bool waiting : {false, true}) {
      Executor executor({.device = device,
                         .device_noise = {.idle = waiting},
                         .physical = physical,
                         .precision = Precision::double_});
      std::vector<Observable> observables;
      for (const auto& value : entry.at("values")) {
        auto observable = parse_observable(value.at("observable").get<std::string>());
        for (auto& term : observable.terms) {
          PauliString moved;
          for (const auto& [q, letter] : term.pauli.letters())
            moved.set(static_cast<int>(std::ranges::lower_bound(physical, q) - physical.begin()), letter);
          term.pauli = moved;
        }
        observables.push_back(observable);
      }
      const auto found =
          executor.expectations(executor.prepare(circuit, observables), Matrix<double>(1, 0), {}).values;
      for (std::size_t k = 0; k < observables.size(); ++k)
        EXPECT_NEAR(found(0, k),
                    entry.at("values").at(k).at(waiting ? "with_waiting" : "without_waiting").get<double>(),
                    1e-9)
            << name << " " << entry.at("circuit") << " " << entry.at("values").at(k).at("observable");
    }
  }
}

}  // namespace
}  // namespace qupel
