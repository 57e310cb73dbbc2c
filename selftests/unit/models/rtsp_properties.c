// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for every Transport header, good or bad: the unit tests ask it
 * of their cases and of what becomes of them, the fuzzer of anything.
 */

#include <stdio.h>
#include <string.h>

#include "exact.h"
#include "rtsp_properties.h"
#include "rtsp_reference.h"

static bool rtsp_inside(struct span part, struct span whole)
{
	return part.at >= whole.at &&
	       part.at + part.len <= whole.at + whole.len;
}

static bool rtsp_text_is(struct span s, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return s.len == strlen(text) && !memcmp(s.at, text, s.len);
}

static const char *rtsp_field_complaint(const struct rtsp_field *f,
					const struct rtsp_reference_field *r,
					struct span value)
{
	unsigned int i;

	if (f->what != r->what || f->spec != r->spec)
		return "a field is another";
	if (f->text.at != value.at + r->at || f->text.len != r->len)
		return "a field is elsewhere";
	if (f->af != r->af || (r->af && memcmp(f->addr, r->addr,
					       r->af == APPGW_AF_IPV4 ? 4 : 16)))
		return "a field has another address";
	if (!!f->addr_text.len != r->host || f->ports != r->ports)
		return "a field has more in it, or less";
	if (f->addr_text.len && !rtsp_inside(f->addr_text, f->text))
		return "an address is outside its field";
	for (i = 0; i < f->ports; i++) {
		if (f->port[i] != r->port[i])
			return "a field has another port";
		if (!rtsp_inside(f->port_text[i], f->text) ||
		    !rtsp_text_is(f->port_text[i], f->port[i]))
			return "a port is elsewhere";
	}
	return NULL;
}

/* Pairs are apart from each other, and every port that counts is in one. */
static const char *rtsp_pairs_complaint(const struct rtsp_transport *t)
{
	unsigned int i, n, k, in;

	for (i = 0; i < t->pairs; i++) {
		const struct rtsp_pair *p = &t->pair[i];

		if (p->count < 1 || p->count > 2 ||
		    p->base + p->count - 1 > 65535)
			return "a pair is none";
		for (n = 0; n < i; n++)
			if (t->pair[n].whose == p->whose &&
			    t->pair[n].base < p->base + p->count &&
			    p->base < t->pair[n].base + t->pair[n].count)
				return "two pairs have a port in common";
	}
	for (i = 0; i < t->fields; i++)
		for (n = 0; n < t->field[i].ports; n++) {
			enum rtsp_whose whose = rtsp_whose(t, &t->field[i]);
			uint16_t port = t->field[i].port[n];

			for (in = 0, k = 0; k < t->pairs; k++)
				in += t->pair[k].whose == whose &&
				      port >= t->pair[k].base &&
				      port < t->pair[k].base + t->pair[k].count;
			if (in != (whose != RTSP_NOBODY))
				return "a port is in no pair";
		}
	return NULL;
}

/* Writes what becomes of @value; returns its length. */
size_t rtsp_apply(struct span value, const struct rtsp_transport *t,
		  const struct rtsp_edit *edits, unsigned int n, char *out)
{
	const uint8_t *from = value.at;
	char *to = out;
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		const struct rtsp_field *f = &t->field[edits[i].field];

		memcpy(to, from, edits[i].old.at - from);
		to += edits[i].old.at - from;
		from = edits[i].old.at + edits[i].old.len;
		for (k = 0; k < edits[i].parts; k++) {
			const struct rtsp_part *p = &edits[i].part[k];

			if (p->type == RTSP_PART_TEXT) {
				memcpy(to, p->text.at, p->text.len);
				to += p->text.len;
			} else if (p->type == RTSP_PART_ADDR) {
				to += sprintf(to, "%s",
					      f->af == APPGW_AF_IPV4 ?
					      RTSP_NEW_IPV4 : RTSP_NEW_IPV6);
			} else {
				to += sprintf(to, "%u", RTSP_NEW_PORT +
					      10 * p->pair + p->offset);
			}
		}
	}
	memcpy(to, from, value.at + value.len - from);
	return to + (value.at + value.len - from) - out;
}

/* Once more what an edited header says. */
static const char *rtsp_edited_complaint(struct span value,
					 const struct rtsp_transport *t,
					 enum rtsp_whose whose)
{
	struct rtsp_edit edits[RTSP_FIELDS_MAX];
	const uint8_t *end = value.at;
	char out[RTSP_NEW_MAX];
	struct rtsp_transport again;
	unsigned int n, i, k;
	size_t len;

