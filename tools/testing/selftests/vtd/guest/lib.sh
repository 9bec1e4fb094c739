# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced by the guest's tests.  Each result is one line on standard output,
# which is the verdict port: "ok NAME", "not ok NAME # why", "skip NAME # why".

failures=0

ok() { echo "ok $1${2:+ # $2}"; }
not_ok() { failures=$((failures + 1)); echo "not ok $1${2:+ # $2}"; }
skip() { echo "skip $1${2:+ # $2}"; }
say() { echo "$*"; }
head_line() { echo; echo "$*"; }

# check NAME COMMAND...: the command's status is the result.
check() {
	name=$1
	shift
	if why=$("$@" 2>&1); then ok "$name" "$why"; else not_ok "$name" "$why"; fi
}

# The value of NAME= on the kernel command line.
param() {
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1
}

# The kernel's taint by firmware's mistakes is what vtd.tainted= says, if it does.
check_tainted() {
	want=$(param vtd.tainted)
	[ -z "$want" ] || check tainted test "$(($(cat /proc/sys/kernel/tainted) >> 11 & 1))" = "$want"
}

finish() { [ "$failures" -eq 0 ]; exit; }

# wait_within SECONDS COMMAND...: until it holds.
wait_within() {
	left=$(($1 * 10))
	shift
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		usleep 100000
	done
}

# wait_until SECONDS COMMAND...: the same for what is sure to come, within so many
# seconds of an idle machine; a busy one gets ten times as many.
wait_until() {
	bound=$(($1 * 10))
	shift
	wait_within "$bound" "$@"
}

# Ask the host to type a command into QEMU's monitor: now, once this machine sleeps,
# or once the verdict is known.
host() { echo "host $*"; }
host_asleep() { echo "host-asleep $*"; }
host_done() { echo "host-done $*"; }

# --- iommu ------------------------------------------------------------------

units() { ls /sys/class/iommu 2>/dev/null | grep '^dmar' | sort -V; }

group_of() { basename "$(readlink "/sys/bus/pci/devices/$1/iommu_group" 2>/dev/null)"; }

type_of() {
	cat "/sys/bus/pci/devices/$1/iommu_group/type" 2>/dev/null || echo none
}

# PCI addresses of all functions with this vendor:device, e.g. 1234:11e8.
pci_find() {
	for d in /sys/bus/pci/devices/*; do
		id=$(cut -c3- "$d/vendor"):$(cut -c3- "$d/device")
		[ "$id" != "$1" ] || basename "$d"
	done
}

driver_of() { basename "$(readlink "/sys/bus/pci/devices/$1/driver" 2>/dev/null)" 2>/dev/null; }

# --- edu ----------------------------------------------------------------------

edu_start() {
	[ -d /sys/kernel/debug/vtd_edu ] || insmod /modules/vtd_edu.ko
}

# edu TEST [DEVICE [ARGUMENT]]: run a sub-test of the module, print its line.
edu() {
	echo "$*" >/sys/kernel/debug/vtd_edu/run
	line=$(cat /sys/kernel/debug/vtd_edu/run)
	case $line in
	"ok "*) ok "edu-$1" "${line#*: }" ;;
	"skip "*) skip "edu-$1" "${line#*: }" ;;
	*) not_ok "edu-$1" "${line#*: }" ;;
	esac
}

trace_on() {
	echo 1 >/sys/kernel/tracing/events/iommu/io_page_fault/enable 2>/dev/null || true
}

fault_mark() {
	dmesg -c >/dev/null
	echo >/sys/kernel/tracing/trace 2>/dev/null || true
}

# What the driver said about the fault since fault_mark: log lines and events.
fault_lines() {
	dmesg | sed 's/^<[0-9]*>//' | grep -A1 'DMAR: .*[Rr]equest device' |
		grep -v ' vtd_edu: \|^--' | sed 's/^/      log:   /'
	grep io_page_fault: /sys/kernel/tracing/trace 2>/dev/null |
		sed 's/.*io_page_fault: /      trace: io_page_fault /'
}

# The sub-test may end what it left as it was for the report to look at.
edu_settle() {
	echo settle >/sys/kernel/debug/vtd_edu/run
	line=$(cat /sys/kernel/debug/vtd_edu/run)
	case $line in "ok "*) ;; *) not_ok "edu-$1-settled" "${line#*: }" ;; esac
}

# The fault is in the log and, but for the stock driver, so is the verdict.
fault_said() {
	said=$(fault_lines)
	echo "$said" | grep -q 'log:' || return 1
	[ "$(param vtd.driver)" = stock ] ||
		dmesg | grep -q 'DMAR: dmar[0-9]*: .*\(requester\|driver .* domain\) '
}

# edu_refused TEST: the sub-test passes and the driver reported a fault.
edu_refused() {
	fault_mark
	edu "$@"
	case $line in "ok "*) ;; *) return ;; esac
	# The stock driver may have nothing to say, and that is no failure.
	[ "$(param vtd.driver)" = stock ] && patience=2 || patience=120
	if wait_within "$patience" fault_said; then
		ok "edu-$1-reported"
	elif [ "$(param vtd.driver)" = stock ]; then
		skip "edu-$1-reported" "the stock driver's rate limit swallows it"
	else
		not_ok "edu-$1-reported" "no fault line in the log, or no verdict"
	fi
	echo "$said"
	edu_settle "$1"
}
