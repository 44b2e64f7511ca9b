OPENQASM 2.0;
include 'hqslib1.inc';
opaque delay(t) a; gate inv(pi, let) for { rx(pi*let) for; }
qreg bit[2]; creg in[2];
inv(1, 2) bit[0]; ZZ bit[0], bit[1]; delay(3) bit;
measure bit -> in; if (in == 1) inv(0.1, 2) bit[1];
