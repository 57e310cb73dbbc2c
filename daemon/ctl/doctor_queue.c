// SPDX-License-Identifier: GPL-2.0-only
/* Queues of nfnetlink_queue: is it the listener's process that reads them, and does
 * it keep up?
 */

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

#define QUEUES		"/proc/net/netfilter/nfnetlink_queue"
#define SOCKETS		"/proc/net/netlink"

#define PROTO_NETFILTER	12
#define PROTO_GENERIC	16

/**
 * struct queue - a line of QUEUES
 * @number: queue
 * @portid: of the socket that reads it
 * @dropped: packets that found it full
 * @lost: packets that found the socket full
 */
struct queue {
	unsigned int number;
	unsigned int portid;
	unsigned int dropped;
	unsigned int lost;
};

/* Find a queue; return true if somebody reads it. */
static bool queue_find(const struct doctor *doctor, unsigned int number,
		       struct queue *queue)
{
	char *text = doctor_read(doctor, QUEUES), *line, *state = NULL;
	bool is_found = false;

	for (line = text ? strtok_r(text, "\n", &state) : NULL;
	     line && !is_found; line = strtok_r(NULL, "\n", &state))
		is_found = sscanf(line, "%u %u %*u %*u %*u %u %u",
				  &queue->number, &queue->portid,
				  &queue->dropped, &queue->lost) == 4 &&
			   queue->number == number;
	free(text);
	return is_found;
}

/* Find a netlink socket; return its inode, or 0. */
static unsigned long queue_inode(const struct doctor *doctor, unsigned int proto,
				 unsigned int portid)
{
	char *text = doctor_read(doctor, SOCKETS), *line, *state = NULL;
	unsigned int line_proto, line_portid;
	unsigned long found = 0, inode;

	for (line = text ? strtok_r(text, "\n", &state) : NULL; line && !found;
	     line = strtok_r(NULL, "\n", &state))
		if (sscanf(line, "%*s %u %u %*s %*s %*s %*s %*s %*s %lu",
			   &line_proto, &line_portid, &inode) == 3 &&
		    line_proto == proto && line_portid == portid)
			found = inode;
	free(text);
	return found;
}

/* Tell if a process has a socket open. */
static bool queue_has_socket(const char *fds, unsigned long inode)
{
	char path[PATH_MAX + NAME_MAX + 2], wanted[64], target[64];
	struct dirent *entry;
	bool is_found = false;
	ssize_t n;
	DIR *dir = opendir(fds);

	snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
	while (dir && !is_found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", fds, entry->d_name);
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = 0;
		is_found = !strcmp(target, wanted);
	}
	if (dir)
		closedir(dir);
	return is_found;
}

/* Find the process that a socket belongs to; 0 if there is none that we can see. */
static int queue_owner(const struct doctor *doctor, unsigned int proto,
		       unsigned int portid)
{
	unsigned long inode = queue_inode(doctor, proto, portid);
	char path[PATH_MAX];
	struct dirent *entry;
	int pid = 0, found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/proc", doctor->root);
	dir = inode ? opendir(path) : NULL;
	while (dir && !found && (entry = readdir(dir))) {
		pid = atoi(entry->d_name);
		snprintf(path, sizeof(path), "%s/proc/%d/fd", doctor->root, pid);
		if (pid && queue_has_socket(path, inode))
			found = pid;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Tell of a process by its name; "" if it has gone. */
static void queue_name(const struct doctor *doctor, int pid, char *name,
		       size_t size)
{
	char path[PATH_MAX];
	char *text;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	text = doctor_read(doctor, path);
	snprintf(name, size, "%.*s", text ? (int)strcspn(text, "\n") : 0,
		 text ? text : "");
	free(text);
}

static void queue_foreign(const struct doctor *doctor, json_t *findings,
			  const struct queue *queue, int owner)
{
	char name[RULE_NAME_MAX];
	json_t *finding;

	queue_name(doctor, owner, name, sizeof(name));
	finding = finding_new(findings, "queue-foreign",
			      "Another program reads a queue to which the module sends packets.");
	finding_seen(finding, QUEUES ": queue %u, port %u, process %d (%s)",
		     queue->number, queue->portid, owner, name);
	finding_remedy(finding,
		       "stop process %d (%s), or write another \"queue = \" in /etc/appgwd.conf; then: systemctl restart appgwd",
		       owner, name);
}

static void queue_drops(json_t *findings, const struct queue *queue)
{
	json_t *finding;

	finding = finding_new(findings, "queue-drops",
			      "appgwd has not kept up: packets passed unread or were lost.");
	finding_seen(finding,
		     QUEUES ": queue %u, queue_dropped %u, user_dropped %u",
		     queue->number, queue->dropped, queue->lost);
	finding_remedy(finding,
		       "write \"queue-length = 16384\" and \"buffer = 16M\" into /etc/appgwd.conf; then: systemctl restart appgwd");
}

static void queue_check(const struct doctor *doctor, json_t *findings,
			unsigned int number, unsigned int listener)
{
	struct queue queue = {};
	json_t *finding;
	int owner, ours;

	if (!queue_find(doctor, number, &queue)) {
		finding = finding_new(findings, "queue-unbound",
				      "Nobody reads a queue to which the module sends packets, which pass unread.");
		finding_seen(finding, "listener of port %u: queue %u", listener,
			     number);
		finding_seen(finding, QUEUES " has no queue %u", number);
		finding_remedy(finding, "systemctl restart appgwd");
		return;
	}
	owner = queue_owner(doctor, PROTO_NETFILTER, queue.portid);
	ours = queue_owner(doctor, PROTO_GENERIC, listener);
	if (owner && ours && owner != ours)
		queue_foreign(doctor, findings, &queue, owner);
	else if (queue.dropped || queue.lost)
		queue_drops(findings, &queue);
}

static long long queue_number(const json_t *listener, const char *name)
{
	return json_integer_value(json_object_get(listener, name));
}

/**
 * doctor_check_queues() - look at each queue of each listener
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_queues(const struct doctor *doctor, json_t *findings)
{
	json_t *listener;
	long long j;
	size_t i;

	json_array_foreach(doctor->listeners, i, listener)
		for (j = 0; j < queue_number(listener, "queues"); j++)
			queue_check(doctor, findings,
				    queue_number(listener, "queue") + j,
				    queue_number(listener, "portid"));
}
