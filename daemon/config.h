/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_CONFIG_H
#define APPGWD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "../include/appgw/endpoint.h"
#include "../include/uapi/linux/nf_appgw.h"
#include "log.h"
#include "proto.h"

#define CONFIG_FILE		"/etc/appgwd.conf"
#define CONFIG_CONTROL		"/run/appgwd/control"
#define CONFIG_CONTROLS		"/run/appgwd*/control"	/* of appgwd@, too */
#define CONFIG_EVENTS		".events"	/* behind the control socket's path */
#define CONFIG_NETNS		"/proc/self/ns/net"
#define CONFIG_GROUP		"appgw"

/* Longest value of an option, and most protocols at a time. */
#define CONFIG_VALUE_MAX	107	/* a unix socket's path */
#define CONFIG_CONTROL_MAX	(CONFIG_VALUE_MAX - (sizeof(CONFIG_EVENTS) - 1))
#define CONFIG_PROTOS_MAX	8

/* Longest text of config_help(), with its 0 */
#define CONFIG_HELP_MAX		128

#define CONFIG_NO_USER		"user: no such user: %s"

/* Options there may be, one more than there are at least. */
#define CONFIG_OPTIONS_MAX	32

/* Packets that the kernel keeps for a queue, and bytes it keeps them in. */
#define CONFIG_LENGTH_DEFAULT	4096
#define CONFIG_LENGTH_MAX	65536
#define CONFIG_BUFFER_DEFAULT	(4u << 20)
#define CONFIG_BUFFER_MIN	(128u << 10)
#define CONFIG_BUFFER_MAX	(256u << 20)

/* Packets that are read and answered at once. */
#define CONFIG_BATCH_DEFAULT	32
#define CONFIG_BATCH_MAX	256

#define CONFIG_WAIT_MAX		(7 * 24 * 3600)
#define CONFIG_WAIT_FOREVER	UINT32_MAX

/**
 * struct config - what the daemon is asked to do
 * @queue: first queue
 * @queues: how many; 0 if nothing has named them
 * @protos: what it reads, ends with NULL
 * @wait_s: seconds to wait for the module, or CONFIG_WAIT_FOREVER
 * @log_target: where the log goes
 * @log_level: least important level that is logged
 * @log_events: events of the module's that are logged
 * @control: path of the control socket, empty for none
 * @control_group: group that may open it, besides root
 * @metrics: where metrics are served; port 0 for nowhere
 * @user: user to run as, empty to stay what it was started as
 * @queue_length: packets a queue may hold
 * @buffer: bytes a queue's socket may hold
 * @batch: packets that are read at once
 */
struct config {
	uint16_t queue;
	uint16_t queues;
	const struct proto *protos[CONFIG_PROTOS_MAX + 1];
	uint32_t wait_s;
	enum log_target log_target;
	int log_level;
	enum log_events log_events;
	char control[CONFIG_VALUE_MAX + 1];
	char control_group[CONFIG_VALUE_MAX + 1];
	struct endpoint metrics;
	char user[CONFIG_VALUE_MAX + 1];
	uint32_t queue_length;
	uint32_t buffer;
	uint32_t batch;
};

/**
 * struct config_option - one that may be in the file and on the command line
 * @name: in both
 * @value: what it takes, for the help
 * @help: what it is for
 * @parse: reads @text; on failure @config has not changed
 */
struct config_option {
	const char *name;
	const char *value;
	const char *help;
	bool (*parse)(struct config *config, const char *text);
};

/* All of them; ends with one that has no name. */
extern const struct config_option config_options[];

void config_init(struct config *config);
int config_read(struct config *config, const char *path, char *error);
bool config_is_restart(const struct config *old, const struct config *new);
void config_help(const struct config_option *option, char *out, size_t size);
int config_check(const struct config *config, char *error);
int config_set(struct config *config, const struct config_option *option,
	       const char *text, char *error);

#endif /* APPGWD_CONFIG_H */
