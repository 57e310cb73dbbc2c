// SPDX-License-Identifier: GPL-2.0-only
/* A second reading of FTP's announcements, to compare the parser with.
 *
 * Same grammar, other means: C strings, strtoul() and inet_pton() instead of
 * the spans, so that both are not wrong in the same way. Being strings, a NUL
 * in the line is replaced by another byte that no grammar has a place for.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exact.h"
#include "ftp_reference.h"

static void reference_copy(char *text, struct span line)
{
	size_t i;

	for (i = 0; i < line.len && i < FTP_REFERENCE_LINE_MAX; i++)
		text[i] = line.at[i] ? line.at[i] : 1;
	text[i] = '\0';
}

static bool reference_number(const char **text, size_t digits,
			     unsigned long max, unsigned long *v)
{
	size_t n = strspn(*text, "0123456789");

	if (!n || n > digits)
		return false;
	*v = strtoul(*text, NULL, 10);
	*text += n;
	return *v <= max;
}

static bool reference_hostport(const char **text, size_t blanks,
			       struct endpoint *ep)
{
	unsigned long v[6];
	size_t n;
	int i;

	for (i = 0; i < 6; i++) {
		if (i && *(*text)++ != ',')
			return false;
		n = i ? strspn(*text, " ") : 0;
		*text += n < blanks ? n : blanks;
		if (!reference_number(text, 3, 255, &v[i]))
			return false;
	}
	ep->af = APPGW_AF_IPV4;
	for (i = 0; i < 4; i++)
		ep->addr[i] = v[i];
	ep->port = 256 * v[4] + v[5];
	return true;
}

/* LPRT's and 228's: the numbers of the two lengths that exist. */
static bool reference_long(const char **text, struct endpoint *ep)
{
	unsigned long v[20];
	size_t n, len;

	for (n = 0; n < 20; n++) {
		if (n && *(*text)++ != ',')
			return false;
		if (!reference_number(text, 3, 255, &v[n]))
			return false;
		if (n == 8 && v[0] == 4)
			break;
		if (n == 19 || (n == 1 && !((v[0] == 4 && v[1] == 4) ||
					    (v[0] == 6 && v[1] == 16))))
			break;
	}
	/* the loop reads one number more for IPv6 below */
	if (v[0] == 6 && n == 19) {
		unsigned long last;

		if (*(*text)++ != ',' ||
		    !reference_number(text, 3, 255, &last) || v[18] != 2)
			return false;
		ep->port = 256 * v[19] + last;
	} else if (v[0] == 4 && n == 8 && v[6] == 2) {
		ep->port = 256 * v[7] + v[8];
	} else {
		return false;
	}
	len = v[1];
	for (n = 0; n < len; n++)
		ep->addr[n] = v[2 + n];
	ep->af = v[0] == 4 ? APPGW_AF_IPV4 : APPGW_AF_IPV6;
	return true;
}

static bool reference_port(const char **text, uint8_t delim,
			   struct endpoint *ep)
{
	unsigned long port;

	if (!reference_number(text, 5, 65535, &port) ||
	    (uint8_t)*(*text)++ != delim)
		return false;
	ep->port = port;
	return true;
}

static bool reference_delim(uint8_t c)
{
	return c < 0x80 && isgraph(c) && !isdigit(c);
}

/* @arg: what follows "EPRT " in @text */
static bool reference_eprt(const char *text, const char *arg,
			   struct ftp_announcement *ann)
{
	char addr[FTP_REFERENCE_LINE_MAX + 1];
	const char *end, *p = arg + 3;
	uint8_t delim = arg[0];

	if (!reference_delim(delim) || (arg[1] != '1' && arg[1] != '2') ||
	    (uint8_t)arg[2] != delim)
		return false;
	end = strchr(p, delim);
	if (!end)
		return false;
	memcpy(addr, p, end - p);
	addr[end - p] = '\0';
	ann->ep.af = arg[1] == '1' ? APPGW_AF_IPV4 : APPGW_AF_IPV6;
	if (inet_pton(arg[1] == '1' ? AF_INET : AF_INET6, addr,
		      ann->ep.addr) != 1)
		return false;
	end++;
	if (!reference_port(&end, delim, &ann->ep))
		return false;

	ann->kind = FTP_EPRT;
	ann->delim = delim;
	ann->at = p - text;
	ann->len = end - 1 - p;
	return !end[strspn(end, " \t")];
}

enum ftp_line ftp_reference_command(struct span line,
				    struct ftp_announcement *ann)
{
	char text[FTP_REFERENCE_LINE_MAX + 1];
	const char *p, *arg;

