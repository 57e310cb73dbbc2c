/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FRAMED_H
#define APPGW_FRAMED_H

#include "appgw/scan.h"
#include "appgw/span.h"

/* Entries of a rule's lists. */
#define FRAMED_MATCHES_MAX	6

/* Bytes of a unit that a rule may look at before the rest is there. */
#define FRAMED_HEAD_MAX		64

/* Fragments of a record; empty ones count. */
#define FRAMED_FRAGMENTS_MAX	16

/* How the end of a unit is found. */
enum framed_form {
	FRAMED_LENGTH,		/* a number in its head says how long it is */
	FRAMED_RECORDS,		/* RFC 5531 section 11: fragments behind marks */
};

/**
 * struct framed_length - where a unit's length stands
 * @at: its offset
 * @width: bytes of it, at most 4
 * @bias: to be added for the bytes of the whole unit, these included
 * @little: its lowest byte comes first
 */
struct framed_length {
	uint8_t at;
	uint8_t width;
	uint8_t bias;
	bool little;
};

/**
 * struct framed_match - four bytes of a unit
 * @from_client: direction that it is about
 * @always: of a proof, every unit has to match and not the first one alone
 * @little: the lowest byte comes first
 * @at: offset of the first one; in a record, without the marks
 * @mask: bits that matter; bytes without any need not be there. 0 in an entry that
 *	isn't used
 * @value: what they are
 */
struct framed_match {
	bool from_client;
	bool always;
	bool little;
	uint8_t at;
	uint32_t mask;
	uint32_t value;
};

/**
 * struct framed_rule - how a protocol of framed units is read
 * @form: how the end of a unit is found
 * @length: where its length stands, if that is how
 * @max: longest unit, of which there may be no longer one; of a record without the marks
 * @head: bytes that tell which unit is wanted, at most FRAMED_HEAD_MAX; in a record,
 *	without the marks
 * @hold_max: longest unit that is wanted, marks included: as much as a direction of
 *	the protocol keeps back
 * @proof: all that a unit must match
 * @want: what a unit that is wanted matches at least one of
 * @look: is the unit wanted that begins with @head, or is @head, if it is shorter?
 *	Asked about those that match one of @want, or about all of a direction that
 *	has none. NULL for always
 * @take: take in a unit that is wanted, whole, with its marks: add announcements to
 *	@unit, and set @unit.why to refuse it, or to give the conversation up
 * @pass: take in the @head of a unit that isn't wanted, is too long or has begun to go
 *	on, once; @head.at is NULL if that goes on in pieces. Returns why as @take does.
 *	NULL if such units don't matter
 */
struct framed_rule {
	enum framed_form form;
	struct framed_length length;
	uint32_t max;
	uint8_t head;
	uint16_t hold_max;
	struct framed_match proof[FRAMED_MATCHES_MAX];
	struct framed_match want[FRAMED_MATCHES_MAX];
	bool (*look)(const void *st, bool from_client, struct span head);
	void (*take)(void *st, bool from_client, struct span whole,
		     struct scan_unit *unit);
	enum scan_why (*pass)(void *st, bool from_client, struct span head);
};

/**
 * struct framed - what one direction is saying
 * @left: bytes of the unit, or of its fragment, that are yet to come; before their number
 *	is known, what that comes to so far
 * @len: bytes of the unit so far, without marks
 * @mark: bytes of the fragment's mark so far
 * @fragments: of the record so far
 * @flags: private
 * @over: not for us any more, neither direction
 *
 * Zero at the beginning. Of a conversation there are two, [1] for the client's.
 */
struct framed {
	uint32_t left;
	uint32_t len;
	uint8_t mark;
	uint8_t fragments;
	uint8_t flags;
	bool over;
};

/**
 * struct framed_cursor - a place in a record, or in a unit without marks
 * @rest: what comes behind it
 * @left: bytes of it that belong to the same fragment
 */
struct framed_cursor {
	struct span rest;
	size_t left;
};

/* Begin to read @record, which has marks. */
static inline struct framed_cursor framed_record(struct span record)
{
	return (struct framed_cursor){ .rest = record };
}

/* Begin to read @unit, which has none. */
static inline struct framed_cursor framed_unit(struct span unit)
{
	return (struct framed_cursor){ .rest = unit, .left = unit.len };
}

size_t appgw_framed_copy(struct framed_cursor *c, uint8_t *to, size_t n);

void appgw_framed_read(const struct framed_rule *rule, struct framed *f,
		       void *st, bool from_client, struct span data,
		       struct scan_unit *unit);
enum scan_why appgw_framed_feed(const struct framed_rule *rule,
				struct framed *f, void *st, bool from_client,
				struct span part);

#endif /* APPGW_FRAMED_H */
