// SPDX-License-Identifier: GPL-2.0-only
/* The folder with captures of real conversations: the one that APPGW_CAPTURES
 * names, ../shared/captures beside the repository otherwise.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../tap.h"
#include "capture_files.h"

static const char *capture_folder;

/* False after a skip of all tests, because it isn't there. */
bool capture_files_found(void)
{
	struct stat info;

	capture_folder = getenv("APPGW_CAPTURES");
	if (!capture_folder)
		capture_folder = "../../../shared/captures";
	if (!stat(capture_folder, &info) && S_ISDIR(info.st_mode))
		return true;
	printf("TAP version 13\n1..0 # SKIP no folder %s\n", capture_folder);
	printf("# Totals: pass:0 fail:0 skip:1\n");
	return false;
}

/**
 * capture_open() - open a capture
 * @name: file in the folder
 *
 * Return: the file, to be closed by the caller; NULL if it can't be read, which is then
 * a complaint
 */
FILE *capture_open(const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", capture_folder, name);
	file = fopen(path, "rb");
	tap_check(file, "%s: can't be read", path);
	return file;
}

/* Begins the test of a file, and reads what was said on a port. False if there
 * is nothing to test; that is then a complaint.
 */
bool capture_begin(struct pcap *p, const char *name, uint16_t port)
{
	FILE *file;

	tap_begin(name);
	p->pieces = 0;
	memset(p->lates, 0, sizeof(p->lates));
	file = capture_open(name);
	if (!file)
		return false;
	pcap_read(p, file, port);
	fclose(file);
	return tap_check(!p->error, "%s", p->error) &&
	       tap_check(p->pieces, "nothing was said");
}

/* End the test of a file, and forget what was said. */
void capture_end(struct pcap *p)
{
	pcap_free(p);
	tap_end();
}
