// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/rule_words.c, profile_read.c and render*.c: what may end up in rules, what
 * a profile may say, and that a bad one is told with file and line.
 */

#include <glob.h>
#include <sys/socket.h>

#include "../../daemon/ctl/render.h"
#include "../../daemon/log.h"
#include "tap.h"

#define PROFILES	"../../daemon/profiles/*.profile"
/* Changes to each of the profiles that are shipped */
#define CHANGES		400

/* Texts that no check lets through */
static const char *const hostile[] = {
	"", " ", "a b", "a;b", "a\nb", "a\"b", "a'b", "a{b", "a}b", "a$b", "a`b",
	"a|b", "a&b", "a>b", "a#b", "a\\b", "a\tb", "a\x7f""b", "a\xc3\xa4", "-a",
	"--as", ".", "..", "../a", "a/b", "*", "a*", "a+", "\x01", "@a", "!a", "%n",
	"a,b", "a=b", "a(b", "a[0]", "a?b", "a^b", "a~b",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static const char *const interfaces[] = {
	"lan", "eth0", "br-lan", "eth0.7", "wlan0_1", "0", "veth0@if3", "_a",
	"abcdefghijklmno", "eth0:1",
};

static const struct address_case {
	const char *text;
	int family;
} addresses[] = {
	{ "10.0.1.2", AF_INET }, { "203.0.113.255", AF_INET },
	{ "2001:db8::1", AF_INET6 }, { "::ffff:10.0.0.1", AF_INET6 },
	{ "0.0.0.0", 0 }, { "::", 0 }, { "224.0.0.1", 0 }, { "ff02::1", 0 },
	{ "10.0.1.2/24", 0 }, { "10.0.1", 0 }, { "010.0.0.1", 0 },
	{ "10.0.1.2;", 0 }, { "10.0.1.2\n", 0 }, { " 10.0.1.2", 0 },
	{ "fe80::1%lan", 0 }, { "example.org", 0 }, { "1.2.3.256", 0 },
};

static const struct ports_case {
	const char *text;
	int low;
	int high;
} ports[] = {
	{ "1", 1, 1 }, { "21", 21, 21 }, { "65535", 65535, 65535 },
	{ "6881-6889", 6881, 6889 }, { "1-65535", 1, 65535 }, { "7-7", 7, 7 },
	{ "0", 0, 0 }, { "65536", 0, 0 }, { "99999999999", 0, 0 },
	{ "021", 0, 0 }, { "2-1", 0, 0 }, { "1-", 0, 0 }, { "-1", 0, 0 },
	{ "1-2-3", 0, 0 }, { "1:2", 0, 0 }, { "1,2", 0, 0 }, { "21 ", 0, 0 },
	{ "+21", 0, 0 }, { "0x15", 0, 0 }, { "21\n", 0, 0 }, { "", 0, 0 },
};

static const struct list_case {
	const char *text;
	int count;
} lists[] = {
	{ "21\n", 1 }, { "21,2121\n", 2 }, { "6660-6669,7000", 2 },
	{ "none\n", 0 }, { "1,2,3,4", 4 }, { "1,2,3,4,5", -1 }, { "", -1 },
	{ "\n", -1 }, { "21,", -1 }, { ",21", -1 }, { "21;22", -1 },
	{ "nonesuch", -1 }, { "1000000000000-2", -1 },
};

#define HEAD	"title = \"t\"\nadvice = \"a\"\n"
#define ENTRY	"entry a {\n role = client\n proto = tcp\n ports = 21\n why = \"w\"\n"

static const struct bad_case {
	const char *name;
	const char *text;
	const char *line;
	const char *said;
} bad_cases[] = {
	{ "nothing", "", "x:1: ", "title" },
	{ "no advice", "title = \"t\"\n", "x:2: ", "advice" },
	{ "unknown key", HEAD "colour = red\n", "x:3: ", "colour" },
	{ "unknown key behind comments", "# one\n/* two\n three */\n// four\n"
	  HEAD "colour = red\n", "x:7: ", "colour" },
	{ "unknown key in an entry", HEAD "entry a {\n\tcolour = red\n}\n",
	  "x:4: ", "colour" },
	{ "no closing brace", HEAD "# c\n" ENTRY, "x:4: ", "'{'" },
	{ "no closing brace of a list", HEAD "checks = { a, b\n", "x:3: ",
	  "'{'" },
	{ "a closing brace too many", HEAD ENTRY "}\n}\n", "x:9: ", "'}'" },
	{ "no end of a string", HEAD "checks = \"a\n\n", "x:3: ", "'\"'" },
	{ "no end of a comment", HEAD "/* a\n", "x:3: ", "'/'" },
	{ "a variable", "title = \"${HOME}\"\n", "x:1: ", "'\"'" },
	{ "a variable without quotes", "title = ${HOME}\n", "x:1: ", "'$'" },
	{ "a newline in a title", "title = \"a\nb\"\n", "x:2: ", "title" },
	{ "an escaped one", "title = \"a\\nb\"\n", "x:1: ", "title" },
	{ "an escape in advice", "advice = \"a\\x1b[2Jb\"\n", "x:1: ", "advice" },
	{ "letters that aren't ASCII", "title = \"\xc3\xa4\"\n", "x:1: ",
	  "title" },
	{ "role", HEAD "entry a {\n role = peer\n}\n", "x:4: ", "role" },
	{ "proto", HEAD "entry a {\n proto = { tcp, sctp }\n}\n", "x:4: ",
	  "proto" },
	{ "direction", HEAD "entry a {\n direction = up\n}\n", "x:4: ",
	  "direction" },
	{ "verdict", HEAD "entry a {\n verdict = drop\n}\n", "x:4: ",
	  "verdict" },
	{ "ports", HEAD "entry a {\n ports = \"21; drop\"\n}\n", "x:4: ",
	  "ports" },
	{ "ports that are none", HEAD "entry a {\n ports = {}\n}\n", "x:5: ",
	  "needs" },
	{ "passive among ports", HEAD "entry a {\n ports = { 21, passive }\n}\n",
	  "x:4: ", "ports" },
	{ "helper", HEAD "entry a {\n helper = sip\n}\n", "x:4: ", "helper" },
	{ "one timeout", HEAD "entry a {\n role = client\n proto = udp\n"
	  " ports = 1\n why = w\n udp-timeouts = { 60 }\n}\n", "x:9: ", "two" },
	{ "timeouts of tcp", HEAD ENTRY " udp-timeouts = { 1, 2 }\n}\n",
	  "x:9: ", "udp alone" },
	{ "a timeout that is none", HEAD "entry a {\n"
	  " udp-timeouts = { 0, 2 }\n}\n", "x:4: ", "udp-timeouts" },
	{ "a timeout in words", HEAD "entry a {\n udp-timeouts = { a, 2 }\n}\n",
	  "x:4: ", "udp-timeouts" },
	{ "an entry without role", HEAD "entry a {\n}\n", "x:4: ", "entry a" },
	{ "an entry without a name", HEAD "entry {\n}\n", "x:3: ", "title" },
	{ "a bad name of an entry", HEAD "entry \"a b\" {\n}\n", "x:4: ",
	  "entry a b" },
	{ "two entries of a name", HEAD ENTRY "}\n" ENTRY "}\n", "x:9: ", "a" },
	{ "a bad word in checks", HEAD "checks = { a, \"b;\" }\n", "x:3: ",
	  "checks" },
	{ "too many checks", HEAD "checks = { a, b, c, d, e, f, g, h, i }\n",
	  "x:3: ", "checks" },
	{ "no value", HEAD "checks =\n", "x:", "" },
};

static bool is_one_line(const char *error, const char *begin)
{
	return !strncmp(error, begin, strlen(begin)) && !strchr(error, '\n') &&
	       strlen(error) > strlen(begin);
}

static void test_words(void)
{
	struct rule_ports found;
	size_t i;

	tap_begin("hostile words");
	for (i = 0; i < TAP_ARRAY_SIZE(hostile); i++) {
		tap_check(!rule_is_interface(hostile[i]), "interface %zu", i);
		tap_check(!rule_is_name(hostile[i]), "name %zu", i);
		tap_check(!rule_is_identifier(hostile[i]), "table %zu", i);
		tap_check(!rule_address(hostile[i]), "address %zu", i);
		tap_check(!rule_ports(hostile[i], &found), "ports %zu", i);
	}
	tap_end();
	tap_begin("interfaces");
	for (i = 0; i < TAP_ARRAY_SIZE(interfaces); i++)
		tap_check(rule_is_interface(interfaces[i]), "%s", interfaces[i]);
	tap_check(!rule_is_interface("abcdefghijklmnop"), "16 letters");
	tap_end();
	tap_begin("addresses");
	for (i = 0; i < TAP_ARRAY_SIZE(addresses); i++)
		tap_check(rule_address(addresses[i].text) ==
			  addresses[i].family, "%s", addresses[i].text);
	tap_end();
	tap_begin("ports");
	for (i = 0; i < TAP_ARRAY_SIZE(ports); i++) {
		bool is_good = rule_ports(ports[i].text, &found);

		tap_check(is_good == !!ports[i].low &&
			  (!is_good || (found.low == ports[i].low &&
					found.high == ports[i].high)),
			  "%s", ports[i].text);
	}
	tap_end();
}

static void test_lists(void)
{
	struct rule_ports found[4];
	size_t i;

	tap_begin("lists of ports");
	for (i = 0; i < TAP_ARRAY_SIZE(lists); i++)
		tap_check(rule_ports_list(lists[i].text, found, 4) ==
			  lists[i].count, "%s", lists[i].text);
	tap_end();
}

static void test_bad(void)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	char error[ERROR_TEXT_MAX], *text;
	size_t i;

	for (i = 0; i < TAP_ARRAY_SIZE(bad_cases); i++) {
		tap_begin(bad_cases[i].name);
		text = strdup(bad_cases[i].text);
		*error = '\0';
		if (tap_check(profile_parse(profile, "x", text, error),
			      "it is taken"))
			tap_check(is_one_line(error, bad_cases[i].line) &&
				  strstr(error, bad_cases[i].said), "%s", error);
		free(text);
		tap_end();
	}
	free(profile);
}

