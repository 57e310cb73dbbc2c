// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/policy_words.c: what a file sets, and that an error is told with file
 * and line.
 */

#include <errno.h>
#include <unistd.h>

#include "../../daemon/ctl/policy.h"
#include "../../daemon/log.h"
#include "models/temporary.h"
#include "tap.h"

/* Words and lines as "line word," */
static const struct good_case {
	const char *name;
	const char *text;
	const char *words;
} good_cases[] = {
	{ "empty file", "", "" },
	{ "one", "login=1\n", "1 login=1," },
	{ "no end of the last line", "a=1\nlogin=1", "1 a=1,2 login=1," },
	{ "comments and empty lines", "# x\n\n  # y=2\n\t\nlogin=1\n",
	  "5 login=1," },
	{ "a comment behind", "login=1 # x=2\nfxp=#\n",
	  "1 login=1,2 fxp=," },
	{ "carriage returns", "login=1\r\n# x\r\n\r\nloose=0\r\n",
	  "1 login=1,4 loose=0," },
	{ "blanks around all", " \tlogin \t= \t1 \t# x\n", "1 login=1," },
	{ "no value", "fxp=\nftps_ports = \n", "1 fxp=,2 ftps_ports=," },
	{ "commas and colons", "fxp=10.0.0.0/8,fd00::/16\n",
	  "1 fxp=10.0.0.0/8,fd00::/16," },
	{ "another = belongs to the value", "a=b=c\n", "1 a=b=c," },
	{ "so does a blank", "a=b c\n", "1 a=b c," },
	{ "a name that begins with another", "quota=1\nquota_host=2\nquo=3\n",
	  "1 quota=1,2 quota_host=2,3 quo=3," },
	{ "servers, which may have names of others",
	  "loose=0\n [192.0.2.1] # mine\nloose=1\n\n[2001:db8::/32]\nloose = 1\n",
	  "1 loose=0,2 [192.0.2.1],3 loose=1,5 [2001:db8::/32],6 loose=1," },
	{ "no server", "[]\n", "1 []," },
	{ "bytes that are no text", "\xff\x01=\xfe\n", "1 \xff\x01=\xfe," },
};

static const struct bad_case {
	const char *name;
	const char *text;
	const char *said;
} bad_cases[] = {
	{ "no =", "a=1\n\nlogin\n", ":3: not NAME=VALUE: \"login\"" },
	{ "no name", "=1\n", ":1: not NAME=VALUE" },
	{ "no name, but a blank", "a=1\n = 1\n", ":2: not NAME=VALUE" },
	{ "a = alone", "=", ":1: not NAME=VALUE" },
	{ "commented away", "login # = 1\n", ":1: not NAME=VALUE" },
	{ "twice", "a=1\nb=2\na=1\n", ":3: stands here twice: \"a\"" },
	{ "twice, with blanks", "a=1\n a = 2\n", ":2: stands here twice" },
	{ "twice for a server", "[192.0.2.1]\na=1\nb=1\na=2\n",
	  ":4: stands here twice: \"a\"" },
	{ "a server twice", "[192.0.2.1]\na=1\n[192.0.2.2]\n[192.0.2.1]\n",
	  ":4: stands here twice: \"[192.0.2.1]\"" },
	{ "control characters are shown harmlessly", "\x1b[2J\n",
	  ":1: not NAME=VALUE: \"\\x1b[2J\"" },
};

static void test_good(const struct good_case *c, const char *path)
{
	char error[ERROR_TEXT_MAX] = "", all[256] = "";
	struct policy_words words;
	size_t len = 0;
	int i;

	tap_begin(c->name);
	temporary_write(path, c->text, strlen(c->text));
	if (tap_check(!policy_words_read(&words, path, error), "%s", error)) {
		for (i = 0; i < words.count; i++)
			len += snprintf(all + len, sizeof(all) - len, "%u %s,",
					words.lines[i], words.words[i]);
		tap_check(!strcmp(all, c->words), "read: %s", all);
		policy_words_free(&words);
	}
	tap_end();
}

/* Read what is bad; return what is said. */
static const char *refused(const char *path, const char *text, size_t len)
{
	static char error[ERROR_TEXT_MAX];
	struct policy_words words;

	*error = '\0';
	temporary_write(path, text, len);
	tap_check(policy_words_read(&words, path, error) < 0, "accepted");
	tap_check(!words.text && !words.count, "something is left");
	tap_check(!strncmp(error, path, strlen(path)), "says: %s", error);
	return error + strlen(path);
}

