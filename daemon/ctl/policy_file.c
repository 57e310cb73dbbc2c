// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl policy load, save and diff: a policy that outlives the module. */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "log.h"
#include "policy.h"

#define POLICY_FILE_MODE	0644
#define POLICY_DIR_MODE		0755

/* How they are, as diff's exit status */
enum {
	DIFF_SAME,
	DIFF_DIFFERS,
	DIFF_ERROR,
};

/* Tell of an error, which is the fault of word @bad, if of one. */
static int fail_at(const struct policy_words *words, const char *path, int bad,
		   const char *error)
{
	char text[ERROR_TEXT_MAX + PATH_MAX];

	if (bad >= 0)
		snprintf(text, sizeof(text), "%s:%u: %s", path,
			 words->lines[bad], error);
	else
		snprintf(text, sizeof(text), "%s: %s", path, error);
	return ctl_fail(text);
}

/* Read a file. All that it says of servers is what there is to say of them, so none is
 * left if it says nothing.
 */
static int read_file(struct policy_words *words, const char *path, char *error)
{
	int i = 0;

	if (policy_words_read(words, path, error))
		return -1;
	while (i < words->count && *words->words[i] != '[')
		i++;
	if (i == words->count)
		words->words[words->count++] = "[]";
	return 0;
}

/**
 * policy_load() - set what a file says, all of it or nothing
 * @ctl: the call
 * @path: of the file
 *
 * Return: exit status
 */
int policy_load(struct ctl *ctl, const char *path)
{
	char error[ERROR_TEXT_MAX];
	struct policy_words words;
	int bad, ret = EXIT_SUCCESS;

	if (read_file(&words, path, error))
		return ctl_fail(error);
	if (policy_set(&ctl->kmod, words.count, words.words, &bad, error))
		ret = fail_at(&words, path, bad, error);
	policy_words_free(&words);
	return ret;
}

/* Have a rename last: it is the folder that is written. */
static int sync_folder(const char *path)
{
	char folder[PATH_MAX];
	int fd, ret;

	snprintf(folder, sizeof(folder), "%s", path);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

/* Write a new file, whole and on the disk. @fd is closed. */
static int write_file(int fd, const json_t *policy)
{
	FILE *file = fchmod(fd, POLICY_FILE_MODE) ? NULL : fdopen(fd, "w");
	int ret, error;

	if (!file) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	fprintf(file, "# Policy of nf_appgw: see appgwctl(8). Saved by appgwctl %s.\n",
		APPGW_VERSION);
	text_policy(file, policy);
	ret = fflush(file) || ferror(file) || fsync(fd) ? -1 : 0;
	return fclose(file) ? -1 : ret;
}

/* Replace a file at once. Only files are: no devices, nor what a link leads to. */
static int replace_file(const char *path, const json_t *policy)
{
	char new[PATH_MAX];
	struct stat st;
	int fd, error;

	if (!lstat(path, &st) && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EEXIST;
		return -1;
	}
	if (snprintf(new, sizeof(new), "%s.XXXXXX", path) >= (int)sizeof(new)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(new, O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!write_file(fd, policy) && !rename(new, path))
		return sync_folder(path);
	error = errno;
	unlink(new);
	errno = error;
	return -1;
}

/**
 * policy_save() - write the policy as it is to a file
 * @ctl: the call
 * @path: of the file, which is replaced as a whole or stays as it is
 *
 * Return: exit status
 */
int policy_save(struct ctl *ctl, const char *path)
{
	json_t *policy = policy_get(&ctl->kmod);
	char folder[] = POLICY_FILE;
	int ret;

	if (!policy)
		return ctl_fail_kmod(ctl);
	if (!strcmp(path, POLICY_FILE))
		mkdir(dirname(folder), POLICY_DIR_MODE);
	ret = replace_file(path, policy);
	json_decref(policy);
	return ret ? fail_at(NULL, path, -1, strerror(errno)) : EXIT_SUCCESS;
}

/* Find what differs, of what the file has: an object of objects with "running", without
 * which the module doesn't have it, and "file".
 */
static json_t *find_differences(const json_t *running, const json_t *file)
{
	json_t *differences = json_object(), *value, *other;
	const char *name;

	json_object_foreach((json_t *)file, name, value) {
		other = json_object_get(running, name);
		if (!json_equal(value, other))
			json_object_set_new(differences, name,
					    json_pack("{sO* sO}", "running",
						      other, "file", value));
	}
	return differences;
}

static void print_differences(const json_t *differences)
{
	json_t *difference, *running;
	const char *name;

	json_object_foreach((json_t *)differences, name, difference) {
		running = json_object_get(difference, "running");
		if (running)
			text_policy_line(stdout, "-", name, running);
		text_policy_line(stdout, "+", name,
				 json_object_get(difference, "file"));
	}
}

static int diff_words(struct ctl *ctl, const char *path,
		      struct policy_words *words)
{
	json_t *running = NULL, *file, *differences;
	char error[ERROR_TEXT_MAX];
	int bad, ret;

	file = policy_as_shown(words->count, words->words, &bad, error);
	if (!file) {
		fail_at(words, path, bad, error);
		return DIFF_ERROR;
	}
	running = policy_get(&ctl->kmod);
	if (!running) {
		json_decref(file);
		ctl_fail_kmod(ctl);
		return DIFF_ERROR;
	}
	differences = find_differences(running, file);
	ret = json_object_size(differences) ? DIFF_DIFFERS : DIFF_SAME;
	if (ctl->is_json)
		ctl_print_json(differences);
	else
		print_differences(differences);
	json_decref(differences);
	json_decref(running);
	json_decref(file);
	return ret;
}

/**
 * policy_diff() - tell what loading a file would change
 * @ctl: the call
 * @path: of the file
 *
 * Return: exit status, which tells as well
 */
int policy_diff(struct ctl *ctl, const char *path)
{
	char error[ERROR_TEXT_MAX];
	struct policy_words words;
	int ret;

	if (read_file(&words, path, error)) {
		ctl_fail(error);
		return DIFF_ERROR;
	}
	ret = diff_words(ctl, path, &words);
	policy_words_free(&words);
	return ret;
}
