#include <nanobind/nanobind.h>

#include "parts.h"
#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "unlocked.h"

namespace nb = nanobind;

NB_MODULE(_core, module) {
  using namespace qupel;
  module.doc() = "Qupel's engines; use the package qupel instead of this module.";
#ifdef NDEBUG
  nb::set_leak_warnings(false);  // what a plugin keeps until the process ends is no leak
#endif
  nb::exception<InputError>(module, "InputError", PyExc_ValueError);
  python::watch_the_end();
  python::add_circuits(module);
  python::add_observables(module);
  python::add_devices(module);
  python::add_programs(module);
  module.def(
      "thread_count", [] { return thread_count(0); },
      "Threads that work is shared out to unless a call names a number: QUPEL_NUM_THREADS, else OMP_NUM_THREADS, else all cores.");
}
