# SPDX-License-Identifier: GPL-2.0-only
# Packages of kernel modules: kmod-NAME has the FILES of KernelPackage/NAME.

AutoProbe = $(1)

define KernelPackage
FILES :=
AUTOLOAD :=
$$(eval $$(call KernelPackage/$(1)))
KMOD_FILES := $$(FILES)
KMOD_AUTOLOAD := $$(AUTOLOAD)

define Package/kmod-$(1)
$(call KernelPackage/$(1))
SECTION:=kernel
CATEGORY:=Kernel modules
endef

define Package/kmod-$(1)/install
	$(INSTALL_DIR) $$(1)/lib/modules $$(1)/etc/modules.d
	$(CP) $$(KMOD_FILES) $$(1)/lib/modules/
	printf '%s\n' $$(KMOD_AUTOLOAD) >$$(1)/etc/modules.d/$(1)
endef

$$(eval $$(call BuildPackage,kmod-$(1)))
endef
