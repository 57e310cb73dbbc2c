// SPDX-License-Identifier: GPL-2.0-only
/* Names of errors, which not every C library has: what the module may answer, and
 * what generic netlink and memory may add. Their numbers differ from machine to
 * machine.
 */

#include <errno.h>
#include <stddef.h>

#include "errno_name.h"

#define NAMED(error)	{ error, #error }

static const struct {
	int error;
	const char *name;
} errno_names[ERRNO_NAMES] = {
	/* and whatever isn't listed */
	NAMED(EIO),
	NAMED(EACCES), NAMED(EADDRINUSE), NAMED(EADDRNOTAVAIL),
	NAMED(EAFNOSUPPORT), NAMED(EAGAIN), NAMED(EALREADY), NAMED(EBUSY),
	NAMED(EDQUOT), NAMED(EEXIST), NAMED(EINPROGRESS), NAMED(EINTR),
	NAMED(EINVAL), NAMED(EMSGSIZE), NAMED(ENOBUFS), NAMED(ENODATA),
	NAMED(ENOENT), NAMED(ENOMEM), NAMED(ENOSPC), NAMED(EOPNOTSUPP),
	NAMED(EPERM), NAMED(EPROTONOSUPPORT), NAMED(ERANGE),
	NAMED(ESHUTDOWN), NAMED(ESTALE), NAMED(ETIMEDOUT),
};

/**
 * errno_index() - where an error is counted
 * @error: positive, as in errno
 *
 * Return: from 0 to ERRNO_NAMES - 1; 0, which is EIO's, for those without a name
 */
unsigned int errno_index(int error)
{
	unsigned int i;

	for (i = 1; i < ERRNO_NAMES; i++)
		if (errno_names[i].error == error)
			return i;
	return 0;
}

/**
 * errno_name() - "ENOMEM", and so on
 * @index: as errno_index() returns it
 *
 * Return: the name
 */
const char *errno_name(unsigned int index)
{
	return errno_names[index].name;
}
