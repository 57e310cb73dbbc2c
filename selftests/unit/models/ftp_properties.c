// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for every line, good or bad: the unit tests ask it of their
 * cases and of what becomes of them, the fuzzer of anything.
 */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "exact.h"
#include "ftp_properties.h"
#include "ftp_reference.h"

/* What a rewrite remembers of an announcement's length is one byte. */
#define FTP_EDITED_MAX	255

/* Parse a line of the client, if @command, or of the server. */
enum ftp_line ftp_parse(struct span line, bool command,
			struct ftp_announcement *ann)
{
	return command ? appgw_ftp_parse_command(line, ann) :
			 appgw_ftp_parse_reply(line, ann);
}

static size_t ftp_addr_len(enum appgw_af af)
{
	return af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
	       af == APPGW_AF_IPV6 ? APPGW_ADDR_LEN_IPV6 : 0;
}

/* Are both the same, of the same family? */
bool ftp_same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
	return a->af == b->af && a->port == b->port &&
	       !memcmp(a->addr, b->addr, ftp_addr_len(a->af));
}

static bool ftp_same(const struct ftp_announcement *a,
		     const struct ftp_announcement *b)
{
	return a->kind == b->kind && a->delim == b->delim &&
	       a->at == b->at && a->len == b->len &&
	       ftp_same_endpoint(&a->ep, &b->ep);
}

/* @line with @ep in the place of what @ann announces, as the helper sends it */
static struct exact ftp_edit(struct span line,
			     const struct ftp_announcement *ann,
			     const struct endpoint *ep)
{
	struct exact text = exact_new(FTP_TEXT_MAX);
	size_t behind = ann->at + ann->len;
	struct exact edited;
	size_t n;

	n = appgw_ftp_format((char *)text.at, ann->kind, ann->delim, ep);
	edited = exact_new(line.len - ann->len + n);
	memcpy(edited.at, line.at, ann->at);
	memcpy(edited.at + ann->at, text.at, n);
	memcpy(edited.at + ann->at + n, line.at + behind, line.len - behind);
	exact_free(&text);
	return edited;
}

/* Does the receiver of the edited line read what the helper meant? */
const char *ftp_edit_complaint(struct span line, bool command,
			       const struct ftp_announcement *ann,
			       const struct endpoint *ep)
{
	static char complaint[64 + 4 * EXACT_SHOWN_MAX];
	struct ftp_announcement again;
	struct exact edited = ftp_edit(line, ann, ep);
	bool ok;

	/* too long to be looked at again is not wrong */
	ok = edited.len > FTP_REFERENCE_LINE_MAX ||
	     (ftp_parse(exact_span(&edited), command, &again) ==
	      FTP_LINE_ANNOUNCES && ftp_same_endpoint(&again.ep, ep) &&
	      again.kind == ann->kind);
	if (!ok)
		snprintf(complaint, sizeof(complaint),
			 "edited, it says something else: %s",
			 exact_text(edited.at, edited.len));
	exact_free(&edited);
	return ok ? NULL : complaint;
}

static const char *ftp_edits_complaint(struct span line, bool command,
				       const struct ftp_announcement *ann)
{
	struct endpoint low = { .af = ann->ep.af };
	struct endpoint high = { .af = ann->ep.af, .port = APPGW_PORT_MAX };
	const char *complaint;
	int i;

	/* all the digits there are, and the longest text */
	for (i = 0; i < APPGW_ADDR_LEN_IPV6; i++)
		high.addr[i] = ann->ep.af == APPGW_AF_IPV6 ?
			       0xfe - 0x22 * (i % 8) : 0xff;

	complaint = ftp_edit_complaint(line, command, ann, &ann->ep);
	if (!complaint)
		complaint = ftp_edit_complaint(line, command, ann, &low);
	if (!complaint)
		complaint = ftp_edit_complaint(line, command, ann, &high);
	return complaint;
}

/* A delimiter that another address may hold is within the RFC, but an edit
 * can't keep it, so the parser is free to refuse such a line.
 */
static bool ftp_may_refuse(enum ftp_line what,
			   const struct ftp_announcement *ann)
{
	return what == FTP_LINE_ANNOUNCES && ann->kind == FTP_EPRT &&
	       isxdigit(ann->delim);
}

/**
 * ftp_complaint() - what is wrong with the parser's idea of a line
 * @line: any bytes
 * @command: a client's line, otherwise a server's
 *
 * Return: NULL if all is well
 */
const char *ftp_complaint(struct span line, bool command)
{
	struct ftp_announcement zeros, ones, ref;
	struct exact e = exact_copy(line.at, line.len);
	enum ftp_line what, again, ref_what;
	bool touched;

	memset(&zeros, 0, sizeof(zeros));
	memset(&ones, 0xff, sizeof(ones));
	what = ftp_parse(exact_span(&e), command, &zeros);
	again = ftp_parse(exact_span(&e), command, &ones);
	touched = e.len && memcmp(e.at, line.at, e.len);
	exact_free(&e);
	if (touched)
		return "the parser wrote to its input";

	ref_what = command ? ftp_reference_command(line, &ref) :
			     ftp_reference_reply(line, &ref);
	if (what == FTP_LINE_MALFORMED && ftp_may_refuse(ref_what, &ref))
		return NULL;
	if (what != ref_what)
		return what == FTP_LINE_ANNOUNCES ?
		       "announces, and should not" :
		       ref_what == FTP_LINE_ANNOUNCES ?
		       "should announce, and does not" :
		       "malformed and other are mixed up";
	if (what != again)
		return "depends on what was in the result before";
	if (what != FTP_LINE_ANNOUNCES)
		return NULL;

	if (!ftp_same(&zeros, &ones))
		return "leaves part of the result unset";
	if (!zeros.len || zeros.len > FTP_EDITED_MAX ||
	    zeros.at + zeros.len > line.len)
		return "the text to replace is not in the line";
	if (command != (zeros.kind == FTP_PORT || zeros.kind == FTP_EPRT ||
			zeros.kind == FTP_LPRT))
		return "a kind that the other side sends";
	if (!ftp_same_endpoint(&zeros.ep, &ref.ep))
		return "announces another endpoint";
	if (!ftp_same(&zeros, &ref))
		return "finds the announcement at another place";
	return ftp_edits_complaint(line, command, &zeros);
}
