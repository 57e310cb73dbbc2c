# SPDX-License-Identifier: GPL-2.0-only
# Targets: "compile", "fields-NAME" says what a package is, and "root-NAME" puts its
# files in OUT/NAME.

.PHONY: compile
compile:
	$(Build/Prepare)
	$(Build/Configure)
	$(Build/Compile)

define BuildPackage
SECTION :=
CATEGORY :=
SUBMENU :=
TITLE :=
DEPENDS :=
USERID :=
$$(eval $$(call Package/$(1)))
fields-$(1): FIELDS := $(1)|$(PKG_VERSION)-$(PKG_RELEASE)|$$(SECTION)|$$(TITLE)|$$(DEPENDS)|$$(USERID)

.PHONY: fields-$(1) root-$(1)
fields-$(1):
	@echo '$$(FIELDS)'

root-$(1):
	rm -rf $(OUT)/$(1)
	mkdir -p $(OUT)/$(1)
	$$(call Package/$(1)/install,$(OUT)/$(1))
endef
