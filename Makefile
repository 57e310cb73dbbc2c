# SPDX-License-Identifier: GPL-2.0-only
# What to type; "make help" lists it. The module itself is built by the
# kernel's build system from Kbuild.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
PREFIX	?= /usr
SBINDIR	?= $(PREFIX)/sbin
DESTDIR	?=
MANDIR	?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
UNITDIR	?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/vendor-completions

VERSION	:= $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
DKMS_SRC := $(PREFIX)/src/nf_appgw-$(VERSION)
DKMS_REMOVE = $(if $(DESTDIR),,! dkms status nf_appgw/$(VERSION) | grep -q . || \
	dkms remove nf_appgw/$(VERSION) --all)

# Whether there is none to be told
NO_SYSTEMD = test ! -d /run/systemd/system

# The kernel that KDIR builds for; KVER need not name it.
RELEASE	= $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null),$(KVER))
MODULE	= /lib/modules/$(RELEASE)/updates/nf_appgw.ko
MANUALS	= $(MANDIR)/man4/nf_appgw.4 $(MANDIR)/man7/nf_appgw.7

# Kernels of the test machine.
KERNELS	= 6.1 6.12 latest

# Seconds of fuzzing in "make check" and "make quick"
FUZZ_SECONDS ?= 20
QUICK_FUZZ_SECONDS ?= 5

# What the daemon's part puts where, beside its configuration
DAEMON_FILES = $(SBINDIR)/appgwd $(PREFIX)/bin/appgwctl \
	$(UNITDIR)/appgwd.service $(UNITDIR)/appgwd@.service \
	$(UNITDIR)/nf_appgw-policy.service \
	$(SYSUSERSDIR)/appgwd.conf \
	$(BASHCOMPDIR)/appgwctl $(ZSHCOMPDIR)/_appgwctl \
	$(MANDIR)/man5/appgwd.conf.5 $(MANDIR)/man8/appgwd.8 \
	$(MANDIR)/man8/appgwctl.8
# and for firewalls, rendered from the profiles
SHARED	= $(PREFIX)/share/nf_appgw
FIREWALLD = $(PREFIX)/lib/firewalld
UFW	= $(SYSCONFDIR)/ufw/applications.d

# What renders them: another one, where what is built can't be run
APPGWCTL ?= .build/daemon/appgwctl

.PHONY: all
all: module daemon		## everything that can be installed

