"""QuEST's density matrix through its Python package pyQuEST; the circuit is made before."""
import time

RUNS = {"noisy-cx-ring": ("double",)}
FOLDER = "quest"  # of the peers' environment, for it needs an older NumPy than they


def version(_):
    from importlib.metadata import version
    return version("pyquest")


def circuit(work):
    from pyquest import Circuit, decoherence, unitaries
    operation = {"ry": lambda on, angles: unitaries.Ry(on[0], angles[0]), "rz": lambda on, angles: unitaries.Rz(on[0], angles[0]),
                 "cx": lambda on, _: unitaries.X(on[1], controls=[on[0]])}
    channel = {"amplitude-damping": decoherence.Damping, "depolarizing": decoherence.Depolarising}
    operations = []
    for name, on, angles in work.operations:
        noise, value = work.noise[len(on)]
        operations += [operation[name](on, angles), channel[noise](list(on), value)]
    return Circuit(operations)


def measure(work, _precision, _threads, _program):  # which takes OMP_NUM_THREADS
    from pyquest import Register
    operations = circuit(work)
    register = Register(work.qubits, True)
    start = time.perf_counter()
    register.apply_circuit(operations)
    zero, one = register.prob_of_all_outcomes([0])
    return time.perf_counter() - start, zero - one