/* Write a file of that text, and read it. */
static int read_text(struct profile *profile, const char *name,
		     const char *text, size_t len, char *error)
{
	char dir[] = "/tmp/appgw-profile.XXXXXX", *path = NULL;
	FILE *file;
	int ret;

	if (!mkdtemp(dir) || asprintf(&path, "%s/%s", dir, name) < 0)
		exit(2);
	file = fopen(path, "w");
	if (!file || fwrite(text, 1, len, file) != len || fclose(file))
		exit(2);
	ret = profile_read(profile, path, error);
	remove(path);
	remove(dir);
	free(path);
	return ret;
}

static void test_files(void)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	char *huge = malloc(2 * PROFILE_FILE_MAX), error[ERROR_TEXT_MAX];

	memset(huge, '#', 2 * PROFILE_FILE_MAX);
	tap_begin("files");
	tap_check(!read_text(profile, "a-1.profile", HEAD ENTRY "}\n",
			     strlen(HEAD ENTRY "}\n"), error) &&
		  !strcmp(profile->name, "a-1"), "a good one: %s", error);
	tap_check(read_text(profile, "a.profile", huge, 2 * PROFILE_FILE_MAX,
			    error) && strstr(error, "a.profile:1: "), "huge");
	tap_check(read_text(profile, "a.profile", "title\0", 6, error) &&
		  strstr(error, "a.profile:1: "), "a null");
	tap_check(read_text(profile, "A;.profile", HEAD, strlen(HEAD), error) &&
		  strstr(error, "NAME.profile"), "its name");
	tap_check(profile_read(profile, "/nowhere/a.profile", error) &&
		  strstr(error, "/nowhere/a.profile: "), "%s", error);
	tap_check(profile_read(profile, "/tmp", error), "a folder");
	tap_end();
	free(huge);
	free(profile);
}

