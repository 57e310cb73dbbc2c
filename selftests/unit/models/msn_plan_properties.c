// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for the plans of every MSN payload, good or bad: the unit test
 * asks it of its cases and of what becomes of them, the fuzzer of anything.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../../include/appgw/address.h"
#include "exact.h"
#include "msn_plan_properties.h"

/* Finds the end of a header: of the first empty line. 0 if there is none. */
static size_t lengths_head(const uint8_t *at, size_t len)
{
	size_t i, start = 0;

	for (i = 0; i < len; i++) {
		if (at[i] != '\n')
			continue;
		if (i == start || (i == start + 1 && at[start] == '\r'))
			return i + 1;
		start = i + 1;
	}
	return 0;
}

/* Is there a field of that name in @at? Its place, NULL if not. */
static const uint8_t *lengths_find(const uint8_t *at, size_t len,
				   const char *name)
{
	size_t i, k, n = strlen(name);

	for (i = 0; i + n <= len; i++) {
		if ((i && at[i - 1] != '\n') ||
		    strncasecmp((const char *)at + i, name, n))
			continue;
		for (k = i + n; k < len && (at[k] == ' ' || at[k] == '\t'); k++)
			;
		if (k < len && at[k] == ':')
			return at + i;
	}
	return NULL;
}

static uint64_t lengths_number(const uint8_t *at, int len)
{
	uint64_t v = 0;
	int i;

	for (i = 0; i < len; i++)
		v += (uint64_t)at[i] << 8 * i;
	return v;
}

/* The number in the header line @at, -1 if there is none. */
static long lengths_value(const uint8_t *at, const uint8_t *end)
{
	long v = -1;

	while (at < end && *at != ':')
		at++;
	for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
		;
	for (; at < end && *at >= '0' && *at <= '9' && v < 100000; at++)
		v = (v < 0 ? 0 : v) * 10 + *at - '0';
	return v;
}

static void lengths_p2p(const uint8_t *at, size_t len, struct msn_lengths *l)
{
	const uint8_t *content;
	size_t head;

	if (len < 52 || lengths_number(at + 24, 4) != len - 52)
		return;
	l->is_v1 = true;
	l->offset = lengths_number(at + 8, 8);
	l->total = lengths_number(at + 16, 8);
	l->p2p = len - 52;
	head = lengths_head(at + 48, l->p2p);
	content = lengths_find(at + 48, head, "content-length");
	if (!content)
		return;
	l->content = lengths_value(content, at + 48 + head);
	l->body = l->p2p - head;
}

/* Reads what begins @at. */
struct msn_lengths msn_lengths_read(const uint8_t *at, size_t len)
{
	const uint8_t *nl = memchr(at, '\n', len);
	struct msn_lengths l = { .content = -1 };
	const uint8_t *type, *end;
	char line[200] = "";
	char *last;

	if (len < 4 || memcmp(at, "MSG ", 4) || !nl || nl - at > 150)
		return l;
	memcpy(line, at, nl - at);
	last = strrchr(line, ' ');
	l.line = nl - at + 1;
	l.payload = strtoul(last, NULL, 10);
	if (l.line + l.payload > len)
		return l;
	l.unit = l.line + l.payload;
	l.head = lengths_head(nl + 1, l.payload);
	type = lengths_find(nl + 1, l.head, "content-type");
	if (!type)
		return l;
	end = memchr(type, '\n', l.head);
	for (; type + 6 <= end && !l.is_invitation; type++)
		l.is_invitation = !strncasecmp((const char *)type, "invite", 6);
	if (!l.is_invitation && l.head)
		lengths_p2p(nl + 1 + l.head, l.payload - l.head, &l);
	return l;
}

/* What leaves is as consistent as what came: @at is where the MSG begins. */
static const char *msn_lengths_complaint(struct span in, size_t at,
					 const struct msn_build *out)
{
	struct msn_lengths a = msn_lengths_read(in.at + at, in.len - at);
	struct msn_lengths b = msn_lengths_read(out->at + at, out->len - at);
	const uint8_t *from = in.at + at + a.line + a.head;
	const uint8_t *to = out->at + at + b.line + b.head;
	bool is_whole = a.is_v1 && !a.offset && a.total == a.p2p;

	if (!a.unit)
		return "plans for no MSG";
	if (!b.unit || b.unit + in.len != a.unit + out->len)
		return "the length of the MSG is wrong";
	if (memcmp(in.at + at + a.unit, out->at + at + b.unit,
		   in.len - at - a.unit))
		return "something else follows";
	if (a.head != b.head || a.is_invitation != b.is_invitation)
		return "it is something else now";
	if (a.is_invitation)
		return NULL;
	if (!is_whole || a.content < 0 || (size_t)a.content != a.body) {
		if (in.len != out->len)
			return "it was to keep its length";
		return memcmp(from, to, a.is_v1 ? 48 : 8) ?
		       "the header has changed" : NULL;
	}
	if (!b.is_v1)
		return "the length of the P2P message is wrong";
	if (b.total != b.p2p)
		return "its TotalSize is wrong";
	if (b.content < 0 || (size_t)b.content != b.body)
		return "Content-Length is wrong";
	if (memcmp(from, to, 16) || memcmp(from + 28, to + 28, 20) ||
	    memcmp(from + 48 + a.p2p, to + 48 + b.p2p, 4))
		return "something else of the header has changed";
	return NULL;
}

