// SPDX-License-Identifier: GPL-2.0-only
/* A file that tests write anew again and again, for what reads files. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "temporary.h"

/* Make an empty file; @path ends with XXXXXX, in place of which it gets its name. Exit
 * if that can't be.
 */
void temporary_make(char *path)
{
	int fd = mkstemp(path);

	if (fd < 0) {
		perror(path);
		exit(2);
	}
	close(fd);
}

/* Replace what is in the file by @len bytes of @text; exit if that can't be. */
void temporary_write(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text, 1, len, file) != len || fclose(file)) {
		perror(path);
		exit(2);
	}
}
