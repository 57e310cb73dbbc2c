/* SPDX-License-Identifier: GPL-2.0-only */
/* Network namespaces by the names that ip-netns gives them. */
#ifndef SELFTESTS_BENCH_NETNS_H
#define SELFTESTS_BENCH_NETNS_H

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* Be in the namespace @ns from now on; exit if that can't be. Needs _GNU_SOURCE. */
static inline void netns_enter(const char *ns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", ns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

#endif /* SELFTESTS_BENCH_NETNS_H */
