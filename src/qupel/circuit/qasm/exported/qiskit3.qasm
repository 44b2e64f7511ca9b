// Own circuit, written by the OpenQASM 3 exporter of Qiskit 2.6.2.
// state: 0.510902360588462 0.503213362968115 0.0464036233670172 -0.0316810138669902 -0.189056142046308 0.0415921093482273 0.139727600563483 -0.130946694266675 -0.0459027422397438 -0.138203960808112 0.154641860385 -0.125170845888461 0.530017727298192 0.0173303408499671 -0.178573494386169 0.185898552540388
OPENQASM 3.0;
include "stdgates.inc";
gate sxdg _gate_q_0 {
  s _gate_q_0;
  h _gate_q_0;
  s _gate_q_0;
}
gate xx_plus_yy(p0, p1) _gate_q_0, _gate_q_1 {
  rz(p1) _gate_q_0;
  sdg _gate_q_1;
  sx _gate_q_1;
  s _gate_q_1;
  s _gate_q_0;
  cx _gate_q_1, _gate_q_0;
  ry((-0.5)*p0) _gate_q_1;
  ry((-0.5)*p0) _gate_q_0;
  cx _gate_q_1, _gate_q_0;
  sdg _gate_q_0;
  sdg _gate_q_1;
  sxdg _gate_q_1;
  s _gate_q_1;
  rz(-p1) _gate_q_0;
}
gate ryy(p0) _gate_q_0, _gate_q_1 {
  sxdg _gate_q_0;
  sxdg _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  rz(p0) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  sx _gate_q_0;
  sx _gate_q_1;
}
gate ecr _gate_q_0, _gate_q_1 {
  s _gate_q_0;
  sx _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  x _gate_q_0;
}
gate rccx _gate_q_0, _gate_q_1, _gate_q_2 {
  h _gate_q_2;
  t _gate_q_2;
  cx _gate_q_1, _gate_q_2;
  tdg _gate_q_2;
  cx _gate_q_0, _gate_q_2;
  t _gate_q_2;
  cx _gate_q_1, _gate_q_2;
  tdg _gate_q_2;
  h _gate_q_2;
}
gate rzx(p0) _gate_q_0, _gate_q_1 {
  h _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  rz(p0) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  h _gate_q_1;
}
gate mcphase(_gate_p_0) _gate_q_0, _gate_q_1, _gate_q_2 {
  cx _gate_q_0, _gate_q_2;
  rz(-pi/8) _gate_q_2;
  cx _gate_q_1, _gate_q_2;
  rz(pi/8) _gate_q_2;
  cx _gate_q_0, _gate_q_2;
  rz(-pi/8) _gate_q_2;
  cx _gate_q_1, _gate_q_2;
  rz(pi/8) _gate_q_2;
  crz(pi/4) _gate_q_0, _gate_q_1;
  p(pi/8) _gate_q_0;
}
gate ccsx _gate_q_0, _gate_q_1, _gate_q_2 {
  h _gate_q_2;
  mcphase(pi/2) _gate_q_0, _gate_q_1, _gate_q_2;
  h _gate_q_2;
}
gate ccsx_o1 _gate_q_0, _gate_q_1, _gate_q_2 {
  x _gate_q_1;
  ccsx _gate_q_0, _gate_q_1, _gate_q_2;
  x _gate_q_1;
}
gate cs _gate_q_0, _gate_q_1 {
  t _gate_q_0;
  cx _gate_q_0, _gate_q_1;
  tdg _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  t _gate_q_1;
}
gate csx _gate_q_0, _gate_q_1 {
  h _gate_q_1;
  cs _gate_q_0, _gate_q_1;
  h _gate_q_1;
}
gate iswap _gate_q_0, _gate_q_1 {
  s _gate_q_0;
  s _gate_q_1;
  h _gate_q_0;
  cx _gate_q_0, _gate_q_1;
  cx _gate_q_1, _gate_q_0;
  h _gate_q_1;
}
gate unitary _gate_q_0 {
  U(3*pi/10, -pi/2, pi/2) _gate_q_0;
}
bit[3] c;
qubit[3] q;
U(0.4, 0, -0.7) q[0];
U(1.4, 0.3, -0.7) q[1];
U(2.4, 0.6, -0.7) q[2];
xx_plus_yy(0.4, 0.2) q[0], q[2];
ryy(0.7) q[1], q[2];
ecr q[2], q[0];
rccx q[0], q[1], q[2];
cu(0.1, 0.2, 0.3, 0.4) q[2], q[1];
rzx(1.2) q[0], q[1];
ccsx_o1 q[0], q[1], q[2];
csx q[1], q[0];
iswap q[0], q[2];
unitary q[1];
ch q[2], q[0];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