/* Reads an IPv6 address backwards: whatever way it is written. */
static bool msn_eat_reversed(const struct plan *plan, struct span *old)
{
	uint8_t text[APPGW_ADDR_TEXT_MAX], addr[APPGW_ADDR_LEN_IPV6];
	size_t len = 0, i;
	struct span s;

	while (len < old->len && len < sizeof(text) && old->at[len] != ' ' &&
	       old->at[len] != '\t')
		len++;
	for (i = 0; i < len; i++)
		text[i] = old->at[len - 1 - i];
	s = (struct span){ text, len };
	span_skip(old, len);
	return span_eat_ipv6(&s, addr) && !s.len &&
	       !memcmp(addr, plan->end.addr, sizeof(addr));
}

/* Reads what @part replaces, at the start of @old. */
static bool msn_eat_part(const struct plan *plan, const struct plan_part *part,
			 struct span *old)
{
	char text[APPGW_ADDR_TEXT_MAX + 1];
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	size_t len, i;

	switch (part->type) {
	case APPGW_PART_TEXT:
		if (part->text.at != old->at || part->text.len > old->len)
			return false;
		span_skip(old, part->text.len);
		return true;
	case APPGW_PART_ADDR:
		if (plan->end.af == APPGW_AF_IPV6)
			return span_eat_ipv6(old, addr) &&
			       !memcmp(addr, plan->end.addr, sizeof(addr));
		len = msn_module_addr(&plan->end, text, false);
		break;
	case APPGW_PART_ADDR_REVERSED:
		if (plan->end.af == APPGW_AF_IPV6)
			return msn_eat_reversed(plan, old);
		len = msn_module_addr(&plan->end, text, true);
		break;
	case APPGW_PART_PORT:
		len = msn_module_number(text, plan->end.port, false);
		break;
	case APPGW_PART_PORT_REVERSED:
		len = msn_module_number(text, plan->end.port, true);
		break;
	case APPGW_PART_PORT_XOR:
		len = msn_module_number(text, plan->end.port ^ part->number,
					false);
		break;
	case APPGW_PART_LENGTH:
		len = msn_module_number(text, part->number, false);
		break;
	case APPGW_PART_LENGTH_LE32:
	case APPGW_PART_LENGTH_LE64:
		len = part->type == APPGW_PART_LENGTH_LE32 ? 4 : 8;
		for (i = 0; i < len; i++)
			text[i] = part->number >> 8 * i;
		break;
	default:
		return false;
	}
	if (len > old->len || memcmp(old->at, text, len))
		return false;
	span_skip(old, len);
	return true;
}

/* Is what is replaced what the plan says that it is? Of a list that is padded
 * only one has to be in it.
 */
static const char *msn_old_complaint(const struct plan *plan)
{
	const struct plan_part *last = &plan->part[plan->parts - 1];
	bool is_padded = last->type == APPGW_PART_PAD;
	struct span old;
	unsigned int i;
	size_t at = 0;

	if (!plan->parts || plan->parts > PLAN_PARTS_MAX)
		return "not a number of parts";
	do {
		old = plan->old;
		span_skip(&old, at);
		for (i = 0; i < plan->parts - is_padded; i++)
			if (!msn_eat_part(plan, &plan->part[i], &old))
				break;
	} while (i < plan->parts - is_padded && is_padded &&
		 ++at < plan->old.len);
	if (i < plan->parts - is_padded)
		return "a part is not what is in the text";
	return old.len && !is_padded ? "something is left of the text" : NULL;
}

static const char *msn_plan_complaint(const struct plan *plan,
				      struct span payload)
{
	size_t mark = (uint32_t)(plan->seq - MSN_MODULE_SEQ);
	size_t at = (uint32_t)(plan->edit_seq - MSN_MODULE_SEQ);
	bool is_refused = plan->action == APPGW_PLAN_REFUSE;
	bool is_text = plan->action == APPGW_PLAN_TEXT || is_refused;

