#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "parts.h"
#include "qupel/base/error.h"
#include "qupel/circuit/hermitian.h"
#include "qupel/circuit/observable.h"

namespace qupel::python {
namespace {

using namespace nb::literals;
using Letters = std::vector<std::pair<int, std::string>>;

Observable of_terms(const std::vector<std::pair<double, Letters>>& terms) {
  Observable made;
  for (const auto& [weight, letters] : terms) {
    Observable::Term term{.weight = weight, .pauli = {}};
    for (const auto& [qubit, letter] : letters) {
      if (letter.size() != 1)
        throw InputError(fmt::format("\"{}\" is no Pauli letter; choose one of I, X, Y, Z", letter));
      if (term.pauli.letter(qubit) != 'I')
        throw InputError(fmt::format("qubit {} comes twice in one term", qubit));
      term.pauli.set(qubit, letter[0]);
    }
    made.terms.push_back(std::move(term));
  }
  return made;
}

std::vector<std::pair<double, Letters>> terms_of(const Observable& observable) {
  std::vector<std::pair<double, Letters>> all;
  for (const auto& term : observable.terms) {
    Letters letters;
    for (const auto& [qubit, letter] : term.pauli.letters())
      letters.emplace_back(qubit, std::string(1, letter));
    all.emplace_back(term.weight, std::move(letters));
  }
  return all;
}

Observable sum(const Observable& a, const Observable& b) {
  auto terms = a.terms;
  terms.insert(terms.end(), b.terms.begin(), b.terms.end());
  return collected(terms);
}

Observable scaled(Observable observable, double factor) {
  for (auto& term : observable.terms) term.weight *= factor;
  return observable;
}

}  // namespace

void add_observables(nb::module_& module) {
  nb::class_<Observable>(module, "Observable",
                         "A sum of Pauli strings with real weights.\n\n"
                         ">>> import qupel as qp\n"
                         ">>> qp.Observable('Z0 Z1 + 0.5 X2').terms\n"
                         "[(1.0, [(0, 'Z'), (1, 'Z')]), (0.5, [(2, 'X')])]")
      .def(nb::new_([](const std::string& text) { return parse_observable(text); }), "text"_a)
      .def_static("from_terms", &of_terms, "terms"_a, "From (weight, [(qubit, letter), ...]), a pair a term.")
      .def_static(
          "from_matrix",
          [](nb::handle matrix, const std::vector<int>& qubits) {
            return pauli_sum(complex_matrix_of(matrix, "the observable"), qubits);
          },
          "matrix"_a, "qubits"_a,
          nb::sig(
              "def from_matrix(matrix: numpy.typing.ArrayLike, qubits: collections.abc.Sequence[int]) -> Observable"),
          "A Hermitian matrix on some qubits, the first of which is the low bit of its index.")
      .def_prop_ro("terms", &terms_of)
      .def_prop_ro("qubits", &Observable::qubits, "1 + the highest qubit that it acts on.")
      .def("__add__", &sum, "other"_a, nb::is_operator())
      .def(
          "__sub__", [](const Observable& a, const Observable& b) { return sum(a, scaled(b, -1)); },
          "other"_a, nb::is_operator())
      .def("__mul__", &scaled, "factor"_a, nb::is_operator())
      .def("__rmul__", &scaled, "factor"_a, nb::is_operator())
      .def(
          "__eq__", [](const Observable& a, const Observable& b) { return a == b; }, nb::is_operator())
      .def("__hash__", [](const Observable& a) { return std::hash<std::string>{}(to_string(a)); })
      .def("__str__", [](const Observable& a) { return to_string(a); })
      .def("__repr__", [](const Observable& a) { return "Observable('" + to_string(a) + "')"; })
      .def("__reduce__", [](const Observable& a) {
        return nb::make_tuple(nb::module_::import_("qupel._pickling").attr("observable"),
                              nb::make_tuple(terms_of(a)));
      });
}

}  // namespace qupel::python
