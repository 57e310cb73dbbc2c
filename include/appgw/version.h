/* SPDX-License-Identifier: GPL-2.0-only */
/* Of module and daemon; dkms.conf has it, too. */
#ifndef APPGW_VERSION_H
#define APPGW_VERSION_H

#define APPGW_VERSION	"0.2.0"

#endif /* APPGW_VERSION_H */