	if (mark + 4 > payload.len || memcmp(payload.at + mark, "MSG ", 4))
		return "not where a MSG begins";
	if (strcmp(plan->kind, "msnftp") && strcmp(plan->kind, "msnslp") &&
	    strcmp(plan->kind, "netmeeting") &&
	    strcmp(plan->kind, "assistance"))
		return "not a kind";
	if (plan->owner != APPGW_OWNER_SENDER || plan->ports != 1)
		return "not one of the sender's";
	if ((plan->end.af == APPGW_AF_NONE) != is_text)
		return "an address too much, or none";
	if (!plan->end.port != (is_text ||
				plan->action == APPGW_PLAN_ADDRESS))
		return "a port too much, or none";
	if (!plan->has_edit)
		return plan->action == APPGW_PLAN_OPEN_FIXED || is_refused ?
		       NULL : "there is no edit";
	if (is_refused)
		return "an edit in what is refused";
	if (!plan->old.len || plan->old.len > APPGW_EDIT_MAX ||
	    at <= mark || at + plan->old.len > payload.len ||
	    plan->old.at != payload.at + at)
		return "not the place of an edit";
	return msn_old_complaint(plan);
}

/* Plans of an announcement don't touch each other, and aren't found twice. */
static const char *msn_overlap_complaint(const struct plan *plans,
					 unsigned int n)
{
	unsigned int i, k, without = 0;

	for (i = 0; i < n; i++) {
		without += !plans[i].has_edit;
		for (k = 0; k < i; k++)
			if (plans[i].has_edit && plans[k].has_edit &&
			    plans[i].old.at < plans[k].old.at +
					      plans[k].old.len &&
			    plans[k].old.at < plans[i].old.at +
					      plans[i].old.len)
				return "two edits in one place";
	}
	return without > 1 ? "two plans without an edit" : NULL;
}

static const char *msn_announcement_complaint(const struct msn_module *m,
					      struct span payload,
					      const struct plan *plans,
					      unsigned int n)
{
	size_t at = (uint32_t)(plans->seq - MSN_MODULE_SEQ);
	const char *complaint = NULL;
	static struct msn_build out;
	struct msn_module other = *m;
	unsigned int i;

	if (n > MSN_MODULE_ANNOUNCEMENT_MAX)
		return "too many plans for an announcement";
	for (i = 0; i < n; i++)
		if (plans[i].action == APPGW_PLAN_REFUSE && n > 1)
			return "plans for what is refused";
	for (i = 0; i < n && !complaint; i++)
		complaint = msn_plan_complaint(&plans[i], payload);
	complaint = complaint ?: msn_overlap_complaint(plans, n);
	/* whatever the public address and port are */
	for (i = 0; i < 3 && !complaint; i++) {
		other.add = m->add + i * 30000;
		msn_module_apply(&other, payload, plans, n, &out);
		complaint = msn_lengths_complaint(payload, at, &out);
	}
	return complaint;
}

/* Compare the first @n plans, as far as it matters. */
bool msn_same_plans(const struct plan *a, const struct plan *b, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (a[i].seq != b[i].seq || a[i].edit_seq != b[i].edit_seq ||
		    a[i].action != b[i].action || a[i].parts != b[i].parts ||
		    a[i].old.len != b[i].old.len ||
		    a[i].end.port != b[i].end.port)
			return false;
	return true;
}

/* In less room there are fewer announcements, but whole ones. */
static bool msn_plans_fit(const struct msn_module *m, struct span payload,
			  const struct plan *plans, unsigned int n,
			  unsigned int room)
{
	struct plan *few = malloc(room * sizeof(*few) + 1);
	unsigned int got;
	bool ok;

	if (!few)
		exit(2);
	got = msn_module_inspect(m, payload, few, room);
	ok = got <= room && msn_same_plans(plans, few, got) &&
	     (got == n || !got || plans[got].seq != plans[got - 1].seq);
	free(few);
	return ok;
}

/**
 * msn_inspect_complaint() - what is wrong with the plans for a payload
 * @m: the connection
 * @payload: any bytes
 *
 * Return: NULL if all is well
 */
const char *msn_inspect_complaint(const struct msn_module *m,
				  struct span payload)
{
	struct exact e = exact_copy(payload.at, payload.len);
	static struct plan plans[MSN_MODULE_PLANS_MAX];
	const char *complaint = NULL;
	unsigned int n, i, from;

	memset(plans, 0xff, sizeof(plans));
	n = msn_module_inspect(m, exact_span(&e), plans, MSN_MODULE_PLANS_MAX);
	if (n > MSN_MODULE_PLANS_MAX)
		complaint = "more plans than there is room for";
	for (i = 0; i < n && !complaint;) {
		for (from = i; i < n && plans[i].seq == plans[from].seq; i++)
			;
		if (i < n && (int32_t)(plans[i].seq - plans[from].seq) <= 0)
			complaint = "announcements out of order";
		else
			complaint = msn_announcement_complaint(m,
					exact_span(&e), plans + from,
					i - from);
	}
	for (i = 0; !complaint && i < n; i++)
		if (!msn_plans_fit(m, exact_span(&e), plans, n, i))
			complaint = "finds something else in less room";
	if (!complaint && e.len && memcmp(e.at, payload.at, e.len))
		complaint = "wrote to its input";
	exact_free(&e);
	return complaint;
}
