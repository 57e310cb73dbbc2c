// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/ftp_parse.c: what announces an endpoint, what doesn't, and what it
 * becomes when it is rewritten.
 */

#include <arpa/inet.h>

#include "models/exact.h"
#include "models/ftp_properties.h"
#include "models/ftp_reference.h"
#include "ftp_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	100000
#define RANDOM_SEED	0x5eed0f7b

static void read_endpoint(struct endpoint *ep, const char *addr, uint16_t port)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = port;
	if (!addr)
		return;
	ep->af = strchr(addr, ':') ? APPGW_AF_IPV6 : APPGW_AF_IPV4;
	if (inet_pton(ep->af == APPGW_AF_IPV6 ? AF_INET6 : AF_INET, addr,
		      ep->addr) != 1)
		tap_complain("%s: wrong address in the case itself", addr);
}

static void test_good(const struct good_line *c, bool command)
{
	struct ftp_announcement ann, want = { .kind = c->kind };
	const char *complaint;
	struct exact e;
	char line[256];
	int n;

	tap_begin(c->name);
	n = snprintf(line, sizeof(line), "%s%s%s", c->before, c->text,
		     c->after);
	want.delim = c->delim;
	want.at = strlen(c->before);
	want.len = strlen(c->text);
	read_endpoint(&want.ep, c->addr, c->port);

	e = exact_copy(line, n);
	if (tap_check(ftp_parse(exact_span(&e), command, &ann) ==
		      FTP_LINE_ANNOUNCES, "announces nothing")) {
		tap_check(ann.kind == want.kind && ann.delim == want.delim,
			  "kind %d, delimiter %d", ann.kind, ann.delim);
		tap_check(ann.at == want.at && ann.len == want.len,
			  "%u bytes at %u, not %u at %u", ann.len, ann.at,
			  want.len, want.at);
		tap_check(ftp_same_endpoint(&ann.ep, &want.ep),
			  "another endpoint, port %u", ann.ep.port);
	}
	complaint = ftp_complaint(exact_span(&e), command);
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

static void test_bad(const struct bad_line *c, bool command)
{
	struct ftp_announcement ann;
	const char *complaint;
	enum ftp_line what;
	struct exact e;

	tap_begin(c->name);
	e = exact_copy(c->text, c->len);
	what = ftp_parse(exact_span(&e), command, &ann);
	tap_check(what == c->want, "%s: %s", exact_text(e.at, e.len),
		  what == FTP_LINE_ANNOUNCES ? "announces" :
		  what == FTP_LINE_OTHER ? "other" : "malformed");
	complaint = ftp_complaint(exact_span(&e), command);
	tap_check(!complaint, "%s", complaint);
	exact_free(&e);
	tap_end();
}

/* As the helper does it: a line inside a reply isn't parsed. */
static void test_multiline(const struct multiline_case *c)
{
	uint16_t code = 0, ref_code = 0;
	int i, announces = -1;

	tap_begin(c->name);
	for (i = 0; i < MULTILINE_MAX && c->line[i].text; i++) {
		const char *text = c->line[i].text;
		struct exact e = exact_copy(text, strlen(text));
		struct span line = exact_span(&e);
		struct ftp_announcement ann;
		bool inside;

		inside = appgw_ftp_in_multiline(&code, line);
		tap_check(inside == c->line[i].inside, "line %d: %s", i,
			  inside ? "inside" : "not inside");
		tap_check(inside ==
			  ftp_reference_in_multiline(&ref_code, line) &&
			  ref_code == code, "line %d: code %u", i, code);
		if (!inside && appgw_ftp_parse_reply(line, &ann) ==
			       FTP_LINE_ANNOUNCES)
			announces = i;
		exact_free(&e);
	}
	tap_check(announces == c->announces, "line %d announces", announces);
	tap_end();
}

static void test_format(const struct format_case *c)
{
	struct exact e = exact_new(strlen(c->want));
	struct endpoint ep;
	size_t n;

	tap_begin(c->name);
	read_endpoint(&ep, c->addr, c->port);
	n = appgw_ftp_format((char *)e.at, c->kind, c->delim, &ep);
	tap_check(n == e.len && !memcmp(e.at, c->want, n), "%s",
		  exact_text(e.at, n < e.len ? n : e.len));
	exact_free(&e);
	tap_end();
}

/* 512 bytes are read, 513 are not, wherever the announcement stands. */
static void test_length(const char *name, const char *start, const char *end,
			bool command)
{
	struct ftp_announcement ann;
	size_t len;

	tap_begin(name);
	for (len = 510; len <= 515; len++) {
		size_t pad = len - strlen(start) - strlen(end);
		struct exact e = exact_new(len);
		enum ftp_line what;

		memset(e.at, ' ', len);
		memcpy(e.at, start, strlen(start));
		memcpy(e.at + strlen(start) + pad, end, strlen(end));
		what = ftp_parse(exact_span(&e), command, &ann);
		tap_check(what == (len <= 512 ? FTP_LINE_ANNOUNCES :
				   FTP_LINE_MALFORMED), "%zu bytes: %d", len,
			  what);
		exact_free(&e);
	}
	tap_end();
}

static void sweep(struct span line, bool command)
{
	const char *complaint = ftp_complaint(line, command);

	if (complaint)
		tap_complain("%s: %s", exact_text(line.at, line.len),
			     complaint);
}

/* Every start of the line, and every byte of it changed or taken out. */
static void sweep_line(const char *text, size_t len, bool command)
{
	uint8_t line[256];
	size_t i;
	int c;

	for (i = 0; i <= len; i++)
		sweep((struct span){ (const uint8_t *)text, i }, command);
	for (i = 0; i < len; i++) {
		memcpy(line, text, len);
		for (c = 0; c < 256; c++) {
			line[i] = c;
			sweep((struct span){ line, len }, command);
		}
		memmove(line + i, line + i + 1, len - i - 1);
		sweep((struct span){ line, len - 1 }, command);
	}
}

static void test_sweep_good(const char *name, const struct good_line *c,
			    size_t n, bool command)
{
	char line[256];
	size_t i;

	tap_begin(name);
	for (i = 0; i < n; i++) {
		int len = snprintf(line, sizeof(line), "%s%s%s", c[i].before,
				   c[i].text, c[i].after);

		sweep_line(line, len, command);
	}
	tap_end();
}

static void test_sweep_bad(const char *name, const struct bad_line *c,
			   size_t n, bool command)
{
	size_t i;

	tap_begin(name);
	for (i = 0; i < n; i++)
		sweep_line(c[i].text, c[i].len, command);
	tap_end();
}

/* Whatever byte stands for the delimiter, an edited line says what it should:
 * the other address may have digits that the first one had not.
 */
static void test_delimiters(void)
{
	static const char * const forms[] = {
		"EPRT |1|10.0.0.2|50000|", "EPRT |2|::1|50000|",
		"EPRT |2|::A:B|50000|", "EPRT |2|::c:d:e:f|50000|",
		"229 (|||6446|)",
	};
	size_t i, n;
	int c;

	tap_begin("every byte as the delimiter");
	for (i = 0; i < TAP_ARRAY_SIZE(forms); i++) {
		for (c = 0; c < 256; c++) {
			char line[64] = "";

			strcpy(line, forms[i]);
			for (n = 0; forms[i][n]; n++)
				if (line[n] == '|')
					line[n] = c;
			sweep((struct span){ (uint8_t *)line, n },
			      forms[i][0] == 'E');
		}
	}
	tap_end();
}

static void test_random_endpoints(void)
{
	static const char * const forms[] = {
		[FTP_PORT] = "PORT 1,2,3,4,5,6",
		[FTP_EPRT] = "EPRT |2|::1|5|",
		[FTP_PASV] = "227 Entering Passive Mode (1,2,3,4,5,6).",
		[FTP_EPSV] = "229 Entering Extended Passive Mode (|||1|)",
	};
	uint32_t seed = RANDOM_SEED;
	int round, i;

	tap_begin("random endpoints come back as they went");
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		enum ftp_kind kind = round % TAP_ARRAY_SIZE(forms);
		const char *text = forms[kind], *complaint;
		struct span line = { (const uint8_t *)text, strlen(text) };
		bool command = kind == FTP_PORT || kind == FTP_EPRT;
		struct ftp_announcement ann;

		if (!tap_check(ftp_parse(line, command, &ann) ==
			       FTP_LINE_ANNOUNCES, "%s", text))
			break;
		ann.ep.port = tap_random(&seed);
		for (i = 0; i < APPGW_ADDR_LEN_IPV6; i++)
			ann.ep.addr[i] = tap_random(&seed) & 0x10 ? 0 :
					 tap_random(&seed);
		complaint = ftp_edit_complaint(line, command, &ann, &ann.ep);
		tap_check(!complaint, "round %d: %s", round, complaint);
	}
	tap_end();
}