/* A change of a profile's text: a byte of it is another one, gone, or the last */
static void change(char *text, uint32_t *seed)
{
	static const char bytes[] = "{}\"'#/*\\$=,;\n -\x80\x01""a9";
	size_t len = strlen(text), at = tap_random(seed) % len;

	switch (tap_random(seed) % 4) {
	case 0:
		text[at] = bytes[tap_random(seed) % (sizeof(bytes) - 1)];
		break;
	case 1:
		memmove(text + at, text + at + 1, len - at);
		break;
	case 2:
		text[at] = '\0';
		break;
	default:
		text[at] = 1 + tap_random(seed) % 255;
	}
}

/* What a line of a rendering may begin with, besides nothing */
static const char *const begins[] = {
	"#", "table inet filter {", "flush chain inet filter appgw_",
	"chain appgw_", "chain forward_", "chain input_", "type filter hook ",
	"type nat hook ", "ct timeout appgw_", "ct state related ", "protocol udp;",
	"policy = {", "iifname ", "}", "*", ":APPGW-", "COMMIT", "-A APPGW-",
	"-4 -A APPGW-", "-6 -A APPGW-", "[appgw-", "title=", "description=",
	"ports=", "PARAM\t-\t-\t", NULL
};

/* No text has smuggled a line in. */
static bool is_rule(const char *line)
{
	int i;

	line += strspn(line, "\t");
	for (i = 0; *line && begins[i]; i++)
		if (!strncmp(line, begins[i], strlen(begins[i])))
			return true;
	return !*line;
}

