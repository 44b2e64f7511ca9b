#include <fmt/format.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "parts.h"
#include "qupel/device/device.h"
#include "qupel/noise/channel.h"

namespace qupel::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

nb::dict medians_of(const Device& device) {
  const auto found = medians(device);
  nb::dict all;
  all["t1"] = found.t1;
  all["t2"] = found.t2;
  all["one_qubit_error"] = found.one_qubit_error;
  all["two_qubit_error"] = found.two_qubit_error;
  all["readout_error"] = found.readout_error;
  all["one_qubit_time"] = found.one_qubit_time;
  all["two_qubit_time"] = found.two_qubit_time;
  all["readout_time"] = found.readout_time;
  return all;
}

std::vector<std::string> native_of(const Device& device) {
  std::vector<std::string> names;
  for (const auto& each : device.native) names.emplace_back(each.spec->name);
  return names;
}

}  // namespace

void add_devices(nb::module_& module) {
  nb::class_<Device>(
      module, "Device",
      "A quantum computer as data: what is coupled, which operations there are, how good they were on one date.\n\n"
      ">>> import qupel as qp\n>>> qp.device('ibm-torino').size\n133")
      .def_ro("name", &Device::name)
      .def_ro("vendor", &Device::vendor)
      .def_ro("date", &Device::date)
      .def_ro("source", &Device::source)
      .def_prop_ro("size", &Device::size, "How many qubits it has.")
      .def_prop_ro("edges", &Device::edges, "Pairs of qubits with a gate, each once.")
      .def_prop_ro("native", &native_of, "Names of its operations.")
      .def_prop_ro("medians", &medians_of, "Medians over its qubits and pairs; times in microseconds.")
      .def("json", &to_json, "The text of a device file.")
      .def_static(
          "from_json", [](std::string_view text) { return validated(device_from_json(text, "the text")); },
          "text"_a)
      .def("__repr__",
           [](const Device& d) {
             return fmt::format("<Device {} of {} qubits, {}>", d.name, d.size(), d.date);
           })
      .def("__reduce__", [](const Device& d) {
        return nb::make_tuple(nb::module_::import_("qupel._pickling").attr("device"),
                              nb::make_tuple(to_json(d)));
      });
  module.def(
      "device", [](std::string_view name) { return device(name); }, "name"_a,
      "A device by its name, by a description such as 'grid(3x4, two-qubit=0.01)', or by the path of a device file.");
  module.def("devices", &device_names, "Names of the devices that are built in.");
}

}  // namespace qupel::python
