OPENQASM 3.0;
include "stdgates.inc";
def f(qubit[2] a, int n, mutable array[int, 2] z) -> bit[2] {
  int k = 0;
  while (k < 2) { if ((n >> k) % 2 == 1) x a[k]; k += 1; if (k == 3) break; else continue; }
  z[0] += 1;
  return measure a;
}
qubit[3] q;
array[int[8], 2] a = {1, 2};
bit[2] c = f(q[0:1], a[1], a);
int n = c;
if (c == 1) n = ~c & 3;
switch (n ^ 1) { case 0, 2 { x q[2]; } case 1: case 3: { bit b = c[0]; } break; default { end; } }
