# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced by the other scripts: where things are, and a few words to print with.
# DRIVER=ours (default) or stock chooses the tree, debug our tree with all that
# makes a kernel complain; KERNEL the line of kernels.  These two knobs change paths,
# no other does.

REPO=$(cd "$(dirname "$0")/.." && pwd -P)
while [ ! -f "$REPO/scripts/common.sh" ] && [ "$REPO" != / ]; do
	REPO=$(dirname "$REPO")
done
BUILD=$REPO/build
LOG=$BUILD/log
DRIVER=${DRIVER:-ours}

say() { printf '%s\n' "== $*" >&2; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# The line of kernels: one of the folders of kernels/
KERNEL=${KERNEL:-6.12}
[ -f "$REPO/kernels/$KERNEL/core.h" ] ||
	die "KERNEL must be one of: $(cd "$REPO/kernels" && echo *), not '$KERNEL'"
KPACKAGE=linux-source-$KERNEL
KTARBALL=/usr/src/$KPACKAGE.tar.xz
# What names of files and folders below build/ end with: nothing for the default
case $KERNEL in
6.12) LINE= ;;
*) LINE=-$KERNEL ;;
esac

# The object tree is a direct child of the source tree: kbuild then names every
# source "../file", so that ccache sees the same command in any clone.
case $DRIVER in
ours) SRC=$BUILD/linux$LINE; KDIR=$BUILD/kernel$LINE; OUT=$SRC/out ;;
debug) SRC=$BUILD/linux$LINE; KDIR=$BUILD/kernel-debug$LINE; OUT=$SRC/out-debug ;;
stock) SRC=$BUILD/linux-stock$LINE; KDIR=$BUILD/kernel-stock$LINE; OUT=$SRC/out ;;
*) die "DRIVER must be ours, debug or stock, not '$DRIVER'" ;;
esac
WHICH=$DRIVER$LINE
JOBS=${JOBS:-$(nproc)}

cache_root() {
	printf '%s\n' "${XDG_CACHE_HOME:-${HOME:-/var/cache}/.cache}/vtd-linux"
}

# core_headers LINE VERSION: the headers of a line, one "NAME FILE" each, for core/. Those
# of the folder until-N, with the first N that is not older than the version, take the
# place of the line's own.
core_headers() {
	old=
	for n in $(ls "$REPO/kernels/$1" | sed -n 's/^until-//p' | sort -V); do
		[ "$(printf '%s\n' "$2" "$n" | sort -V | head -n 1)" = "$2" ] || continue
		old=until-$n/
		break
	done
	for h in "$REPO/kernels/$1"/*.h; do
		h=${h##*/}
		if [ -f "$REPO/kernels/$1/$old$h" ]; then
			echo "$h kernels/$1/$old$h"
		else
			echo "$h kernels/$1/$h"
		fi
	done
}

# release_of TREE: 6.12.117
release_of() {
	sed -n 's/^VERSION = /v /p; s/^PATCHLEVEL = /p /p; s/^SUBLEVEL = /s /p' "$1/Makefile" |
		awk '{ part[$1] = $2 } END { print part["v"] "." part["p"] "." part["s"] }'
}

# Lines that kernels/LINE/source names come from the archive, not from a package that
# is installed; their tree is where scripts/fetch-kernel left it.
kernel_version() {
	if [ -f "$REPO/kernels/$KERNEL/source" ]; then
		readlink "$(cache_root)/linux-$KERNEL"
	else
		dpkg-query -W -f='${Version}' "$KPACKAGE" 2>/dev/null
	fi
}

# The pristine tree that scripts/fetch left in the cache.
pristine() {
	printf '%s/%s\n' "$(cache_root)" "$(kernel_version)"
}

# Fixed build stamps: the same input gives the same output and ccache hits.
kernel_make() {
	make -C "$SRC" O="$OUT" --no-print-directory \
		CC="ccache gcc" HOSTCC="ccache gcc" LOCALVERSION= \
		KBUILD_BUILD_TIMESTAMP="Thu Jan  1 00:00:00 UTC 2026" \
		KBUILD_BUILD_USER=vtd KBUILD_BUILD_HOST=vtd KBUILD_BUILD_VERSION=1 \
		"$@"
}

# Rerun the calling script under a lock of its own tree, once.
take_lock() {
	mkdir -p "$BUILD" "$LOG"
	[ "${VTD_LOCK:-}" != "$SRC" ] || return 0
	exec 9>"$BUILD/.lock-$(basename "$SRC")"
	flock 9
	VTD_LOCK=$SRC
	export VTD_LOCK
}