.PHONY: module
module:				## nf_appgw.ko for the kernel in KDIR or KVER
	@test -d $(KDIR) || { \
		echo "no kernel headers in $(KDIR): apt install linux-headers-$(KVER)"; \
		exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

.PHONY: daemon
daemon:				## appgwd and appgwctl, in .build/daemon
	$(MAKE) -C daemon

.PHONY: profiles
profiles: .build/profiles/ufw/appgw	## files for firewalls, of daemon/profiles, in .build/profiles

.build/profiles/ufw/appgw: .build/daemon/appgwctl $(wildcard daemon/profiles/*)
	daemon/profiles/generate $(APPGWCTL) .build/profiles

.build/daemon/appgwctl: daemon ;

.PHONY: install
install: install-module install-daemon	## module, daemon and manuals; a configuration stays as it is

.PHONY: install-module
install-module: module		## module into the kernel's tree, manual into MANDIR
	install -D -m 644 nf_appgw.ko $(DESTDIR)$(MODULE)
	$(foreach m,4 7,install -D -m 644 -t $(DESTDIR)$(MANDIR)/man$(m) \
		kmod/nf_appgw.$(m) &&) :
	$(if $(DESTDIR),,depmod $(RELEASE))

.PHONY: install-daemon
install-daemon: daemon profiles	## appgwd, appgwctl, unit, user, manuals, completions, files for firewalls
	install -D -m 755 .build/daemon/appgwd $(DESTDIR)$(SBINDIR)/appgwd
	install -D -m 755 .build/daemon/appgwctl $(DESTDIR)$(PREFIX)/bin/appgwctl
	install -d $(DESTDIR)$(UNITDIR)
	sed 's,@SBINDIR@,$(SBINDIR),' daemon/appgwd.service \
		>$(DESTDIR)$(UNITDIR)/appgwd.service
	sed -f daemon/appgwd@.sed $(DESTDIR)$(UNITDIR)/appgwd.service \
		>$(DESTDIR)$(UNITDIR)/appgwd@.service
	sed 's,@BINDIR@,$(PREFIX)/bin,' daemon/nf_appgw-policy.service \
		>$(DESTDIR)$(UNITDIR)/nf_appgw-policy.service
	install -D -m 644 daemon/appgwd.sysusers \
		$(DESTDIR)$(SYSUSERSDIR)/appgwd.conf
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man5 daemon/appgwd.conf.5
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man8 daemon/appgwd.8 \
		daemon/appgwctl.8
	install -D -m 644 daemon/completion/appgwctl.bash \
		$(DESTDIR)$(BASHCOMPDIR)/appgwctl
	install -D -m 644 -t $(DESTDIR)$(ZSHCOMPDIR) daemon/completion/_appgwctl
	install -D -m 644 -t $(DESTDIR)$(SHARED)/profiles daemon/profiles/*.profile
	for d in nftables openwrt shorewall; do \
		install -D -m 644 -t $(DESTDIR)$(SHARED)/examples/$$d \
			.build/profiles/$$d/* || exit 1; \
	done
	install -D -m 644 -t $(DESTDIR)$(FIREWALLD)/services \
		.build/profiles/firewalld/services/*
	install -D -m 644 -t $(DESTDIR)$(FIREWALLD)/helpers \
		.build/profiles/firewalld/helpers/*
	install -D -m 644 -t $(DESTDIR)$(UFW) .build/profiles/ufw/appgw
	test -e $(DESTDIR)$(SYSCONFDIR)/appgwd.conf || install -D -m 644 \
		daemon/appgwd.conf $(DESTDIR)$(SYSCONFDIR)/appgwd.conf
	$(if $(DESTDIR),,! command -v systemd-sysusers >/dev/null || \
		systemd-sysusers $(SYSUSERSDIR)/appgwd.conf)
	$(if $(DESTDIR),,$(NO_SYSTEMD) || { systemctl daemon-reload && \
		systemctl try-restart appgwd.service 'appgwd@*.service'; })

.PHONY: uninstall
uninstall:			## stop and remove what install put there, but no configuration
	$(if $(DESTDIR),,$(NO_SYSTEMD) || { \
		systemctl stop 'appgwd@*.service'; \
		test ! -e $(UNITDIR)/appgwd.service || \
			systemctl disable --now appgwd.service; \
		test ! -e $(UNITDIR)/appgwd@.service || \
			systemctl disable appgwd@.service; \
		test ! -e $(UNITDIR)/nf_appgw-policy.service || \
			systemctl disable --now nf_appgw-policy.service; })
	rm -f $(DESTDIR)$(MODULE)
	test -e $(DESTDIR)$(DKMS_SRC) || rm -f $(MANUALS:%=$(DESTDIR)%)
	rm -f $(DAEMON_FILES:%=$(DESTDIR)%) $(DESTDIR)$(UFW)/appgw \
		$(DESTDIR)$(FIREWALLD)/services/appgw-*.xml \
		$(DESTDIR)$(FIREWALLD)/helpers/appgw-*.xml
	rm -rf $(DESTDIR)$(SHARED)
	$(if $(DESTDIR),,$(NO_SYSTEMD) || systemctl daemon-reload)
	$(if $(DESTDIR),,test ! -d /lib/modules/$(RELEASE) || depmod $(RELEASE))

# DKMS takes a version that it knows for unchanged, so that one goes first.
.PHONY: dkms-install
dkms-install:			## sources for DKMS, built for this kernel and each later one
	$(DKMS_REMOVE)
	rm -rf $(DESTDIR)$(DKMS_SRC)
	for f in Kbuild dkms.conf $$(find kmod include -name '*.[ch]'); do \
		install -D -m 644 $$f $(DESTDIR)$(DKMS_SRC)/$$f || exit 1; \
	done
	$(foreach m,4 7,install -D -m 644 -t $(DESTDIR)$(MANDIR)/man$(m) \
		kmod/nf_appgw.$(m) &&) :
	$(if $(DESTDIR),,dkms install nf_appgw/$(VERSION) -k $(KVER))

.PHONY: dkms-uninstall
dkms-uninstall:			## remove what dkms-install put there
	$(DKMS_REMOVE)
	rm -rf $(DESTDIR)$(DKMS_SRC)
	test -e $(DESTDIR)$(MODULE) || rm -f $(MANUALS:%=$(DESTDIR)%)

.PHONY: deb
deb:				## Debian's packages of module and daemon, in .build/deb
	packaging/deb

.PHONY: setup
setup:				## packages and kernels that the tests need (root)
	selftests/setup
	selftests/vm/fetch $(KERNELS)

.PHONY: lint
lint:				## all static analysis; silent when there is nothing to say
	selftests/setup build lint machine
	selftests/lint

.PHONY: unit
unit:				## unit tests, under sanitizers; no root needed
	$(MAKE) -C selftests/unit run

.PHONY: fuzz
fuzz:				## fuzz every parser for FUZZ_SECONDS each
	$(MAKE) -C selftests/fuzz smoke SECONDS=$(FUZZ_SECONDS)

.PHONY: fuzz-coverage
fuzz-coverage:			## how much of each parser the kept inputs reach
	$(MAKE) -s -C selftests/fuzz coverage

.PHONY: prove
prove:				## prove that parsers, scanners and maps keep within bounds (root, once)
	selftests/prove/run all

.PHONY: selftest
selftest:			## scenarios with real peers, on real kernels (root)
	selftests/setup
	selftests/vm/fetch $(KERNELS)
	selftests/run selftest

.PHONY: check
check:				## every test but check-wide and check-debug (root)
	selftests/setup
	selftests/vm/fetch $(KERNELS) debug
	FUZZ_SECONDS=$(FUZZ_SECONDS) selftests/run

# Not in check's place: it is what one runs while editing.
.PHONY: quick
quick:				## lint, unit tests, a short fuzz, one script a protocol on 6.1 (root)
	selftests/setup
	selftests/vm/fetch $(KERNELS)
	FUZZ_SECONDS=$(QUICK_FUZZ_SECONDS) selftests/run quick

check-%:			## the suite of that name, or group (see selftests/suites)
	selftests/setup
	FUZZ_SECONDS=$(FUZZ_SECONDS) selftests/run $*

.PHONY: check-debug
check-debug:			## scenarios, and much more of them, on a kernel that checks itself (root)
	selftests/setup
	selftests/vm/fetch debug
	selftests/run debug-full

.PHONY: bench
bench:				## what packets, DCC and bulk data cost, beside in-tree helpers (root)
	selftests/setup build machine network bench
	selftests/vm/fetch 6.1
	@JOBS=1 selftests/run bench; rc=$$?; \
		cd .build/check && \
		sed -n 's/^# //p' cost dcc flows crowd throughput; \
		echo "more in .build/bench/cost: cost.json, cost.svg, peers.svg"; \
		exit $$rc

.PHONY: bench-baseline
bench-baseline:			## what "make bench" has counted last must not become worse, and is README's
	selftests/bench/report.py renew
	selftests/bench/report.py readme selftests/bench/baseline.json README.md

.PHONY: demo
demo:				## watch files cross a NAT router, without nf_appgw and with it (root)
	selftests/demo/run

.PHONY: cast
cast:				## selftests/demo/demo.cast: the demo, as asciinema plays it (root)
	selftests/demo/run --cast selftests/demo/demo.cast

# $(call needs,PROGRAM,PACKAGE): or make ends with one line that helps
needs = @command -v $(1) >/dev/null || { \
	echo "$(1) is missing: apt install $(2)"; exit 1; }

.PHONY: pictures
pictures:			## README's, from their sources
	$(call needs,dot,graphviz)
	dot -Tsvg -o kmod/packet_way.svg kmod/packet_way.dot

.PHONY: compile_commands.json
compile_commands.json:		## how each source is compiled, for clangd and the like
	$(call needs,bear,bear)
	selftests/compile_commands.py $(KDIR)

.PHONY: clean
clean:				## what was built; fetched kernels stay
	rm -rf .build compile_commands.json
	-test ! -d $(KDIR) || $(MAKE) -s -C $(KDIR) M=$(CURDIR) clean

.PHONY: help
help:				## this list
	@sed -n 's/^\([a-z_.%-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 24
