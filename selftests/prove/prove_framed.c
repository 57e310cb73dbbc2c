// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/framed.c for every rule that there may be: whatever was said
 * before, any bytes lead to a state that can be gone on from. That is so for one step
 * and any number of bytes that it takes, so for any number of steps; what takes several
 * is shown for so many bytes.
 */

#include "framed_state.h"

#define FRAMED_LEN	6

/* The first bytes of a unit that is looked at, and a mark in them */
#define FRAMED_COPY_LEN	12

/* Entries of a list don't know of each other, so one stands for all. */
static void any_rule(struct framed_rule *rule, enum framed_form form)
{
	unsigned int i;

	for (i = 1; i < FRAMED_MATCHES_MAX; i++) {
		rule->proof[i].mask = 0;
		rule->want[i].mask = 0;
	}
	rule->form = form;
	given(is_framed_rule(rule));
}

void prove_start(void)
{
	struct framed f = { .over = false };
	struct framed_rule rule;

	any_rule(&rule, nondet_bool() ? FRAMED_LENGTH : FRAMED_RECORDS);
	prove(is_framed(&rule, &f));
	framed_end(&f);
	prove(is_framed(&rule, &f));
}

static void step(enum framed_form form)
{
	uint8_t buf[FRAMED_LEN];
	struct framed_rule rule;
	struct framed f;
	struct framed_walk w = {
		.rule = &rule, .f = &f, .from_client = nondet_bool(),
	};
	struct span s = any_span(buf, sizeof(buf));
	size_t n;

	any_rule(&rule, form);
	given(is_framed(&rule, &f) && !f.over && s.len);
	n = form == FRAMED_RECORDS ? framed_fragment(&w, s) :
				     framed_length(&w, s);
	prove(n > 0 && n <= s.len);
	prove(w.bad || w.ended || is_framed(&rule, &f));
}

void prove_step_length(void)
{
	step(FRAMED_LENGTH);
}

void prove_step_record(void)
{
	step(FRAMED_RECORDS);
}

void prove_copy(void)
{
	uint8_t buf[FRAMED_COPY_LEN], to[FRAMED_COPY_LEN];
	struct framed_cursor c = { .left = nondet_size() };
	size_t n = any_size(sizeof(to)), got;
	struct span in = any_span(buf, sizeof(buf));

	c.rest = in;
	/* what comes is written up to the last byte of its room */
	got = appgw_framed_copy(&c, nondet_bool() ? to + sizeof(to) - n : NULL,
				n);
	prove(got <= n && got <= in.len);
	prove(is_rest(c.rest, in));
	prove(c.rest.len <= in.len - got);
	prove(got == n || c.rest.len < FRAMED_MARK_LEN);
}
