// SPDX-License-Identifier: GPL-2.0-only
/* Module parameters that take no nonsense: the kernel's own bool looks at the
 * first letter alone, so that "nonsense" would be a no.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/string.h>

#include "param.h"

static int param_bool_set(const char *val, const struct kernel_param *kp)
{
	static const char * const no[] = { "0", "n", "N", "off" };
	static const char * const yes[] = { "1", "y", "Y", "on" };
	int i;

	for (i = 0; val && i < ARRAY_SIZE(no); i++) {
		if (!sysfs_streq(val, no[i]) && !sysfs_streq(val, yes[i]))
			continue;
		*(bool *)kp->arg = sysfs_streq(val, yes[i]);
		return 0;
	}
	pr_err("%s: '%s' is neither 0 nor 1\n", kp->name, val ? val : "");
	return -EINVAL;
}

/* Switches: 0 or 1. */
const struct kernel_param_ops appgw_param_bool_ops = {
	.set = param_bool_set,
	.get = param_get_bool,
};
