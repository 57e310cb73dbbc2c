// SPDX-License-Identifier: GPL-2.0-only
/* Texts for messages of MSN, put together at random, each twice: as the sender
 * writes it, and as it must read when it has left.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tap.h"
#include "msn_module.h"
#include "msn_random.h"

#define RANDOM_KEY	0x3141

/* Sets what stays the same for a connection. */
void msn_random_case(struct msn_random_case *r, uint32_t *random)
{
	static const char * const ipv4[] = {
		"10.0.1.2", "192.168.100.200", "172.16.0.1", "10.1.1.1",
	};
	static const char * const ipv6[] = { "2001:db8:1::2", "fd00::1" };

	if (tap_random(random) % 4) {
		r->own = ipv4[tap_random(random) % 4];
		r->public = tap_random(random) % 2 ? "203.0.113.77" :
						     "9.8.7.6";
	} else {
		r->own = ipv6[tap_random(random) % 2];
		r->public = tap_random(random) % 2 ? "2001:db8::1" :
			    "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff";
	}
	r->add = tap_random(random) % 3 ?
		 tap_random(random) % (65536 - 1024) : 0;
}

static uint16_t random_public(const struct msn_random_case *r, uint16_t port)
{
	return 1024 + (port - 1024 + r->add) % (65536 - 1024);
}

static uint16_t random_port(uint32_t *random)
{
	uint16_t port;

	do
		port = 1024 + tap_random(random) % (tap_random(random) % 2 ?
						    8000 : 65536 - 1024);
	while (port == RANDOM_KEY);
	return port;
}

static void random_line(struct msn_random_case *r, uint32_t *random,
			const char *name, const char *old, const char *new)
{
	static const char * const sep[] = { ": ", ":", ":\t " };
	const char *s = sep[tap_random(random) % 3];
	char cased[40];
	unsigned int i;

	for (i = 0; name[i] && i < sizeof(cased) - 1; i++)
		cased[i] = r->add % 5 ? name[i] : span_lower(name[i]);
	cased[i] = 0;
	if (r->lines == MSN_RANDOM_LINES_MAX)
		exit(2);
	snprintf(r->line[r->lines][0], MSN_RANDOM_LINE_MAX, "%s%s%s\r\n", cased,
		 s, old);
	snprintf(r->line[r->lines][1], MSN_RANDOM_LINE_MAX, "%s%s%s\r\n", cased,
		 s, new);
	r->lines++;
}

/* A field with a number, which becomes another one. */
static void random_number(struct msn_random_case *r, uint32_t *random,
			  const char *name, unsigned int old, unsigned int new)
{
	char a[12], b[12];

	sprintf(a, "%u", old);
	sprintf(b, "%u", new);
	random_line(r, random, name, a, b);
}

static void random_reverse(char *text)
{
	size_t n = strlen(text), i;

	for (i = 0; i < n / 2; i++) {
		char c = text[i];

		text[i] = text[n - 1 - i];
		text[n - 1 - i] = c;
	}
}

/* A value of MSNSLP, which may have to keep its length, and be backwards. */
static void random_value(struct msn_random_case *r, uint32_t *random,
			 const char *name, char *old, char *new, bool reversed)
{
	char cased[40];

	snprintf(cased, sizeof(cased), "%s", name);
	if (reversed) {
		random_reverse(cased);
		random_reverse(old);
		random_reverse(new);
	}
	if (msn_build_is_fixed(r->kind)) {
		r->fits &= strlen(new) <= strlen(old);
		while (strlen(new) < strlen(old))
			strcat(new, " ");
	}
	random_line(r, random, cased, old, new);
}

/* A list of addresses and its port. */
static void random_end(struct msn_random_case *r, uint32_t *random,
		       const char *addrs, const char *port_name,
		       const char *own, uint16_t port)
{
	char old[MSN_RANDOM_LINE_MAX] = "", new[MSN_RANDOM_LINE_MAX] = "";
	bool ipv6 = strchr(own, ':');
	bool reversed = !ipv6 && !(tap_random(random) % 3);
	unsigned int before = tap_random(random) % (ipv6 ? 2 : 3), i;
	unsigned int behind = tap_random(random) % (ipv6 ? 2 - before : 3);
	const char *other = ipv6 ? "2001:db8:77::%u" : "172.20.0.%u";

	for (i = 0; i < before + 1 + behind; i++) {
		char item[48];

		snprintf(item, sizeof(item), other, i);
		if (i) {
			strcat(old, " ");
			strcat(new, " ");
		}
		strcat(old, i == before ? own : item);
		strcat(new, i == before ? r->public : item);
	}
	/* the others are dropped */
	if (msn_build_is_fixed(r->kind))
		strcpy(new, r->public);
	random_value(r, random, addrs, old, new, reversed);
	sprintf(old, "%u", port);
	sprintf(new, "%u", random_public(r, port));
	random_value(r, random, port_name, old, new, reversed);
}

