OPENQASM 3.1;
include "stdgates.inc";
/* every statement */
const int n = 3; input float[64] theta0; input float[64] x1;
gate g(a) x, y { gphase(a/2); for int k in [0:2] { rx(a*k) x; } if (a > 0) cx x, y; else { s y; } }
qubit[n] q; qubit p; bit[n] c = "010"; uint[4] v = 0x5;
let r = q[{2, 0}] ++ p;
reset p;
ctrl(2) @ negctrl @ inv @ pow(2) @ U(0.1, π, τ) q[0], q[1], q[2], p;
pow(0.25) @ g(0.3) q[0], q[1];
for uint k in [0:2:2] { if (bool(v[k])) rz(theta0*2 - 1) r[k]; }
v += 2; rz(2*x1) p; ctrl @ rzz(arccos(0.5)) q[0], q[1], p;
@note
#pragma none
barrier; c[0:1] = measure q[1:2]; bit d = measure p;
