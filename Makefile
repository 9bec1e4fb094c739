# SPDX-License-Identifier: GPL-2.0
# What a person types. Everything generated is under build/ or in a cache.

DRIVER ?= ours
KERNEL ?= 6.12
APPEND ?=
MACHINE ?=
CONFIG ?= debian
LSMOD ?=
export DRIVER KERNEL APPEND MACHINE

VTD := tools/testing/selftests/vtd

.PHONY: help deps kernel boot shell dpdk nested test strict qemu mutants patch apply bench fuzz tool \
	preflight deb deb-test clean
.DEFAULT_GOAL := help

help:
	@echo 'make boot      build, boot in QEMU, report what the driver does, PASS or FAIL'
	@echo '               APPEND="iommu=pt"        kernel parameters'
	@echo '               MACHINE="-device edu"    QEMU options'
	@echo '               DRIVER=stock             the driver of the Debian source'
	@echo '               DRIVER=debug             ours, with lockdep, KASAN and the like'
	@echo '               KERNEL=7.3               another line of kernels, see kernels/ (all targets)'
	@echo 'make shell     the same machine with a console'
	@echo 'make preflight what the driver would say and do on THIS machine; changes nothing'
	@echo '               APPEND="iommu=pt"        with these kernel parameters besides'
	@echo 'make tool      the program behind it, build/tool/vtd'
	@echo 'make dpdk      packets per second of DPDK on vfio-pci (DRIVER=, APPEND= as above)'
	@echo 'make nested    a virtual machine in the guest with an assigned device'
	@echo 'make test      static checks, userspace tests, KUnit, boot matrix, debug kernel'
	@echo '               ONLY="static matrix:pt*" chooses what runs'
	@echo '               ONLY=core KERNEL=7.3     KUnit and the heart of the matrix on 7.3'
	@echo 'make strict    the whole matrix on a unit that forgives nothing (an hour or more)'
	@echo '               ONLY="strict:vfio*" chooses'
	@echo 'make mutants   omissions planted in the driver, and who catches each (an hour)'
	@echo '               ONLY="unmap-* hint-always" chooses'
	@echo 'make qemu      the QEMU that has that unit; prints where it is'
	@echo 'make kernel    output directory in build/kernel (DRIVER=stock: build/kernel-stock)'
	@echo 'make deb       packages of a kernel with this driver, in build/deb'
	@echo '               CONFIG=localmod          only the modules that run here;'
	@echo '               LSMOD=FILE               ... or that lsmod printed elsewhere'
	@echo 'make deb-test  such a package in a Debian in QEMU: GRUB, four steps, and back (long)'
	@echo 'make bench     cost of map and unmap, this driver and the stock one'
	@echo 'make fuzz      fuzz the parsers until interrupted'
	@echo 'make patch     the driver as a series for git am, in build/intel-vtd/'
	@echo 'make apply     TREE=dir: put the driver into a kernel tree; UNDO=1 takes it out'
	@echo 'make clean     remove build/'

deps:
	@scripts/deps all

kernel:
	@scripts/deps build
	@scripts/build-kernel

boot:
	@scripts/deps guest
	@scripts/build-kernel
	@$(VTD)/boot --driver $(DRIVER) --append "$$APPEND" --machine "$$MACHINE"

shell:
	@scripts/deps guest
	@scripts/build-kernel
	@$(VTD)/boot --driver $(DRIVER) --test shell --append "$$APPEND" --machine "$$MACHINE"

tool:
	@scripts/deps build
	@$(MAKE) -s -C tools/iommu

# Status 1 says that something deserves a look, which is no failure of make's
preflight: tool
	@build/tool/vtd preflight --append "$$APPEND" || [ $$? -eq 1 ]

dpdk nested:
	@scripts/deps users
	@scripts/build-kernel
	@$(VTD)/matrix --driver $(DRIVER) --append "$$APPEND" --verbose $@

test:
	@scripts/deps all
	@scripts/run-tests $(ONLY)

strict:
	@scripts/deps all
	@scripts/run-tests $(or $(ONLY),strict)

mutants:
	@scripts/deps all
	@tools/testing/vtd-mutants/mutants $(ONLY)

qemu:
	@scripts/deps bench
	@scripts/build-qemu

bench:
	@scripts/deps all
	@scripts/bench

fuzz:
	@scripts/deps all
	@$(MAKE) -C tools/testing/vtd fuzz

patch:
	@scripts/deps build
	@scripts/make-patch

deb:
	@scripts/deps deb
	@CONFIG='$(CONFIG)' LSMOD='$(LSMOD)' scripts/build-deb

# Long, and wants the archive and root: told when it cannot be, and no part of "make test"
deb-test:
	@CONFIG='$(filter-out debian,$(CONFIG))' tools/testing/vtd-package/run

# The line of kernels is what the tree says
apply:
	@KERNEL= scripts/apply $(if $(UNDO),--undo) "$(TREE)"

clean:
	rm -rf build