	n = rtsp_edits(t, whose, edits, RTSP_FIELDS_MAX);
	for (i = 0; i < n; i++) {
		if (edits[i].old.at < end || !edits[i].old.len ||
		    !rtsp_inside(edits[i].old,
				 t->field[edits[i].field].text))
			return "an edit is where it doesn't belong";
		end = edits[i].old.at + edits[i].old.len;
	}
	if (n && rtsp_edits(t, whose, edits, n - 1) != n - 1)
		return "there are more edits than there is room for";
	len = rtsp_apply(value, t, edits, n, out);
	if (len > RTSP_TEXT_MAX)
		return NULL;
	if (!rtsp_parse_transport((struct span){ (uint8_t *)out, len },
				  &again) ||
	    again.fields != t->fields || again.specs != t->specs)
		return "an edited header is another";
	for (i = 0; i < t->fields; i++) {
		const struct rtsp_field *a = &t->field[i];
		const struct rtsp_field *b = &again.field[i];
		bool edited = rtsp_whose(t, a) == whose;

		if (a->what != b->what || a->ports != b->ports ||
		    a->af != b->af)
			return "an edited field is another";
		for (k = 0; k < a->ports; k++)
			if (edited ? b->port[k] < RTSP_NEW_PORT ||
				     b->port[k] % 10 > 1 :
				     a->port[k] != b->port[k])
				return "an edited port is another";
		if (a->ports == 2 &&
		    a->port[1] - a->port[0] != b->port[1] - b->port[0] &&
		    a->port[1] - a->port[0] == 1)
			return "an edited pair is none";
		if (a->af == APPGW_AF_NONE)
			continue;
		if (edited == !memcmp(a->addr, b->addr, 16) &&
		    memcmp(b->addr, "\306\63\144\7", 4) &&
		    memcmp(b->addr, "\40\1\15\270", 4))
			return "an edited address is another";
	}
	return NULL;
}

/**
 * rtsp_complaint() - what is wrong with the parser's idea of a header's value
 * @text: any bytes
 *
 * Return: NULL if all is well
 */
const char *rtsp_complaint(struct span text)
{
	struct exact e = exact_copy(text.at, text.len);
	static struct rtsp_transport t, again;
	const char *complaint = NULL;
	struct span value = exact_span(&e);
	static struct rtsp_reference ref;
	unsigned int i;
	bool got, want;

	memset(&t, 0xff, sizeof(t));
	got = rtsp_parse_transport(value, &t);
	want = rtsp_reference_transport(value, &ref);
	if (got && !want)
		complaint = "is understood, and should not be";
	else if (rtsp_parse_transport(value, &again) != got)
		complaint = "depends on what was in the result before";
	else if (got && (t.fields != ref.fields || t.specs != ref.specs ||
			 memcmp(t.lower, ref.lower,
				t.specs * sizeof(t.lower[0]))))
		complaint = "reads something else";
	for (i = 0; got && i < t.fields && !complaint; i++)
		complaint = rtsp_field_complaint(&t.field[i], &ref.field[i],
						 value);
	if (got && !complaint)
		complaint = rtsp_pairs_complaint(&t);
	if (got && !complaint)
		complaint = rtsp_edited_complaint(value, &t, RTSP_CLIENT);
	if (got && !complaint)
		complaint = rtsp_edited_complaint(value, &t, RTSP_SERVER);
	/* beside what the reference doesn't look at: too many pairs, or ones
	 * that overlap
	 */
	if (!got && want && !complaint && ref.fields < 2)
		complaint = "should be understood, and isn't";
	if (!complaint && e.len && memcmp(e.at, text.at, e.len))
		complaint = "the parser wrote to its input";
	exact_free(&e);
	return complaint;
}

/**
 * rtsp_payload_complaint() - what is wrong with the headers found in a payload
 * @payload: any bytes
 *
 * Return: NULL if all is well
 */
const char *rtsp_payload_complaint(struct span payload)
{
	struct exact e = exact_copy(payload.at, payload.len);
	struct span rest = exact_span(&e), header, value;
	const uint8_t *end = e.at;
	const char *complaint = NULL;

	while (!complaint && rtsp_next_header(&rest, &header)) {
		value = header;
		if (header.at < end || rest.at != header.at + header.len ||
		    rest.at + rest.len != e.at + e.len)
			complaint = "a header is where it doesn't belong";
		else if (!rtsp_eat_name(&value) ||
			 header.at[header.len - 1] != '\n' || !rest.len ||
			 rest.at[0] == ' ' || rest.at[0] == '\t' ||
			 (header.at != e.at && header.at[-1] != '\n'))
			complaint = "a header is none, or not all of it";
		else
			complaint = rtsp_complaint(value);
		end = rest.at;
	}
	exact_free(&e);
	return complaint;
}
