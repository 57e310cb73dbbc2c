/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_H
#define APPGW_FTP_H

#include "helper/helper.h"

extern const struct appgw_helper appgw_ftp;

#endif /* APPGW_FTP_H */
