OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q; bit[2] c; bit d = measure q[0];
h q[0]; c[0] = measure q[0]; reset q[0]; barrier q; delay[100ns] q[1];
if (c == 2 && !d) { x q[1]; } else { c[1] = measure q[1]; z q; }
if (c[0] || d) { h q[2]; c[0] = c[1] ^ d; }
if (c[0] == c[1]) reset q[2];
d = !c[0]; c = 1; measure q[2];
if (d) cx q[0], q[1];
