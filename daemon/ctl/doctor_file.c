// SPDX-License-Identifier: GPL-2.0-only
/* Files of /proc, /sys and /etc, and what the module has said. */

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* What is longer is not read to its end. */
#define FILE_MAX	(4u << 20)

/* Files of /proc/sys take no reader who wants megabytes. */
#define FILE_CHUNK	4096

#define FTP_PORT	"21"
#define PARAMETERS	"/sys/module/nf_appgw/parameters/"

/* Read all of it, or up to FILE_MAX. */
static char *file_read(int fd)
{
	char *text = NULL, *grown;
	size_t len = 0;
	ssize_t n = 0;

	do {
		len += n;
		grown = len > FILE_MAX ? NULL : realloc(text, len + FILE_CHUNK + 1);
		if (!grown)
			break;
		text = grown;
		n = read(fd, text + len, FILE_CHUNK);
	} while (n > 0);
	if (text)
		text[len] = 0;
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

/**
 * doctor_read() - read a file
 * @doctor: below its root
 * @path: absolute
 *
 * Return: text, to be freed; NULL if it can't be read
 */
char *doctor_read(const struct doctor *doctor, const char *path)
{
	char name[PATH_MAX];
	char *text;
	int fd;

	snprintf(name, sizeof(name), "%s%s", doctor->root, path);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	text = file_read(fd);
	close(fd);
	return text;
}

/**
 * doctor_number() - read a file with a number in it
 * @doctor: below its root
 * @path: absolute
 * @value: set on success
 *
 * Return: true if there is one
 */
bool doctor_number(const struct doctor *doctor, const char *path,
		   long long *value)
{
	char *text = doctor_read(doctor, path), *end;
	bool is_number = false;
	long long number;

	if (text) {
		number = strtoll(text, &end, 10);
		is_number = end != text && (!*end || *end == '\n');
		if (is_number)
			*value = number;
	}
	free(text);
	return is_number;
}

/**
 * doctor_has_module() - tell if a module is loaded
 * @doctor: below its root
 * @name: the module's
 *
 * Return: true if so, as far as /proc/modules can be read
 */
bool doctor_has_module(const struct doctor *doctor, const char *name)
{
	char *text = doctor_read(doctor, "/proc/modules");
	char *line, *state = NULL;
	size_t len = strlen(name);
	bool is_there = false;

	for (line = text ? strtok_r(text, "\n", &state) : NULL;
	     line && !is_there; line = strtok_r(NULL, "\n", &state))
		is_there = !strncmp(line, name, len) && line[len] == ' ';
	free(text);
	return is_there;
}

/* Add ports as a parameter of the module has them: "21,2121-2130", or "none". */
static void file_add_ports(struct doctor *doctor, const char *text)
{
	unsigned long lo, hi;
	char *end;

	while (doctor->port_count < DOCTOR_PORTS_MAX) {
		lo = strtoul(text, &end, 10);
		if (end == text)
			return;
		hi = lo;
		if (*end == '-')
			hi = strtoul(end + 1, &end, 10);
		if (!lo || hi < lo || hi > UINT16_MAX)
			return;
		doctor->ports[doctor->port_count].lo = lo;
		doctor->ports[doctor->port_count++].hi = hi;
		if (*end != ',')
			return;
		text = end + 1;
	}
}

/* Return true if there is such a parameter. */
static bool file_add_parameter(struct doctor *doctor, const char *name)
{
	char path[PATH_MAX];
	char *text;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	text = doctor_read(doctor, path);
	if (!text)
		return false;
	file_add_ports(doctor, text);
	free(text);
	return true;
}

/**
 * doctor_read_ports() - set the control ports: FTP's, and those of each protocol that a
 *	daemon listens for
 * @doctor: with its listeners
 */
void doctor_read_ports(struct doctor *doctor)
{
	char name[RULE_NAME_MAX];
	json_t *listener, *helper;
	size_t i, j;

	/* what it will have when it is loaded */
	if (!file_add_parameter(doctor, "ports"))
		file_add_ports(doctor, FTP_PORT);
	json_array_foreach(doctor->listeners, i, listener)
		json_array_foreach(json_object_get(listener, "helpers"), j,
				   helper) {
			snprintf(name, sizeof(name), "%s_ports",
				 json_string_value(helper));
			file_add_parameter(doctor, name);
		}
}

/**
 * doctor_helps_port() - tell if a port is a control port
 * @doctor: with those
 * @port: port
 *
 * Return: true if so
 */
bool doctor_helps_port(const struct doctor *doctor, unsigned int port)
{
	unsigned int i;

	for (i = 0; i < doctor->port_count; i++)
		if (port >= doctor->ports[i].lo && port <= doctor->ports[i].hi)
			return true;
	return false;
}

/**
 * doctor_stat() - find a counter of the module's
 * @doctor: with those
 * @name: counter
 *
 * Return: its value; 0 if it is not known
 */
long long doctor_stat(const struct doctor *doctor, const char *name)
{
	return json_integer_value(json_object_get(doctor->stats, name));
}
