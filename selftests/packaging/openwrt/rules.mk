# SPDX-License-Identifier: GPL-2.0-only
# In place of OpenWrt's build system: as much of it as packaging/openwrt uses, with
# this machine's compiler. It has been written from what OpenWrt's documentation
# says of package Makefiles; a package that it takes may still be wrong for the
# real one.
#
# OUT is the folder for everything that is made, KERNEL_MAKE the kernel's.

SHELL := /bin/bash
INCLUDE_DIR := $(TOPDIR)/include
PKG_BUILD_DIR = $(OUT)/build/$(PKG_NAME)-$(PKG_VERSION)

CP := cp -fpR
INSTALL_DIR := install -d -m0755
INSTALL_BIN := install -m0755
INSTALL_DATA := install -m0644
INSTALL_CONF := install -m0600

TARGET_CFLAGS ?= -O1
TARGET_CPPFLAGS ?=
TARGET_LDFLAGS ?=
TARGET_CONFIGURE_OPTS = CC=gcc
