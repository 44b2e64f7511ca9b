#include <gmock/gmock.h>

#include "qupel/base/error.h"
#include "qupel/device/device.h"

namespace qupel {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// A device of two qubits, with a part of its file replaced.
std::string file(const std::string& part = "", const std::string& by = "") {
  std::string text = R"({"format": "qupel device 1", "name": "two", "vendor": "me", "date": "2026-01-01",
    "qubits": {"count": 2, "t1": [100, 50], "t2": [80, null], "one_for_zero": 0.01, "zero_for_one": [0.02, 0.03]},
    "operations": [{"operation": "rz", "virtual": true}, {"operation": "sx", "duration": 0.03, "error": [0.001, null]},
                   {"operation": "cz", "on": [[0, 1]], "duration": 0.07, "error": 0.01}],
    "repetition_delay": 250})";
  if (part.empty()) return text;
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.replace(at, part.size(), by);
}

Device read(const std::string& text) { return validated(device_from_json(text, "two.json")); }

std::string file_refusal(const std::string& text) {
  try {
    static_cast<void>(read(text));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}
std::string file_refusal(const std::string& part, const std::string& by) {
  return file_refusal(file(part, by));
}

TEST(DeviceFile, IsRead) {
  const auto device = read(file());
  EXPECT_EQ(device.size(), 2);
  EXPECT_EQ(device.qubits[0].t2, 80);
  EXPECT_EQ(device.qubits[1].zero_for_one, 0.03);
  EXPECT_TRUE(device.native_operation("rz")->is_virtual);
  EXPECT_EQ(device.gate(operation("sx"), std::vector{0})->error, 0.001);
  EXPECT_EQ(device.gate(operation("cz"), std::vector{1, 0})->duration, 0.07);
  EXPECT_THAT(device.edges(), ElementsAre(std::pair(0, 1)));
  EXPECT_EQ(device.repetition_delay, 250);
}

TEST(DeviceFile, WhatIsNotKnownIsMendedAndSaid) {
  const auto device = read(file());
  EXPECT_EQ(device.qubits[1].t2, 100);
  EXPECT_EQ(device.gate(operation("sx"), std::vector{1})->error, 0.001);
  EXPECT_THAT(device.repairs,
              ElementsAre(HasSubstr("error of sx at (1) is not known and taken as the median"),
                          "t2 of qubit 1 is not known and taken as 2 t1"));
}

TEST(DeviceFile, T2AboveTwiceT1IsCut) {
  const auto device = read(file("[80, null]", "[300, 90]"));
  EXPECT_EQ(device.qubits[0].t2, 200);
  EXPECT_EQ(device.qubits[1].t2, 90);
  EXPECT_THAT(device.repairs, Contains("t2 of qubit 0 was above 2 t1 and is cut to it"));
}

TEST(DeviceFile, DeadPairsAndQubitsAreLeftOut) {
  const auto pair = read(file("\"error\": 0.01}", "\"error\": 1}"));
  EXPECT_THAT(pair.edges(), SizeIs(0));
  EXPECT_THAT(pair.dead_edges, ElementsAre(std::pair(0, 1)));
  EXPECT_THAT(pair.repairs, Contains("cz at (0, 1) is left out: its error is 1"));
  const auto qubit = read(file("[0.001, null]", "[0.001, 1]"));
  EXPECT_FALSE(qubit.qubits[1].live);
  EXPECT_EQ(qubit.gate(operation("rz"), std::vector{1}), nullptr);
  EXPECT_THAT(qubit.edges(), SizeIs(0));
  EXPECT_THAT(qubit.repairs, Contains(HasSubstr("qubit 1 is dead")));
}

TEST(DeviceFile, IsWrittenToTheBit) {
  for (const auto& text :
       {file(), file("[80, null]", "[300, \"infinite\"]"), file("\"error\": 0.01}", "\"error\": null}"),
        file("\"count\": 2", "\"count\": 2, \"dead\": [1]"), file("\"error\": 0.01}", "\"error\": 1}")}) {
    const auto written = to_json(device_from_json(text, "two.json"));
    EXPECT_EQ(to_json(device_from_json(written, "again")), written);
    const auto mended = to_json(read(text));
    EXPECT_EQ(to_json(read(mended)), mended);
  }
}

TEST(DeviceFile, ErrorsNameFieldAndValue) {
  EXPECT_THAT(file_refusal("{"), HasSubstr("two.json is not JSON"));
  EXPECT_THAT(file_refusal("[]"), HasSubstr("lacks \"format\""));
  EXPECT_THAT(file_refusal("{}"), HasSubstr("lacks \"format\""));
  EXPECT_THAT(file_refusal("device 1", "device 9"),
              HasSubstr("\"qupel device 9\" is not \"qupel device 1\""));
  EXPECT_THAT(file_refusal("\"vendor\"", "\"vender\""),
              HasSubstr("\"vender\" is not a field; did you mean \"vendor\"?"));
  EXPECT_THAT(file_refusal("\"vendor\": \"me\"", "\"name\": \"me\""), HasSubstr("\"name\" stands twice"));
  EXPECT_THAT(file_refusal("\"count\": 2", "\"count\": 0"),
              HasSubstr("two.json: qubits: count: 0 is not from 1"));
  EXPECT_THAT(file_refusal("\"count\": 2", "\"count\": 1e9"), HasSubstr("count"));
  EXPECT_THAT(file_refusal("\"count\": 2", "\"count\": 2.5"), HasSubstr("2.5 is not a whole number"));
  EXPECT_THAT(file_refusal("[100, 50]", "[100]"),
              HasSubstr("qubits: t1: a list of 1 where 2 values are needed"));
  EXPECT_THAT(file_refusal("[100, 50]", "[100, -5]"), HasSubstr("qubits: t1[1]: -5 is below 0"));
  EXPECT_THAT(file_refusal("[100, 50]", "[100, 0]"), HasSubstr("qubit 1: t1 = 0 us is not above 0"));
  EXPECT_THAT(file_refusal("[100, 50]", "[100, \"long\"]"), HasSubstr("\"long\" is not a number"));
  EXPECT_THAT(file_refusal("\"one_for_zero\": 0.01", "\"one_for_zero\": 1.01"),
              HasSubstr("one_for_zero: 1.01 is not from 0 to 1"));
  EXPECT_THAT(file_refusal("\"error\": 0.01}", "\"error\": 1.5}"),
              HasSubstr("operations[2]: error: 1.5 is not from 0 to 1"));
  EXPECT_THAT(file_refusal("[[0, 1]]", "[[0, 2]]"), HasSubstr("on[0][1]: 2 is not from 0 to 1"));
  EXPECT_THAT(file_refusal("[[0, 1]]", "[[0]]"), HasSubstr("is not a pair of qubits"));
  EXPECT_THAT(file_refusal("[[0, 1]]", "[[1, 1]]"), HasSubstr("couples a qubit to itself"));
  EXPECT_THAT(file_refusal("[[0, 1]]", "[[0, 1], [1, 0]]"), HasSubstr("cz at (1, 0) stands twice"));
  EXPECT_THAT(file_refusal("\"on\": [[0, 1]], ", ""), HasSubstr("lacks \"on\""));
  EXPECT_THAT(file_refusal("\"cz\"", "\"czz\""),
              HasSubstr("\"czz\" is not an operation on one or two qubits"));
  EXPECT_THAT(file_refusal("\"cz\"", "\"ccx\""),
              HasSubstr("\"ccx\" is not an operation on one or two qubits"));
  EXPECT_THAT(file_refusal("\"sx\"", "\"rz\""), HasSubstr("\"rz\" stands twice"));
  EXPECT_THAT(file_refusal("\"sx\"", "\"x\""),
              HasSubstr("can its one-qubit operations (rz, x) make any one-qubit gate"));
  EXPECT_THAT(file_refusal("[[0, 1]]", "[]"), HasSubstr("no two of its 2 qubits are coupled"));
  EXPECT_THAT(file_refusal("\"repetition_delay\": 250", "\"repetition_delay\": -1"),
              HasSubstr("repetition_delay: -1"));
}

}  // namespace
}  // namespace qupel
