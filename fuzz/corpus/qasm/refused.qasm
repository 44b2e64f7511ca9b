OPENQASM 3;
include "stdgates.inc";
qubit[2] $0;
while (true) { delay[100ns] q; } def f(qubit a) -> bit { return measure a; }
