// SPDX-License-Identifier: GPL-2.0-only
/* Transport headers read a second time, with the C library and copies of every
 * word, to hold daemon/rtsp_parse.c against.
 */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rtsp_reference.h"

#define REF_TEXT_MAX	512
#define REF_WORDS_MAX	520

/* A word of the header, and where it was. */
struct ref_word {
	char text[REF_TEXT_MAX + 1];
	size_t at;
};

static const char ref_space[] = " \t\r\n";

/* Without the blanks around it. */
static void ref_trim(struct ref_word *w)
{
	size_t skip = strspn(w->text, ref_space), len;

	w->at += skip;
	memmove(w->text, w->text + skip, strlen(w->text) - skip + 1);
	len = strlen(w->text);
	while (len && strchr(ref_space, w->text[len - 1]))
		w->text[--len] = 0;
}

/* Splits @w in front of the first @sep that is not quoted, into @first and what
 * is left. False if a quotation has no end in @first.
 */
static bool ref_cut(struct ref_word *w, char sep, struct ref_word *first)
{
	size_t n, quotes = 0;

	for (n = 0; w->text[n] && (quotes % 2 || w->text[n] != sep); n++)
		quotes += w->text[n] == '"';
	*first = *w;
	first->text[n] = 0;
	n += w->text[n] == sep;
	memmove(w->text, w->text + n, strlen(w->text) - n + 1);
	w->at += n;
	ref_trim(first);
	return quotes % 2 == 0;
}

static bool ref_unquote(struct ref_word *w)
{
	size_t len = strlen(w->text);

	if (len >= 2 && w->text[0] == '"' && w->text[len - 1] == '"') {
		w->text[len - 1] = 0;
		memmove(w->text, w->text + 1, len - 1);
		w->at++;
	}
	return !strchr(w->text, '"');
}

/* Reads a number without a leading 0; NULL if there is none. */
static const char *ref_number(const char *s, unsigned long max,
			      unsigned int *value)
{
	size_t digits = strspn(s, "0123456789");
	unsigned long v;

	if (!digits || digits > 5 || (digits > 1 && *s == '0'))
		return NULL;
	v = strtoul(s, NULL, 10);
	*value = v;
	return v <= max ? s + digits : NULL;
}

static bool ref_ports(struct rtsp_reference_field *f, const char *s)
{
	unsigned long max = f->what == RTSP_INTERLEAVED ? 255 : 65535;
	char sep;

	s = ref_number(s, max, &f->port[0]);
	if (!s)
		return false;
	f->ports = 1;
	if (!*s)
		return true;
	sep = *s++;
	s = ref_number(s, max, &f->port[1]);
	f->ports = 2;
	return s && !*s && (sep == '-' || sep == '/');
}

static bool ref_addr(struct rtsp_reference_field *f, const char *s)
{
	const char *dot;

	/* "0177" and "1.2.3.04" are for nobody to guess at */
	for (dot = s; (dot = strchr(dot, '.')); dot++)
		if (dot[1] == '0' && dot[2] >= '0' && dot[2] <= '9')
			return false;
	f->af = APPGW_AF_NONE;
	if (inet_pton(AF_INET, s, f->addr) == 1)
		f->af = APPGW_AF_IPV4;
	else if (inet_pton(AF_INET6, s, f->addr) == 1)
		f->af = APPGW_AF_IPV6;
	return f->af != APPGW_AF_NONE;
}

static bool ref_host(struct rtsp_reference_field *f, const char *text)
{
	char *s = strdup(text), *port, *host = s;
	bool ok = *s;

	f->host = true;
	if (ok && !ref_addr(f, s)) {
		if (*s == '[') {
			host++;
			port = strchr(s, ']');
			ok = port;
			if (ok)
				*port++ = 0;
			ok = ok && ref_addr(f, host) &&
			     f->af == APPGW_AF_IPV6 &&
			     (!*port || *port == ':');
			port = ok && *port ? port : NULL;
		} else {
			port = strchr(s, ':');
		}
		if (port)
			*port++ = 0;
		if (ok && *host && f->af == APPGW_AF_NONE)
			ref_addr(f, host);
		f->host = *host;
		if (ok && port) {
			f->ports = 1;
			port = (char *)ref_number(port, 65535, &f->port[0]);
			ok = port && !*port;
		}
	}
	free(s);
	return ok;
}