/* A list of addresses with their ports. */
static void random_both(struct msn_random_case *r, uint32_t *random,
			const char *name, const char *own, uint16_t port)
{
	char old[MSN_RANDOM_LINE_MAX] = "", new[MSN_RANDOM_LINE_MAX] = "";
	unsigned int others = tap_random(random) % 3, i;
	unsigned int at = tap_random(random) % (others + 1);

	for (i = 0; i <= others; i++) {
		char item[48] = "172.20.0.9:6000", becomes[48];

		strcpy(becomes, item);
		if (i == at) {
			sprintf(item, "%s:%u", own, port);
			sprintf(becomes, "%s:%u", r->public,
				random_public(r, port));
		}
		sprintf(old + strlen(old), "%s%s", i ? " " : "", item);
		if (msn_build_is_fixed(r->kind) ? i == at : true)
			sprintf(new + strlen(new), "%s%s", *new ? " " : "",
				becomes);
	}
	random_value(r, random, name, old, new, tap_random(random) % 2);
}

static void random_slp(struct msn_random_case *r, uint32_t *random)
{
	uint16_t port = random_port(random);

	if (tap_random(random) % 2)
		random_line(r, random, "Listening", "true", "true");
	random_line(r, random, "Bridge", "TCPv1", "TCPv1");
	if (strchr(r->own, ':')) {
		random_line(r, random, "IPv4Internal-Addrs", "10.0.1.2",
			    "10.0.1.2");
		random_line(r, random, "IPv4Internal-Port", "1", "1");
		random_end(r, random, "IPv6-Addrs", "IPv6-Port", r->own, port);
		return;
	}
	random_end(r, random, "IPv4Internal-Addrs", "IPv4Internal-Port",
		   r->own, port);
	if (tap_random(random) % 2)
		random_end(r, random, "IPv4External-Addrs",
			   "IPv4External-Port", r->own,
			   tap_random(random) % 2 ? port :
						    random_port(random));
	if (!(tap_random(random) % 3))
		random_both(r, random, "IPv4InternalAddrsAndPorts", r->own,
			    port);
	if (tap_random(random) % 2)
		random_line(r, random, "IPv6-Addrs", "2002::1", "2002::1");
	random_line(r, random, "XIPv4Internal-Addrs", r->own, r->own);
}

static void random_invitation(struct msn_random_case *r, uint32_t *random)
{
	uint16_t port = random_port(random), other = random_port(random);
	bool inner = tap_random(random) % 2;
	bool disguise = tap_random(random) % 2;
	bool has_x = tap_random(random) % 2;
	bool has_x_inner = tap_random(random) % 2;
	uint16_t x = disguise ? port ^ RANDOM_KEY : other;

	if (other == (port ^ RANDOM_KEY))
		disguise = true;
	random_line(r, random, "Invitation-Command", "ACCEPT", "ACCEPT");
	random_line(r, random, "IP-Address", r->own, r->public);
	random_number(r, random, "Port", port, random_public(r, port));
	random_line(r, random, "AuthCookie", "10.0.1.2", "10.0.1.2");
	random_line(r, random, "Request-Data", "IP-Address:", "IP-Address:");
	if (inner)
		random_line(r, random, "IP-Address-Internal", r->own,
			    r->public);
	if (has_x_inner)
		random_number(r, random, "PortX-Internal", other ^ RANDOM_KEY,
			      (inner ? random_public(r, other) : other) ^
			      RANDOM_KEY);
	if (!has_x)
		return;
	if (disguise)
		random_number(r, random, "PortX", x,
			      random_public(r, port) ^ RANDOM_KEY);
	else
		random_number(r, random, "PortX", x, inner && !has_x_inner ?
			      random_public(r, x) : x);
}

/* Makes up another text for the connection. */
void msn_random_text(struct msn_random_case *r, uint32_t *random)
{
	unsigned int left;

	r->kind = tap_random(random) % (2 * MSN_BUILD_KINDS);
	if (r->kind >= MSN_BUILD_KINDS)
		r->kind = r->kind % 2 ? MSN_BUILD_INVITATION : MSN_BUILD_WHOLE;
	r->fits = true;
	r->lines = 0;
	*r->text = 0;
	*r->becomes = 0;
	if (r->kind == MSN_BUILD_INVITATION)
		random_invitation(r, random);
	else
		random_slp(r, random);
	for (left = r->lines; left; left--) {
		unsigned int i = tap_random(random) % left;

		strcat(r->text, r->line[i][0]);
		strcat(r->becomes, r->line[i][1]);
		memmove(r->line[i], r->line[i + 1],
			(left - 1 - i) * sizeof(r->line[i]));
	}
	strcat(r->text, "\r\n");
	strcat(r->becomes, "\r\n");
}