static void test_random_multiline(void)
{
	static const char * const parts[] = {
		"220", "22", "0", "099", "100", "211", "227", "1", " ", "-",
		"\t", "x", "",
	};
	uint16_t code = 0, ref_code = 0;
	uint32_t seed = RANDOM_SEED;
	int round, i, closed = 0;

	tap_begin("random lines in and around multi-line replies");
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		uint16_t before = code;
		char text[16] = "";
		struct exact e;
		bool inside;

		for (i = tap_random(&seed) % 4; i; i--)
			strcat(text, parts[tap_random(&seed) %
					   TAP_ARRAY_SIZE(parts)]);
		e = exact_copy(text, strlen(text));
		inside = appgw_ftp_in_multiline(&code, exact_span(&e));
		tap_check(inside ==
			  ftp_reference_in_multiline(&ref_code,
						     exact_span(&e)) &&
			  code == ref_code, "round %d, code %u: \"%s\"", round,
			  before, text);
		closed += before && !code;
		exact_free(&e);
	}
	tap_check(closed > RANDOM_ROUNDS / 1000, "only %d replies", closed);
	tap_end();
}

int main(void)
{
	const size_t n_good_commands = TAP_ARRAY_SIZE(good_commands);
	const size_t n_bad_commands = TAP_ARRAY_SIZE(bad_commands);
	const size_t n_good_replies = TAP_ARRAY_SIZE(good_replies);
	const size_t n_bad_replies = TAP_ARRAY_SIZE(bad_replies);
	const size_t n_multiline = TAP_ARRAY_SIZE(multiline_cases);
	const size_t n_format = TAP_ARRAY_SIZE(format_cases);
	size_t i;

	tap_plan(n_good_commands + n_bad_commands + n_good_replies +
		 n_bad_replies + n_multiline + n_format + 11);

	for (i = 0; i < n_good_commands; i++)
		test_good(&good_commands[i], true);
	for (i = 0; i < n_bad_commands; i++)
		test_bad(&bad_commands[i], true);
	for (i = 0; i < n_good_replies; i++)
		test_good(&good_replies[i], false);
	for (i = 0; i < n_bad_replies; i++)
		test_bad(&bad_replies[i], false);
	for (i = 0; i < n_multiline; i++)
		test_multiline(&multiline_cases[i]);
	for (i = 0; i < n_format; i++)
		test_format(&format_cases[i]);

	test_length("PORT of 512 bytes", "PORT ", "10,0,0,2,195,80", true);
	test_length("EPRT of 512 bytes", "EPRT |2|::1|50000|", "", true);
	test_length("227 of 512 bytes", "227 ", "10,0,2,2,195,80", false);
	test_length("229 of 512 bytes", "229 ", "(|||6446|)", false);

	test_sweep_good("around the good commands", good_commands,
			n_good_commands, true);
	test_sweep_bad("around the bad commands", bad_commands,
		       n_bad_commands, true);
	test_sweep_good("around the good replies", good_replies,
			n_good_replies, false);
	test_sweep_bad("around the bad replies", bad_replies,
		       n_bad_replies, false);
	test_delimiters();
	test_random_endpoints();
	test_random_multiline();

	return tap_finish();
}
