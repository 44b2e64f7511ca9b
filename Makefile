# The two commands of the README, and what developers need beside them.
build := build
jobs := $(shell nproc)
export NINJA_STATUS := [%f of %t, %e s] 
ctest := ctest --test-dir $(build) --output-on-failure -j$(jobs)

.PHONY: natives help audit build test test-slow test-all bench bench-quick clean install configure program everything
.DEFAULT_GOAL := help

help:
	@echo 'make audit      install what is missing, build, audit a real data set'
	@echo 'make test       install, build everything, run the tests (slow ones apart)'
	@echo 'make build      install and build the program: $(build)/qupel'
	@echo 'make test-slow  the slow tests'
	@echo 'make test-all   all of them'
	@echo 'make bench      peers from PyPI and Qupel on the same work (bench-quick: the rows that are quick)'
	@echo 'make clean      remove $(build)'

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

bench: program natives
	@$(build)/peers/bin/python bench/run.py $(build)/qupel

bench-quick: program natives
	@$(build)/peers/bin/python bench/run.py --quick $(build)/qupel

$(build)/peers: bench/requirements.txt
	@scripts/install --bench
	@python3 -m venv $@ && $@/bin/pip install --quiet -r $<
	@$@/bin/pip install --quiet --no-deps --target $@/quest pyquest==0.0.1 numpy==1.26.4 && touch $@

# Peers' C++ and ours, one program each.
natives: $(build)/peers/src
	@cmake -B $(build) -DQUPEL_BENCH=ON --log-level=WARNING >/dev/null
	@ninja -C $(build) qupel_native qsim_native qokit_native lightning_native lightning_omp_native

$(build)/peers/src: $(build)/peers bench/native/requirements.txt
	@rm -rf $@ && mkdir $@ && cd $@ && grep -v '^#' $(CURDIR)/bench/native/requirements.txt | \
	  xargs -n1 sh -c '../bin/pip download --quiet --no-deps --no-binary "$${0%%=*}" "$$0"' && ls *.tar.gz | xargs -n1 tar xzf

clean:
	@rm -rf $(build)

install:
	@scripts/install

configure: install
	@test -f $(build)/build.ninja || cmake -G Ninja -B $(build) -DCMAKE_BUILD_TYPE=Release --log-level=WARNING

program: configure
	@ninja -C $(build) qupel

everything: configure
	@ninja -C $(build)
