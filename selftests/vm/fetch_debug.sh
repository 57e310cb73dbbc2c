# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The debug kernel: Debian's source with everything switched on that finds
# bugs. Sourced by fetch, in whose terms it talks.

debug_config=$here/debug.config

# What decides how it is built; another one means another kernel.
debug_recipe()
{
	cat "$debug_config" "$here/fetch_debug.sh" | sha256sum | cut -c1-16
}

# Not as a part of the "make" that may have started this
debug_make()
{
	(unset MAKEFLAGS MFLAGS MAKELEVEL; LC_ALL=C make -s -C "$tmp/src" "$@")
}

# Without what takes most of the time to unpack and is no part of this kernel;
# Kconfig wants to see the rest.
debug_unpack()
{
	mkdir "$tmp/src" &&
		(cd "$tmp/src" && kernel_source --strip-components=1 \
			--exclude='*/drivers/gpu/drm/amd/*.h' \
			--exclude='*/Documentation/*.*' --exclude='*.dts*' \
			--exclude='*/arch/[a-w]*/*.[chS]') || return 1
	# The choice of whose allocations fail works on x86-64 as well, and
	# since 6.2 the kernel has said so.
	sed -i '/^config FAULT_INJECTION_STACKTRACE_FILTER/,/^config/ {
		/depends on !X86_64/d
	}' "$tmp/src/lib/Kconfig.debug"
}

# Options that don't exist, or lack what they depend on, would just be gone.
debug_configure()
{
	local missing

	debug_make KCONFIG_ALLCONFIG="$debug_config" allnoconfig >&2 || return 1
	missing=$(grep '^CONFIG_' "$debug_config" |
		grep -vxFf "$tmp/src/.config")
	[ -z "$missing" ] || {
		say "debug: the kernel does not take" $missing
		return 1
	}
}

debug_build()
{
	debug_make -j"$(nproc)" bzImage modules \
		>"$tmp/build.log" 2>&1 || {
		tail -n 20 "$tmp/build.log" >&2
		return 1
	}
}

# What it takes to build modules: no sources, only what describes them
debug_headers()
{
	(
		cd "$tmp/src" && {
			ls -d .config Makefile Module.symvers
			find scripts tools/objtool -type f
			find include arch/x86 -type f \( -name '*.h' -o \
				-name 'Makefile*' -o -path '*/config/*' \)
		} | tar -c -T - | tar -x -C "$tmp/new/headers"
	)
}

debug_install()
{
	local ver=$1 mods=$tmp/new/lib/modules/$1

	mkdir -p "$mods" "$tmp/new/headers" || return 1
	debug_make INSTALL_MOD_PATH="$tmp/new" modules_install >&2 || return 1
	rm -f "$mods/build" "$mods/source"
	cp "$tmp/src/arch/x86/boot/bzImage" "$tmp/new/vmlinuz" &&
		echo "$ver" >"$tmp/new/version" &&
		debug_recipe >"$tmp/new/recipe" && debug_headers
}

fetch_debug()
{
	local ver

	say "debug: reading Debian's package lists"
	apt_init "$tmp/apt" bookworm bookworm-security &&
		apt-get -qq update >&2 || return 1
	say "debug: unpacking the source of the kernel"
	mkdir -p "$tmp/new" && debug_unpack && debug_configure || return 1
	say "debug: building the kernel, about 15 minutes of processor time"
	debug_build || return 1
	ver=$(debug_make kernelrelease) && debug_install "$ver" &&
		rm -rf "$tmp/src"
}
