#pragma once
#include <nanobind/nanobind.h>

// The parts of qupel._core; each file adds its classes and functions.
namespace qupel::python {

void add_circuits(nanobind::module_& module);     ///< Angle, Circuit and their functions
void add_observables(nanobind::module_& module);  ///< Observable
void add_devices(nanobind::module_& module);      ///< Device and what there is to choose from
void add_programs(nanobind::module_& module);     ///< Program, run()

}  // namespace qupel::python
