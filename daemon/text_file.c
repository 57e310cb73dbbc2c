// SPDX-License-Identifier: GPL-2.0-only
/* Files that people write, as text. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text_file.h"

/**
 * text_file_read() - read all of a file
 * @path: of the file
 * @max: most bytes that it may have
 *
 * Return: its text, to be freed; NULL with errno set: EFBIG if it is too long, EILSEQ
 * if there is a byte 0 in it
 */
char *text_file_read(const char *path, size_t max)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t len = 0;
	int error = 0;

	if (!file)
		return NULL;
	text = malloc(max + 1);
	if (text)
		len = fread(text, 1, max + 1, file);
	if (!text || ferror(file))
		error = errno;
	else if (len > max)
		error = EFBIG;
	else if (memchr(text, '\0', len))
		error = EILSEQ;
	else
		text[len] = '\0';
	fclose(file);
	if (!error)
		return text;
	free(text);
	errno = error;
	return NULL;
}
