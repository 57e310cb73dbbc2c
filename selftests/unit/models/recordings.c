// SPDX-License-Identifier: GPL-2.0-only
/* What browsers and other programs sent, as selftests/browsers/record keeps it:
 * folders of engines, in which each trick has a file with its connections, each a
 * line "port N bytes M", those bytes, and an LF.
 */

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "recordings.h"

/* Files in capitals are about the others. */
static int recordings_is_trick(const struct dirent *entry)
{
	const char *c = entry->d_name;

	while (*c && !islower(*c))
		c++;
	return *c;
}

/* Reads the next connection. False at the end; @is_bad if that is none. */
static bool recording_read(FILE *file, struct recording *r, bool *is_bad)
{
	int n = fscanf(file, "port %u bytes %zu", &r->port, &r->len);

	*is_bad = false;
	if (n == EOF)
		return false;
	*is_bad = n != 2 || r->len > RECORDING_MAX || getc(file) != '\n' ||
		  fread(r->data, 1, r->len, file) != r->len ||
		  getc(file) != '\n';
	return !*is_bad;
}

/**
 * recordings_each() - call a function for each connection of an engine
 * @engine: the engine
 * @judge: the function
 * @ctx: for it
 *
 * Return: how many there were, -1 if some can't be read
 */
int recordings_each(const char *engine,
		    void (*judge)(const struct recording *r, void *ctx),
		    void *ctx)
{
	static struct recording r;
	struct dirent **entry;
	char path[4096];
	int n, i, count = 0;
	bool is_bad = false;

	snprintf(path, sizeof(path), RECORDINGS_FOLDER "/%s", engine);
	n = scandir(path, &entry, recordings_is_trick, alphasort);
	for (i = 0; i < n; i++) {
		FILE *file;

		snprintf(path, sizeof(path), RECORDINGS_FOLDER "/%s/%s",
			 engine, entry[i]->d_name);
		file = fopen(path, "rb");
		is_bad |= !file;
		r.trick = entry[i]->d_name;
		while (file && !is_bad && recording_read(file, &r, &is_bad)) {
			judge(&r, ctx);
			count++;
		}
		if (file)
			fclose(file);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	return n < 0 || is_bad ? -1 : count;
}