static void test_bad(const struct bad_case *c, const char *path)
{
	const char *said;

	tap_begin(c->name);
	said = refused(path, c->text, strlen(c->text));
	tap_check(!strncmp(said, c->said, strlen(c->said)), "says: %s", said);
	tap_end();
}

static void test_zero_byte(const char *path)
{
	tap_begin("a byte 0 hides nothing");
	refused(path, "login=1\n\0login=0\n", 18);
	tap_end();
}

/* As many bytes as there may be, and one more; a line that is as long */
static void test_long(const char *path)
{
	static char text[POLICY_FILE_MAX + 1];
	char error[ERROR_TEXT_MAX] = "";
	struct policy_words words;
	const char *said;

	tap_begin("a file of 64 KiB, a long line, and a file too long");
	memset(text, 'x', sizeof(text));
	memcpy(text, "a=1\n#", 5);
	temporary_write(path, text, sizeof(text) - 1);
	if (tap_check(!policy_words_read(&words, path, error), "%s", error)) {
		tap_check(words.count == 1, "%d words", words.count);
		policy_words_free(&words);
	}
	text[4] = 'x';
	said = refused(path, text, sizeof(text) - 1);
	tap_check(!strncmp(said, ":2: ", 4) && strlen(said) < 128, "says: %s",
		  said);
	said = refused(path, text, sizeof(text));
	tap_check(strstr(said, "too large"), "says: %s", said);
	tap_end();
}

static void test_many(const char *path)
{
	static char text[16 * (POLICY_WORDS_MAX + 1)];
	char error[ERROR_TEXT_MAX] = "";
	struct policy_words words;
	size_t len = 0;
	int i;

	tap_begin("as many policies as there may be, and one more");
	for (i = 0; i < POLICY_WORDS_MAX; i++)
		len += sprintf(text + len, "n%d=\n", i);
	temporary_write(path, text, len);
	if (tap_check(!policy_words_read(&words, path, error), "%s", error)) {
		tap_check(words.count == POLICY_WORDS_MAX, "%d words",
			  words.count);
		policy_words_free(&words);
	}
	len += sprintf(text + len, "more=\n");
	tap_check(strstr(refused(path, text, len), ":129: one policy too many"),
		  "says something else");
	tap_end();
}

/* Whatever stands in a file, what is read of it has a name, a = and no newline. */
static void test_random(const char *path)
{
	static const char bytes[] = "ab=[] \t\n#\r\"\\\xff";
	char text[64], error[ERROR_TEXT_MAX];
	struct policy_words words;
	uint32_t state = 1;
	unsigned int n, i;

	tap_begin("made up at random");
	for (n = 0; n < 2000; n++) {
		for (i = 0; i < sizeof(text); i++)
			text[i] = bytes[tap_random(&state) %
					(sizeof(bytes) - 1)];
		temporary_write(path, text, tap_random(&state) % sizeof(text));
		if (policy_words_read(&words, path, error))
			continue;
		for (i = 0; i < (unsigned int)words.count; i++)
			tap_check((*words.words[i] == '[' ||
				   strchr(words.words[i], '=') >
				   words.words[i]) &&
				  !strpbrk(words.words[i], "\n#"), "%s",
				  words.words[i]);
		policy_words_free(&words);
	}
	tap_end();
}

static void test_missing(const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct policy_words words;

	tap_begin("no such file, and a folder");
	unlink(path);
	tap_check(policy_words_read(&words, path, error) < 0 &&
		  errno == ENOENT && strstr(error, path), "says: %s", error);
	tap_check(policy_words_read(&words, "/", error) < 0 &&
		  errno == EISDIR, "says: %s", error);
	tap_end();
}

int main(void)
{
	char path[] = "/tmp/appgw-policy.XXXXXX";
	unsigned int i;

	temporary_make(path);
	tap_plan(TAP_ARRAY_SIZE(good_cases) + TAP_ARRAY_SIZE(bad_cases) + 5);
	for (i = 0; i < TAP_ARRAY_SIZE(good_cases); i++)
		test_good(&good_cases[i], path);
	for (i = 0; i < TAP_ARRAY_SIZE(bad_cases); i++)
		test_bad(&bad_cases[i], path);
	test_zero_byte(path);
	test_long(path);
	test_many(path);
	test_random(path);
	test_missing(path);
	return tap_finish();
}
