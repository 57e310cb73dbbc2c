// SPDX-License-Identifier: GPL-2.0-only
/* The policy's file: NAME=VALUE, one a line, and [ADDRESS] above those that are for a
 * server alone. Blanks around each don't count, and all behind # is a comment. What
 * names, values and addresses mean is known elsewhere.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policy.h"
#include "text_file.h"

/* Most bytes of a line that are shown. */
#define SHOWN_MAX	64

#define BLANKS		" \t\r\v\f"

/* Cut off blanks at both ends. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len && strchr(BLANKS, text[len - 1]))
		text[--len] = '\0';
	return text;
}

static int complain(char *error, const char *path, unsigned int line,
		    const char *what, const char *text)
{
	char cut[SHOWN_MAX], shown[SHOWN_MAX];

	snprintf(cut, sizeof(cut), "%s", text);
	log_escape(shown, sizeof(shown), cut);
	snprintf(error, ERROR_TEXT_MAX, "%s:%u: %s: \"%s\"", path, line, what,
		 shown);
	errno = EINVAL;
	return -1;
}

/* Tell if @name stands above, for the same server or all. */
static bool has_name(const struct policy_words *words, const char *name)
{
	size_t len = strlen(name);
	int i;

	for (i = words->count - 1; i >= 0 && *words->words[i] != '['; i--)
		if (!strncmp(words->words[i], name, len) &&
		    words->words[i][len] == '=')
			return true;
	return false;
}

static bool has_server(const struct policy_words *words, const char *server)
{
	int i;

	for (i = 0; i < words->count; i++)
		if (!strcmp(words->words[i], server))
			return true;
	return false;
}

static int add_word(struct policy_words *words, unsigned int line, char *word)
{
	words->lines[words->count] = line;
	words->words[words->count++] = word;
	return 0;
}

/* Read one line, which is changed. */
static int read_line(struct policy_words *words, const char *path,
		     unsigned int line, char *text, char *error)
{
	char *name, *value;

	text[strcspn(text, "#")] = '\0';
	name = trim(text);
	if (!*name)
		return 0;
	if (words->count == POLICY_WORDS_MAX)
		return complain(error, path, line, "one policy too many", name);
	if (*name == '[')
		return has_server(words, name) ?
		       complain(error, path, line, "stands here twice", name) :
		       add_word(words, line, name);
	value = strchr(name, '=');
	if (!value || value == name)
		return complain(error, path, line, "not NAME=VALUE", name);
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	if (has_name(words, name))
		return complain(error, path, line, "stands here twice", name);
	add_word(words, line, name);
	/* closer together, if anything */
	name += strlen(name);
	*name++ = '=';
	memmove(name, value, strlen(value) + 1);
	return 0;
}

/**
 * policy_words_read() - read a file
 * @words: set on success, to be freed
 * @path: of the file
 * @error: ERROR_TEXT_MAX bytes; set on failure: file, line and what stands there
 *
 * Return: 0, or -1 with errno
 */
int policy_words_read(struct policy_words *words, const char *path,
		      char *error)
{
	unsigned int line = 1;
	char *rest, *text;

	memset(words, 0, sizeof(*words));
	words->text = text_file_read(path, POLICY_FILE_MAX);
	if (!words->text) {
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", path,
			 strerror(errno));
		return -1;
	}
	rest = words->text;
	while ((text = strsep(&rest, "\n"))) {
		if (read_line(words, path, line++, text, error)) {
			policy_words_free(words);
			return -1;
		}
	}
	return 0;
}

/**
 * policy_words_free() - forget what has been read
 * @words: that
 */
void policy_words_free(struct policy_words *words)
{
	free(words->text);
	words->text = NULL;
	words->count = 0;
}
