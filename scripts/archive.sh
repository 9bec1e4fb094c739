# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced after common.sh by what takes more from Debian's archive than is
# installed: lists and packages of their own, the machine's stay as they are.

# The release that runs here, unless somebody else's archive is asked
RELEASE=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")

# The archive that the machine uses already, whatever it is called; nothing when
# there is none.
archive_uri() {
	apt-get indextargets --format '$(CODENAME) $(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v r=$RELEASE '$1 == r && $2 == "Debian" { sub("/*$", "", $3); print $3; exit }'
}

# archive_lists WORK [SUITE...]: these, or the release and its backports, in folders
# of WORK.
archive_lists() {
	into=$1
	shift
	archive=$(archive_uri)
	[ -n "$archive" ] || { echo "no Debian $RELEASE archive in the list of sources"; return 1; }
	mkdir -p "$into/lists/partial" "$into/archives/partial"
	for suite in ${*:-$RELEASE $RELEASE-updates $RELEASE-backports}; do
		printf 'deb [signed-by=%s] %s %s main\n' \
			/usr/share/keyrings/debian-archive-keyring.gpg "$archive" "$suite"
	done >"$into/sources.list"
	archive_apt "$into" update
}

# archive_apt WORK COMMAND...: apt-get with these lists.
archive_apt() {
	archive_run apt-get "$@"
}

# archive_run PROGRAM WORK COMMAND...: one of apt's programs with these lists.  Sourced:
# whoever calls has variables of his own.
archive_run() {
	apt_program=$1
	apt_at=$2
	shift 2
	"$apt_program" -qq -o Dir::Etc::sourcelist="$apt_at/sources.list" -o Dir::Etc::sourceparts=- \
		-o Dir::State::lists="$apt_at/lists" -o Dir::Cache::archives="$apt_at/archives" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
		-o APT::Sandbox::User=root "$@"
}