static const struct render_form forms[] = {
	{ "nft", true, false, false, render_nft },
	{ "iptables", true, false, false, render_iptables },
	{ "fw4", true, true, false, render_fw4 },
	{ "ufw", false, false, false, render_ufw },
	{ "shorewall", false, false, true, render_shorewall },
};

static void test_rendered(const struct profile *profile, int number)
{
	struct render r = { .profiles = profile, .count = 1,
			    .inside = { "lan" }, .inside_count = 1,
			    .table = "filter" };
	char error[ERROR_TEXT_MAX], *out, *line, *rest;
	size_t i, len;

	r.outside = profile->count &&
		    profile->entries[0].direction == PROFILE_LAN ? NULL : "wan";
	for (i = 0; i < TAP_ARRAY_SIZE(forms); i++) {
		out = NULL;
		r.out = open_memstream(&out, &len);
		render_profiles(&r, &forms[i], error);
		fclose(r.out);
		rest = out;
		while ((line = strsep(&rest, "\n")))
			tap_check(is_rule(line), "change %d, %s: %s", number,
				  forms[i].name, line);
		free(out);
	}
}

static void test_changed(const char *path, const char *good)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	char error[ERROR_TEXT_MAX], *text;
	uint32_t seed = 1;
	int i, taken = 0;

	tap_begin(strrchr(path, '/') + 1);
	for (i = 0; i < CHANGES; i++) {
		text = strdup(good);
		change(text, &seed);
		if (i % 2 && *text)
			change(text, &seed);
		memset(profile, 0, sizeof(*profile));
		if (profile_parse(profile, "x", text, error)) {
			tap_check(is_one_line(error, "x:"), "%d: %s", i, error);
		} else {
			taken++;
			test_rendered(profile, i);
		}
		free(text);
	}
	tap_check(taken && taken < CHANGES, "%d of %d", taken, CHANGES);
	tap_end();
	free(profile);
}

static void test_shipped(const char *path)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	char error[ERROR_TEXT_MAX], *text = calloc(1, PROFILE_FILE_MAX);
	FILE *file = fopen(path, "r");

	tap_begin(path);
	tap_check(!profile_read(profile, path, error), "%s", error);
	tap_end();
	if (!file || !fread(text, 1, PROFILE_FILE_MAX - 1, file))
		exit(2);
	fclose(file);
	test_changed(path, text);
	free(text);
	free(profile);
}

int main(void)
{
	glob_t found;
	size_t i;

	if (glob(PROFILES, 0, NULL, &found))
		return 2;
	tap_plan(4 + 1 + TAP_ARRAY_SIZE(bad_cases) + 1 + 2 * found.gl_pathc);
	test_words();
	test_lists();
	test_bad();
	test_files();
	for (i = 0; i < found.gl_pathc; i++)
		test_shipped(found.gl_pathv[i]);
	globfree(&found);
	return tap_finish();
}
