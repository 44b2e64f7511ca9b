OPENQASM 2.0;
include "qelib1.inc";
gate g(a,b) x,y { u3(a^2/3,-b,ln(2)) x; barrier x,y; cu1(sin(pi/a)) x,y; }
qreg q[3]; creg c[3];
h q; g(1,0.5) q[0],q[1]; ccx q[0],q[1],q[2]; rxx(1e-3) q[0],q[2];
barrier q; measure q -> c;
