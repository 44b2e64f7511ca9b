#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "qupel/device/device.h"
#include "qupel/report/device_layout.h"
#include "qupel/report/device_pictures.h"
#include "qupel/report/example.test.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::pair<int, int>> all_couplings(const Device& device) {
  auto pairs = device.edges();
  pairs.insert(pairs.end(), device.dead_edges.begin(), device.dead_edges.end());
  return pairs;
}

TEST(DeviceLayout, CoupledQubitsOfEveryLatticeAreNextToEachOther) {
  for (const auto* name : {"ibm-washington", "ibm-sherbrooke", "ibm-kyiv", "ibm-torino", "ibm-marrakesh",
                           "ibm-boston", "google-weber", "google-willow", "rigetti-cepheus-1", "iqm-garnet",
                           "line(7)", "grid(3x4)", "heavy-hex(3x9)"}) {
    const auto device = qupel::device(name);
    const auto pairs = all_couplings(device);
    const auto places = lattice_places(device.size(), pairs);
    ASSERT_TRUE(places.has_value()) << name;
    std::set<std::pair<double, double>> taken;
    for (const auto& place : *places) EXPECT_TRUE(taken.emplace(place.x, place.y).second) << name;
    for (const auto& [a, b] : pairs) {
      const auto &p = (*places)[static_cast<std::size_t>(a)], &q = (*places)[static_cast<std::size_t>(b)];
      EXPECT_EQ(std::abs(p.x - q.x) + std::abs(p.y - q.y), 1) << name << " " << a << " " << b;
    }
  }
}