static const char * const ref_names[] = {
	[RTSP_CLIENT_PORT] = "client_port", [RTSP_DESTINATION] = "destination",
	[RTSP_DEST_ADDR] = "dest_addr", [RTSP_SERVER_PORT] = "server_port",
	[RTSP_SOURCE] = "source", [RTSP_SRC_ADDR] = "src_addr",
	[RTSP_PORT] = "port", [RTSP_INTERLEAVED] = "interleaved",
};

static bool ref_add(struct rtsp_reference *r, enum rtsp_what what,
		    const struct ref_word *w)
{
	bool client = what <= RTSP_DEST_ADDR, host;
	struct rtsp_reference_field f = { .what = what, .spec = r->specs - 1,
					  .at = w->at, .len = strlen(w->text) };

	if (r->fields == RTSP_FIELDS_MAX)
		return false;
	host = what != RTSP_CLIENT_PORT && what != RTSP_SERVER_PORT &&
	       what != RTSP_PORT && what != RTSP_INTERLEAVED;
	if (host ? ref_host(&f, w->text) : ref_ports(&f, w->text))
		r->field[r->fields++] = f;
	else if (client)
		return false;
	return true;
}

static bool ref_param(struct rtsp_reference *r, struct ref_word *w)
{
	unsigned int before = r->fields, i;
	struct ref_word name, item;
	enum rtsp_what what;
	bool client;

	if (!ref_cut(w, '=', &name))
		return false;
	ref_trim(w);
	if (!strcasecmp(name.text, "multicast"))
		r->lower[r->specs - 1] = RTSP_LOWER_MULTICAST;
	for (what = 0; what <= RTSP_INTERLEAVED; what++)
		if (!strcasecmp(name.text, ref_names[what]))
			break;
	if (what > RTSP_INTERLEAVED || !*w->text)
		return true;
	client = what <= RTSP_DEST_ADDR;
	for (i = 0; i < r->fields; i++)
		if (r->field[i].what == what &&
		    r->field[i].spec == r->specs - 1)
			return false;
	if (what != RTSP_DEST_ADDR && what != RTSP_SRC_ADDR)
		return ref_unquote(w) ? ref_add(r, what, w) : !client;
	while (*w->text) {
		if (!ref_cut(w, '/', &item))
			return false;
		if (item.text[0] != '"' || !item.text[1] || !ref_unquote(&item))
			return !client;
		if (!ref_add(r, what, &item))
			return false;
	}
	return !client || r->fields - before <= 2;
}

static bool ref_spec(struct rtsp_reference *r, struct ref_word *w)
{
	struct ref_word item;
	const char *last;

	if (!ref_cut(w, ';', &item))
		return false;
	if (!*item.text && !*w->text)
		return true;
	if (strchr(item.text, '/') && !strchr(item.text, '=')) {
		if (r->specs == RTSP_SPECS_MAX)
			return false;
		last = strrchr(item.text, '/') + 1;
		r->lower[r->specs++] =
			!strcasecmp(last, "tcp") ? RTSP_LOWER_TCP :
			!strcasecmp(last, "mcast") ? RTSP_LOWER_MULTICAST :
						     RTSP_LOWER_UDP;
	} else if (!r->specs || !ref_param(r, &item)) {
		return false;
	}
	while (*w->text)
		if (!ref_cut(w, ';', &item) || !ref_param(r, &item))
			return false;
	return true;
}

/* Reads a header's value, but not which of its ports go together. */
bool rtsp_reference_transport(struct span value, struct rtsp_reference *r)
{
	struct ref_word w = { .at = 0 }, spec;
	size_t i;

	memset(r, 0, sizeof(*r));
	while (value.len && strchr(ref_space, value.at[0] ?: 'x')) {
		span_skip(&value, 1);
		w.at++;
	}
	while (value.len && strchr(ref_space, value.at[value.len - 1] ?: 'x'))
		value.len--;
	if (!value.len || value.len > REF_TEXT_MAX)
		return false;
	/* a NUL means no more than another byte that means nothing */
	for (i = 0; i < value.len; i++)
		w.text[i] = value.at[i] ?: 1;
	while (*w.text)
		if (!ref_cut(&w, ',', &spec) || !ref_spec(r, &spec))
			return false;
	return r->specs;
}
