// Own circuit, written by the OpenQASM 2 exporter of Qiskit 2.6.2.
// state: 0.510902360588462 0.503213362968115 0.0464036233670172 -0.0316810138669902 -0.189056142046308 0.0415921093482273 0.139727600563483 -0.130946694266675 -0.0459027422397438 -0.138203960808112 0.154641860385 -0.125170845888461 0.530017727298192 0.0173303408499671 -0.178573494386169 0.185898552540388
OPENQASM 2.0;
include "qelib1.inc";
gate xx_plus_yy(param0,param1) q0,q1 { rz(param1) q0; sdg q1; sx q1; s q1; s q0; cx q1,q0; ry((-0.5)*param0) q1; ry((-0.5)*param0) q0; cx q1,q0; sdg q0; sdg q1; sxdg q1; s q1; rz(-param1) q0; }
gate ryy(param0) q0,q1 { sxdg q0; sxdg q1; cx q0,q1; rz(param0) q1; cx q0,q1; sx q0; sx q1; }
gate ecr q0,q1 { s q0; sx q1; cx q0,q1; x q0; }
gate rzx(param0) q0,q1 { h q1; cx q0,q1; rz(param0) q1; cx q0,q1; h q1; }
gate mcphase(param0) q0,q1,q2 { cx q0,q2; rz(-pi/8) q2; cx q1,q2; rz(pi/8) q2; cx q0,q2; rz(-pi/8) q2; cx q1,q2; rz(pi/8) q2; crz(pi/4) q0,q1; p(pi/8) q0; }
gate ccsx q0,q1,q2 { h q2; mcphase(pi/2) q0,q1,q2; h q2; }
gate ccsx_o1 q0,q1,q2 { x q1; ccsx q0,q1,q2; x q1; }
gate iswap q0,q1 { s q0; s q1; h q0; cx q0,q1; cx q1,q0; h q1; }
gate unitary q0 { u(3*pi/10,-pi/2,pi/2) q0; }
qreg q[3];
creg c[3];
u(0.4,0,-0.7) q[0];
u(1.4,0.3,-0.7) q[1];
u(2.4,0.6,-0.7) q[2];
xx_plus_yy(0.4,0.2) q[0],q[2];
ryy(0.7) q[1],q[2];
ecr q[2],q[0];
rccx q[0],q[1],q[2];
cu(0.1,0.2,0.3,0.4) q[2],q[1];
rzx(1.2) q[0],q[1];
ccsx_o1 q[0],q[1],q[2];
csx q[1],q[0];
iswap q[0],q[2];
unitary q[1];
ch q[2],q[0];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
