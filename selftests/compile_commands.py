#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write compile_commands.json, in which clangd reads how a source is compiled.

	compile_commands.py HEADERS

The module is compiled in a copy, for the kernel of these headers or, if there are none,
for the test machine's 6.1; the daemon is only looked at by the compiler. bear takes down
each call. What clang doesn't know is left out: it takes the first such option
for an error.
"""

import functools
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
COPY = ROOT + "/.build/clangd"
COPIED = ["Kbuild", "dkms.conf", "kmod", "include"]
CACHE = os.environ.get("APPGW_CACHE", "/var/cache/nf_appgw")
LOOK = "CC=gcc -fsyntax-only"


def headers(asked):
    for path in (asked, CACHE + "/kernels/6.1/headers"):
        if os.path.exists(path + "/Makefile"):
            return os.path.realpath(path)
    sys.exit(f"no kernel headers in {asked}: apt install linux-headers-KERNEL,"
             " or selftests/vm/fetch 6.1")


def taken_down(*make):
    """The calls of the compiler by make with these arguments"""
    out = COPY + "/calls.json"
    env = {name: value for name, value in os.environ.items()
           if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    subprocess.run(["bear", "--output", out, "--", "make", "-s",
                    f"-j{os.cpu_count()}", *make], check=True, cwd=ROOT, env=env)
    with open(out) as f:
        return json.load(f)


def calls(kernel):
    shutil.rmtree(COPY, ignore_errors=True)
    os.makedirs(COPY)
    subprocess.run(["cp", "-a", *COPIED, COPY], check=True, cwd=ROOT)
    yield from taken_down("-C", kernel, "M=" + COPY,
                          "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules")
    yield from taken_down("-C", "daemon", "BUILD=" + COPY + "/daemon", LOOK, "objects")
    yield from taken_down("-C", "selftests/unit", "BUILD=" + COPY + "/unit")


@functools.cache
def known(option):
    """Whether clang has this option, if there is clang"""
    if not option.startswith(("-f", "-m")) or not shutil.which("clang"):
        return True
    return subprocess.run(["clang", "-Werror", "-fsyntax-only", "-xc", option, "-"],
                          input=b"", capture_output=True).returncode == 0


def here(path):
    """A path in the copy as one of ours"""
    for name in COPIED:
        path = path.replace(f"{COPY}/{name}", f"{ROOT}/{name}")
    return path


def main():
    by_file = {}
    for call in calls(headers(sys.argv[1])):
        name = here(call["file"])
        if name.startswith(COPY) or name.endswith(".mod.c"):
            continue
        arguments = [here(a) for a in call["arguments"] if known(a)]
        # of a source that is compiled twice the module's or the daemon's way counts
        by_file.setdefault(name, {
            "directory": call["directory"], "file": name, "arguments": [
                a for a in arguments if a != "-fsyntax-only"
                and not a.startswith("-Wp,-MMD")]})

    missing = [os.path.join(folder, name) for part in ("kmod", "daemon", "selftests/unit")
               for folder, _, names in os.walk(os.path.join(ROOT, part))
               for name in names if name.endswith(".c") and
               os.path.join(folder, name) not in by_file]
    if missing:
        sys.exit("not compiled: " + " ".join(missing))
    with open(ROOT + "/compile_commands.json", "w") as f:
        json.dump(list(by_file.values()), f, indent=1)
        f.write("\n")


main()