TEST(DeviceLayout, WhatHasNoPlaceOnALatticeIsDrawnAllTheSame) {
  EXPECT_FALSE(lattice_places(5, qupel::device("ring(5)").edges()).has_value());
  for (const auto* name : {"ring(5)", "all-to-all(6)"}) {
    const auto device = qupel::device(name);
    const auto places = drawn_places(device.size(), device.edges());
    ASSERT_EQ(places.size(), static_cast<std::size_t>(device.size()));
    for (std::size_t a = 0; a < places.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        EXPECT_GT(std::hypot(places[a].x - places[b].x, places[a].y - places[b].y), 0.5) << name;
  }
  const auto ring = drawn_places(5, qupel::device("ring(5)").edges());
  for (std::size_t q = 0; q < 5; ++q)
    EXPECT_NEAR(std::hypot(ring[q].x - ring[(q + 1) % 5].x, ring[q].y - ring[(q + 1) % 5].y), 1, 0.2);
  EXPECT_EQ(drawn_places(3, {}).size(), 3U);
  EXPECT_TRUE(drawn_places(0, {}).empty());
}

TEST(DeviceMapPicture, TellsErrorsByWidthClassAndTextAndShowsWhatIsUsed) {
  const auto result = example_on_devices();
  const auto& reading = find_contender(result, "quantum-kernel")->devices[0];
  const auto html = device_map(result.devices[0], &reading.timeline);
  EXPECT_THAT(html, HasSubstr("qubits 2 and 3: error 2"));
  EXPECT_THAT(html, HasSubstr("qubits 3 and 4: the coupling does not work"));
  EXPECT_THAT(html, HasSubstr("qubit 4 does not work"));
  EXPECT_THAT(html, HasSubstr("qubit 1: readout error 2"));
  EXPECT_THAT(html, HasSubstr("qubit 0 of the circuit at its start"));
  EXPECT_THAT(html, HasSubstr("on the way between others"));
  EXPECT_THAT(html, HasSubstr("error-3"));
  EXPECT_THAT(html, HasSubstr("5 qubits, 4 couplings, 3 used"));
  EXPECT_THAT(device_map(result.devices[0], nullptr), Not(HasSubstr("coupling used")));
  EXPECT_EQ(device_map(result.devices[1], nullptr), "");
}

TEST(DeviceMapPicture, SurvivesCouplingsOfQubitsThatAreNotThere) {
  auto device = example_on_devices().devices[0];
  device.map.couplings.push_back({7, -1, .1, false});
  EXPECT_THAT(device_map(device, nullptr), HasSubstr("<svg"));
  device.map.readout_errors.resize(5000);
  EXPECT_EQ(device_map(device, nullptr), "");
}

TEST(DeviceTimelinePicture, HasALaneAQubitAndItsWaits) {
  const auto result = example_on_devices();
  const auto& reading = find_contender(result, "quantum-kernel")->devices[0];
  const auto html = device_timeline("quantum-kernel", reading);
  EXPECT_THAT(html, HasSubstr("cz on 0 and 1, 0.4 µs"));
  EXPECT_THAT(html, HasSubstr("qubit 0 waits for 1 µs"));    // from 0.5 to the end at 1.5
  EXPECT_THAT(html, HasSubstr("qubit 1 waits for 0.6 µs"));  // between its two operations
  EXPECT_THAT(html, Not(HasSubstr("qubit 2 waits")));
  // Waiting: 1.6 us of 1.5 + 1.4 + 0.4.
  EXPECT_THAT(html, HasSubstr("48.5"));
  EXPECT_EQ(device_timeline("quantum-kernel", find_contender(result, "quantum-kernel")->devices[1]), "");
}

TEST(DeviceSection, AnswersWhatAManagerAsks) {
  auto result = example_on_devices();
  auto html = device_section(result);
  EXPECT_THAT(html, HasSubstr("What the device did to quantum-kernel"));
  EXPECT_THAT(html, HasSubstr("It brings back 4"));
  EXPECT_THAT(html, HasSubstr("for 3 times the circuits"));
  EXPECT_THAT(html, HasSubstr("400 circuits"));
  EXPECT_THAT(html, HasSubstr("88 USD at the price of IBM (2026-05)"));
  EXPECT_THAT(html, HasSubstr("None was asked for"));
  EXPECT_THAT(html, HasSubstr("On no device: even a perfect"));
  EXPECT_THAT(html, HasSubstr("two-qubit operations"));
  EXPECT_THAT(html, Not(HasSubstr("As one circuit")));
  result.problem_description = R"({"kind": "tsp", "qubits": 16, "couplings": 72})";
  EXPECT_THAT(device_section(result),
              HasSubstr("As one circuit the problem takes 16 qubits of 5 here and, in each "
                        "layer of a QAOA, 72 operations on two qubits"));
  result.problem_description = R"({"kind": "cvrp", "qubits": 16, "couplings": null})";
  EXPECT_THAT(device_section(result), Not(HasSubstr("As one circuit")));
  result.ideal_verdict = Verdict::inconclusive;
  EXPECT_THAT(device_section(result), HasSubstr("Not known yet"));
  result.ideal_verdict = Verdict::quantum_better;
  EXPECT_THAT(device_section(result), HasSubstr("On a better device"));
  result.devices[0].verdict = Verdict::quantum_better;
  EXPECT_THAT(device_section(result), HasSubstr("On this device, as it is"));
}

TEST(CostTable, TellsOfEveryDevice) {
  const auto result = example_on_devices();
  const auto html = cost_table(result);
  for (const auto* device : {"ibm-torino", "of-old"}) {
    EXPECT_THAT(html, HasSubstr(std::string("on ") + device + ": noisy <b>"));
    EXPECT_THAT(html, HasSubstr(std::string("effective on ") + device));
    EXPECT_THAT(html, HasSubstr(std::string("compiled for ") + device));
    EXPECT_THAT(html, HasSubstr(std::string("</b> on ") + device));  // owning it
  }
  EXPECT_THAT(html, HasSubstr(", mitigated <b>"));
  EXPECT_THAT(html, HasSubstr("USD an hour"));
  EXPECT_THAT(html, HasSubstr("times as many circuits on ibm-torino"));
  EXPECT_THAT(html, Not(HasSubstr("needs a device")));
}

TEST(DeviceSection, IsAFunctionOfTheStoredRecord) {
  const auto result = example_on_devices();
  EXPECT_EQ(device_section(study_result_from_json(to_json(result))), device_section(result));
}

}  // namespace
}  // namespace qupel::report
