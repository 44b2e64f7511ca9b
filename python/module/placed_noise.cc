#include "placed_noise.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

#include "qupel/base/error.h"

namespace qupel::python {
namespace {

constexpr std::string_view prefix = "channel ";

// Parameters are the real and imaginary parts of the operators' entries, one operator after the other.
std::vector<Matrix<Complex>> operators_of(std::span<const double> parameters, int qubits) {
  const std::size_t size = std::size_t{1} << qubits;
  std::vector<Matrix<Complex>> made;
  for (std::size_t at = 0; at < parameters.size();) {
    Matrix<Complex> one(size, size);
    for (std::size_t k = 0; k < size * size; ++k, at += 2)
      one.data()[k] = {parameters[at], parameters[at + 1]};
    made.push_back(std::move(one));
  }
  return made;
}

const ChannelSpec& given_operators() {
  static const ChannelSpec spec{.name = "channel",
                                .summary = "a channel by its operators",
                                .source = "the circuit",
                                .qubits = 0,
                                .parameters = {},
                                .kraus = &operators_of};
  return spec;
}

void require_complete(const Kraus& channel, std::size_t number) {
  const std::size_t size = channel.empty() ? 0 : channel.front().rows();
  if (size < 2 || !std::has_single_bit(size))
    throw InputError(
        fmt::format("channel {} needs operators of a size that is a power of two, not {}", number, size));
  for (const auto& each : channel)
    if (each.rows() != size || each.columns() != size)
      throw InputError(fmt::format("the operators of channel {} differ in size", number));
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j) {
      Complex sum = 0;
      for (const auto& each : channel)
        for (std::size_t k = 0; k < size; ++k) sum += std::conj(each(k, i)) * each(k, j);
      if (std::abs(sum - Complex(i == j ? 1 : 0)) > 1e-6)
        throw InputError(fmt::format(
            "the operators K of channel {} are not complete: the sum of K^dagger K is not the identity",
            number));
    }
}

std::vector<double> numbers_of(const Kraus& channel) {
  std::vector<double> numbers;
  for (const auto& each : channel)
    for (const auto& entry : each.values()) {
      numbers.push_back(entry.real());
      numbers.push_back(entry.imag());
    }
  return numbers;
}

class PlacedNoise : public NoiseSource {
 public:
  PlacedNoise(const std::vector<Kraus>& channels, NoiseModel rules) : rules_(std::move(rules)) {
    for (const auto& each : channels) {
      channels_.push_back({&given_operators(), numbers_of(each)});
      sizes_.push_back(each.front().rows());
    }
  }

  bool disturbs_gates() const override { return true; }
  std::vector<NoiseStep> after(const GateEvent& gate) const override {
    if (gate.name.starts_with(prefix)) return {{channel_of(gate), {gate.qubits.begin(), gate.qubits.end()}}};
    return rules_.empty() ? std::vector<NoiseStep>() : rules_.source()->after(gate);
  }
  bool disturbs_waiting() const override { return !rules_.empty() && rules_.source()->disturbs_waiting(); }
  std::vector<NoiseStep> while_idle(int qubit, double time) const override {
    return rules_.source()->while_idle(qubit, time);
  }
  Schedule schedule() const override {
    return rules_.empty() ? Schedule::as_late_as_possible : rules_.source()->schedule();
  }
  double duration(const GateEvent& gate) const override {
    return gate.name.starts_with(prefix) ? 0 : rules_.source()->duration(gate);
  }
  ReadoutError readout(int qubit) const override { return rules_.readout(qubit); }
  std::string text() const override {
    std::string all = to_string(rules_);
    for (const auto& each : channels_) {
      all += "; channel";
      for (const double number : each.parameters) all += fmt::format(" {}", number);
    }
    return all;
  }
  std::vector<std::string> unmet(std::span<const GateEvent> gates, int qubits) const override {
    return rules_.empty() ? std::vector<std::string>() : rules_.source()->unmet(gates, qubits);
  }

 private:
  const Channel& channel_of(const GateEvent& place) const {
    std::size_t number = 0;
    std::from_chars(place.name.data() + prefix.size(), place.name.data() + place.name.size(), number);
    if (number >= channels_.size())
      throw InputError(fmt::format("the circuit has a place for channel {}, and {} channels were given",
                                   number, channels_.size()));
    if (sizes_[number] != std::size_t{1} << place.qubits.size())
      throw InputError(fmt::format("the operators of channel {} are {} x {}, and it stands on {} qubits",
                                   number, sizes_[number], sizes_[number], place.qubits.size()));
    return channels_[number];
  }

  std::vector<Channel> channels_;
  std::vector<std::size_t> sizes_;  // of the operators of each
  NoiseModel rules_;
};

}  // namespace

void add_channel_place(Circuit& circuit, std::size_t channel, std::vector<int> qubits) {
  Operation place;
  place.spec = &operation("rz");
  place.qubits = {qubits.at(0)};
  place.angles = {Angle(0.0)};
  place.part.gate = std::make_shared<const CompositeGate>(
      CompositeGate{.name = fmt::format("{}{}", prefix, channel), .qubits = std::move(qubits)});
  circuit.add(std::move(place));
}

std::string channel_place_of(const Operation& operation) {
  const auto& gate = operation.part.gate;
  return gate && gate->parts == 1 && gate->name.starts_with(prefix) ? gate->name : std::string();
}

NoiseModel placed_noise(std::vector<Kraus> channels, NoiseModel rules) {
  if (channels.empty()) return rules;
  for (std::size_t k = 0; k < channels.size(); ++k) require_complete(channels[k], k);
  return NoiseModel(std::make_shared<const PlacedNoise>(channels, std::move(rules)));
}

}  // namespace qupel::python