	memset(ann, 0, sizeof(*ann));
	reference_copy(text, line);
	if (strncasecmp(text, "port", 4) && strncasecmp(text, "eprt", 4) &&
	    strncasecmp(text, "lprt", 4))
		return FTP_LINE_OTHER;
	arg = text + 4 + strspn(text + 4, " \t");
	if (arg == text + 4)
		return *arg ? FTP_LINE_OTHER : FTP_LINE_MALFORMED;
	if (line.len > FTP_REFERENCE_LINE_MAX)
		return FTP_LINE_MALFORMED;
	if (tolower(text[0]) == 'e')
		return reference_eprt(text, arg, ann) ? FTP_LINE_ANNOUNCES :
							FTP_LINE_MALFORMED;

	p = arg;
	ann->kind = tolower(text[0]) == 'l' ? FTP_LPRT : FTP_PORT;
	if (!(ann->kind == FTP_LPRT ? reference_long(&p, &ann->ep) :
				      reference_hostport(&p, 0, &ann->ep)) ||
	    p[strspn(p, " \t")])
		return FTP_LINE_MALFORMED;
	ann->at = arg - text;
	ann->len = p - arg;
	return FTP_LINE_ANNOUNCES;
}

/* How long is the list of numbers here, blanks behind its commas included? */
static size_t reference_run(const char *run)
{
	size_t n = 0;

	while (run[n] && (strchr("0123456789,", run[n]) ||
			  (n && run[n] == ' ' && run[n - 1] == ',')))
		n++;
	return n;
}

/* 227: the first list, its leading commas aside, that is six numbers and nothing
 * else; what stands behind a comma and blanks is no list of its own. 228 likewise.
 */
static bool reference_227(const char *text, enum ftp_kind kind,
			  struct ftp_announcement *ann)
{
	const char *run = text + 4;

	while (*(run += strcspn(run, "0123456789"))) {
		const char *p = run;

		if ((kind == FTP_PASV ?
		     reference_hostport(&p, 3, &ann->ep) :
		     reference_long(&p, &ann->ep)) && *p != ',') {
			ann->kind = kind;
			ann->at = run - text;
			ann->len = p - run;
			return true;
		}
		run += reference_run(run);
	}
	return false;
}

/* 229's form from its first delimiter on */
static bool reference_epsv(const char *text, const char *p,
			   struct ftp_announcement *ann)
{
	uint8_t delim = *p;
	bool bracket;

	if (!reference_delim(delim) || (uint8_t)p[1] != delim ||
	    (uint8_t)p[2] != delim)
		return false;
	p += 3;
	bracket = *p == '[' && delim != '[';
	p += bracket;
	ann->kind = FTP_EPSV;
	ann->delim = delim;
	ann->at = p - text;
	ann->len = strspn(p, "0123456789");
	return reference_port(&p, bracket ? ']' : delim, &ann->ep) &&
	       (!bracket || (uint8_t)*p == delim);
}

static bool reference_229(const char *text, struct ftp_announcement *ann)
{
	const char *p;

	for (p = text + 4; (p = strchr(p, '(')); p++)
		if (reference_epsv(text, p + 1, ann))
			return true;
	return false;
}

enum ftp_line ftp_reference_reply(struct span line,
				  struct ftp_announcement *ann)
{
	char text[FTP_REFERENCE_LINE_MAX + 1];
	bool ok;

	memset(ann, 0, sizeof(*ann));
	reference_copy(text, line);
	if (strncmp(text, "22", 2) || !strchr("789", text[2]) || !text[2] ||
	    text[3] != ' ')
		return FTP_LINE_OTHER;
	if (line.len > FTP_REFERENCE_LINE_MAX)
		return FTP_LINE_MALFORMED;
	if (text[2] == '9')
		ok = reference_229(text, ann);
	else
		ok = reference_227(text, text[2] == '7' ? FTP_PASV : FTP_LPSV,
				   ann);
	return ok ? FTP_LINE_ANNOUNCES : FTP_LINE_MALFORMED;
}

bool ftp_reference_in_multiline(uint16_t *code, struct span line)
{
	char start[5] = "", end[5];

	memcpy(start, line.at, line.len < 4 ? line.len : 4);
	if (*code) {
		snprintf(end, sizeof(end), "%03u", *code % 1000);
		if (memcmp(start, end, 3) || (line.len > 3 && start[3] != ' '))
			return true;
		*code = 0;
		return false;
	}
	if (strspn(start, "0123456789") != 3 || start[0] == '0' ||
	    start[3] != '-')
		return false;
	*code = atoi(start);
	return true;
}
