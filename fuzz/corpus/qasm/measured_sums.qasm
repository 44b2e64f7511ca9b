OPENQASM 3.0;
include "stdgates.inc";
def f(bit[3] b, bool t) -> int[4] { int[4] n = b; if (t) n = ~n; return n; }
qubit[4] q; bit[3] c; c = measure q[0:2];
uint[4] n = c; int m = 2 * c[1] + c[0] - 3;
if (c[0]) { int k = -1; if (c[1]) { k += n; n[1] = 1; } if (k < m) x q[3]; else if (k == f(c, c == 5)) y q[3]; else if (n[-1]) z q[3]; }
switch ((int(c[2]) << 1) | int(c[1])) { case 1, 2 { x q[0]; } default { n -= 6; } }
if (c[1] && f(c, true) > -2 * n) x q[1];
const bit[4] r = rotl("0011", 1); bit[2] s = r[1:2]; if (~(n + 1) != s) x q[2];
