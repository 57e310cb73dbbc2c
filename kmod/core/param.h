/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PARAM_H
#define APPGW_PARAM_H

#include <linux/moduleparam.h>
#include <linux/types.h>

/* List of nothing */
#define APPGW_PARAM_NONE	"none"

/* Ranges in a list of ports */
#define APPGW_PORT_RANGES_MAX	9

/**
 * struct appgw_ports - a range of ports
 * @lo: lowest, host byte order; 0 for no range at all
 * @hi: highest
 */
struct appgw_ports {
	u16 lo;
	u16 hi;
};

/* Tell if a port, in host byte order and not 0, is in a range. */
static inline bool appgw_ports_have(const struct appgw_ports *ports, u32 port)
{
	return port >= ports->lo && port <= ports->hi;
}

/**
 * struct appgw_port_list - the ports of a protocol's servers
 * @count: entries of @range in use
 * @range: host byte order
 */
struct appgw_port_list {
	unsigned int count;
	struct appgw_ports range[APPGW_PORT_RANGES_MAX];
};

/**
 * struct appgw_param_names - a parameter that is one of some names, or any of them
 * @names: by their numbers
 * @count: how many
 * @value: u8, number of the one; or u32, a bit for each
 * @wrong: what a bad value is, for the log
 */
struct appgw_param_names {
	const char * const *names;
	unsigned int count;
	void *value;
	const char *wrong;
};

int appgw_param_words(const char *val, const char *none,
		      int (*add)(void *ctx, char *word), void *ctx);
bool appgw_port_list_has(const struct appgw_port_list *list, u16 port);

extern const struct kernel_param_ops appgw_param_bool_ops;
extern const struct kernel_param_ops appgw_param_ports_ops;
extern const struct kernel_param_ops appgw_param_name_ops;
extern const struct kernel_param_ops appgw_param_names_ops;

#endif /* APPGW_PARAM_H */
