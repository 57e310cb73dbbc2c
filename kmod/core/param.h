/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PARAM_H
#define APPGW_PARAM_H

#include <linux/moduleparam.h>

extern const struct kernel_param_ops appgw_param_bool_ops;

#endif /* APPGW_PARAM_H */
