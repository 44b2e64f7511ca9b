# The two commands of the README, and what developers need beside them.
build := build
jobs := $(shell nproc)
export NINJA_STATUS := [%f of %t, %e s] 
ctest := ctest --test-dir $(build) --output-on-failure -j$(jobs)

.PHONY: python ecosystem peers-chemistry test-python test-ecosystem bench-tools natives help audit build test test-slow test-all bench bench-quick picture clean install native portable program everything
.DEFAULT_GOAL := help

help:
	@echo 'make audit      install what is missing, build, audit a real data set'
	@echo 'make test       install, build everything, run the tests (slow ones apart)'
	@echo 'make build      install and build the program: $(build)/qupel'
	@echo 'make test-slow  the slow tests'
	@echo 'make test-all   all of them'
	@echo 'make python     build the Python package, install it into .venv, test it (test-python: also in scikit-learn, PennyLane, Qiskit and'
	@echo '                JAX, with their own suites; test-ecosystem: all others too, in environments of their own; docs/python.md)'
	@echo 'make bench      peers from PyPI and Qupel on the same work, 30 minutes (bench-quick: the rows that are quick, 5;'
	@echo '                only=WORK: the rows of that work)'
	@echo 'make bench-tools the Python package beside PennyLane, Qiskit, Aer, on one core'
	@echo 'make peers-chemistry PySCF and block2 from PyPI, for the contenders ccsd-t and dmrg (docs/molecules.md)'
	@echo 'make picture    draw docs/report.png for the README again'
	@echo 'make clean      remove $(build)'
	@echo
	@echo 'audit and build compile the kernels for this processor alone, in a third of the time; test, bench: for every one'

audit: program
	@$(build)/qupel audit --data breast-cancer

build: program
	@echo 'built $(build)/qupel; try: $(build)/qupel --help'

test: everything
	@$(ctest) -LE slow

test-slow: everything
	@$(ctest) -L slow

test-all: everything
	@$(ctest)

# The package from the objects of $(build), so that only its module is compiled beside them.
venv := .venv
pip := $(venv)/bin/pip --disable-pip-version-check --quiet
python: native $(venv)/made
	@QUPEL_TESTS=ON QUPEL_JOINED=$$(sed -n s/^QUPEL_JOINED:BOOL=//p $(build)/CMakeCache.txt) $(pip) install --no-build-isolation --no-deps --force-reinstall --config-settings build-dir=$(build) .
	@$(venv)/bin/python -m pytest -q -m 'not slow' python/tests

$(venv)/made: python/requirements.txt
	@scripts/install --python
	@test -x $(venv)/bin/pip || python3 -m venv $(venv)
	@$(pip) install -r $< && touch $@

test-python: ecosystem
	@python/tests/suites $(venv)/bin/python

test-ecosystem: ecosystem
	@python/tests/suites --all $(venv)/bin/python

ecosystem: python
	@$(pip) install -r python/requirements-ecosystem.txt

# The package beside what others' tools have.
bench-tools: python
	@$(pip) install -r bench/requirements-tools.txt
	@$(venv)/bin/python bench/tools.py

bench: portable natives
	@ninja -C $(build) qupel
	@$(build)/peers/bin/python bench/run.py $(addprefix --only=,$(only)) $(build)/qupel

bench-quick: portable natives
	@ninja -C $(build) qupel
	@$(build)/peers/bin/python bench/run.py --quick $(addprefix --only=,$(only)) $(build)/qupel

$(build)/peers: bench/requirements.txt
	@scripts/install --bench
	@python3 -m venv $@ && $@/bin/pip install --quiet -r $<
	@$@/bin/pip install --quiet --target $@/mitigation mitiq==1.1.0 mthree==3.0.0
	@$@/bin/pip install --quiet --no-deps --target $@/quest pyquest==0.0.1 numpy==1.26.4
	@python3 -m venv $@/tencirchem && $@/tencirchem/bin/pip install --quiet tencirchem==2024.11 && touch $@

# Peers' C++ and ours, one program each.
natives: $(build)/peers/src
	@cmake -B $(build) -DQUPEL_BENCH=ON --log-level=WARNING >/dev/null
	@ninja -C $(build) qupel_native qsim_native qokit_native lightning_native lightning_omp_native

$(build)/peers/src: $(build)/peers bench/native/requirements.txt
	@rm -rf $@ && mkdir $@ && cd $@ && grep -v '^#' $(CURDIR)/bench/native/requirements.txt | \
	  xargs -n1 sh -c '../bin/pip download --quiet --no-deps --no-binary "$${0%%=*}" "$$0"' && ls *.tar.gz | xargs -n1 tar xzf

# Where src/qupel/baseline/molecule/chemistry_programs.cc looks for them.
chemistry := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/qupel/chemistry
peers-chemistry:
	@python3 -m venv $(chemistry) && $(chemistry)/bin/pip --disable-pip-version-check --quiet install pyscf==2.14.0 block2==0.5.4
	@echo 'installed in $(chemistry): qupel audit of a molecule runs ccsd-t and dmrg, too'

clean:
	@rm -rf $(build)

install:
	@scripts/install

# The kernels for one instruction set, this computer's, or for every one. The sources of a folder are compiled as one, which takes less
# than half the time; while one works on them, each alone is quicker: cmake -B $(build) -DQUPEL_JOINED=OFF.
native: install
	@test -f $(build)/build.ninja || cmake -G Ninja -B $(build) -DCMAKE_BUILD_TYPE=Release -DQUPEL_NATIVE=ON -DQUPEL_JOINED=ON --log-level=WARNING

portable: install
	@grep -qs QUPEL_NATIVE:BOOL=OFF $(build)/CMakeCache.txt || \
	  cmake -G Ninja -B $(build) -DCMAKE_BUILD_TYPE=Release -DQUPEL_NATIVE=OFF -DQUPEL_JOINED=ON --log-level=WARNING >/dev/null

program: native
	@ninja -C $(build) qupel

everything: portable
	@ninja -C $(build)

picture: program
	@$(build)/qupel audit --data breast-cancer --budget small --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["report"])' | \
	  xargs -I REPORT scripts/check-report REPORT --picture docs/report.png
