// SPDX-License-Identifier: GPL-2.0-only
/* Parameters of the module that take no nonsense: the kernel's own bool looks at the
 * first letter alone, so that "nonsense" would be a no.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

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

/* Take 0 or 1. */
const struct kernel_param_ops appgw_param_bool_ops = {
	.set = param_bool_set,
	.get = param_get_bool,
};

/**
 * appgw_param_words() - read a list, word by word
 * @val: words with commas between them, as the kernel got it; may be NULL
 * @none: what stands for no words at all, as does nothing; NULL if there must be one
 * @add: takes one word, which it may change; 0 or -errno, which ends it
 * @ctx: for @add
 *
 * Return: 0, -ENOMEM, or what @add returned
 */
int appgw_param_words(const char *val, const char *none,
		      int (*add)(void *ctx, char *word), void *ctx)
{
	char *list, *rest, *word;
	int ret = 0;

	list = kstrdup(val ? val : "", GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	rest = strim(list);
	if (none && (!*rest || !strcmp(rest, none)))
		rest = NULL;
	while (!ret && (word = strsep(&rest, ",")))
		ret = add(ctx, word);
	kfree(list);
	return ret;
}

/* Add a word to a list of ports: "21" or "6660-6669". */
static int param_range_add(void *ctx, char *word)
{
	struct appgw_port_list *ports = ctx;
	char *hi = strchr(word, '-');
	struct appgw_ports range;

	if (ports->count == APPGW_PORT_RANGES_MAX)
		return -ENOSPC;
	if (hi)
		*hi++ = 0;
	if (kstrtou16(word, 10, &range.lo) || !range.lo ||
	    kstrtou16(hi ?: word, 10, &range.hi) || range.hi < range.lo)
		return -EINVAL;
	ports->range[ports->count++] = range;
	return 0;
}

static int param_ports_set(const char *val, const struct kernel_param *kp)
{
	struct appgw_port_list ports = {};
	int ret;

	ret = appgw_param_words(val, APPGW_PARAM_NONE, param_range_add, &ports);
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		pr_err("%s: '%s' is not a list of up to %d TCP ports or LO-HI, nor none\n",
		       kp->name, val ? val : "", APPGW_PORT_RANGES_MAX);
	else
		*(struct appgw_port_list *)kp->arg = ports;
	return ret;
}

static int param_ports_get(char *buf, const struct kernel_param *kp)
{
	const struct appgw_port_list *ports = kp->arg;
	unsigned int i;
	int n = 0;

	if (!ports->count)
		n += sysfs_emit_at(buf, n, APPGW_PARAM_NONE);
	for (i = 0; i < ports->count; i++) {
		const struct appgw_ports *range = &ports->range[i];

		n += sysfs_emit_at(buf, n, "%s%u", i ? "," : "", range->lo);
		if (range->hi != range->lo)
			n += sysfs_emit_at(buf, n, "-%u", range->hi);
	}
	return n + sysfs_emit_at(buf, n, "\n");
}

/* Take a list of ports, or "none". */
const struct kernel_param_ops appgw_param_ports_ops = {
	.set = param_ports_set,
	.get = param_ports_get,
};

static int param_name_set(const char *val, const struct kernel_param *kp)
{
	const struct appgw_param_names *p = kp->arg;
	int i = __sysfs_match_string(p->names, p->count, val ? val : "");

	if (i < 0) {
		pr_err("%s: '%s' is %s\n", kp->name, val ? val : "", p->wrong);
		return -EINVAL;
	}
	*(u8 *)p->value = i;
	return 0;
}

static int param_name_get(char *buf, const struct kernel_param *kp)
{
	const struct appgw_param_names *p = kp->arg;

	return sysfs_emit(buf, "%s\n", p->names[*(u8 *)p->value]);
}

/* Take one of some names. */
const struct kernel_param_ops appgw_param_name_ops = {
	.set = param_name_set,
	.get = param_name_get,
};

/* Names that are being read, and what they are so far */
struct param_names {
	const struct appgw_param_names *of;
	u32 bits;
};

static int param_names_add(void *ctx, char *word)
{
	struct param_names *names = ctx;
	int i = match_string(names->of->names, names->of->count, word);

	if (i < 0)
		return -EINVAL;
	names->bits |= BIT(i);
	return 0;
}

static int param_names_set(const char *val, const struct kernel_param *kp)
{
	struct param_names names = { .of = kp->arg };
	int ret;

	ret = appgw_param_words(val, APPGW_PARAM_NONE, param_names_add, &names);
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		pr_err("%s: '%s' is %s\n", kp->name, val ? val : "",
		       names.of->wrong);
	else
		*(u32 *)names.of->value = names.bits;
	return ret;
}

static int param_names_get(char *buf, const struct kernel_param *kp)
{
	const struct appgw_param_names *p = kp->arg;
	u32 bits = *(u32 *)p->value;
	int n = 0, i;

	for (i = 0; i < p->count; i++)
		if (bits & BIT(i))
			n += sysfs_emit_at(buf, n, "%s%s", n ? "," : "",
					   p->names[i]);
	return n + sysfs_emit_at(buf, n, "%s\n", n ? "" : APPGW_PARAM_NONE);
}

/* Take any of some names, or "none". */
const struct kernel_param_ops appgw_param_names_ops = {
	.set = param_names_set,
	.get = param_names_get,
};

/**
 * appgw_port_list_has() - find a port in a list
 * @list: ports
 * @port: host byte order, not 0
 *
 * Return: true if it is there
 */
bool appgw_port_list_has(const struct appgw_port_list *list, u16 port)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (appgw_ports_have(&list->range[i], port))
			return true;
	return false;
}
