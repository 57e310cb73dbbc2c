/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_VERB_H
#define APPGW_FTP_VERB_H

#include "appgw/span.h"

/* What a line of the client's is: commands whose answers matter, then those that
 * nobody waits for, then what is no command.
 */
enum ftp_command {
	FTP_CMD_USER,
	FTP_CMD_PASS,		/* and ACCT */
	FTP_CMD_AUTH,		/* and ADAT */
	FTP_CMD_REIN,
	FTP_CMD_ACTIVE,		/* PORT, EPRT, LPRT */
	FTP_CMD_ACTIVE_BEFORE,	/* another one came after it */
	FTP_CMD_PASV,
	FTP_CMD_EPSV,
	FTP_CMD_EPSV_ALL,
	FTP_CMD_LPSV,
	FTP_CMD_TRANSFER,	/* moves a file, or a list */
	FTP_CMD_OPENING,	/* others that a session may begin with */
	FTP_CMD_OTHER,		/* a line that is empty included */
	FTP_CMD_TLS,		/* encrypted from here on */
	FTP_CMD_FOREIGN,	/* another protocol's */
};

/* A verb in lower case as a number, the first letter in the lowest 8 bits: one
 * comparison instead of a string's.
 */
#define FTP_VERB(...)	FTP_VERB_PACK(__VA_ARGS__, 0, 0, 0, 0)
#define FTP_VERB_PACK(a, b, c, d, e, f, g, ...)				\
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 |	\
	 (uint64_t)(d) << 24 | (uint64_t)(e) << 32 |			\
	 (uint64_t)(f) << 40 | (uint64_t)(g) << 48)

/* Where a verb of four letters stands in appgw_ftp_verbs, if it does: a number that puts
 * no two of them in one place
 */
#define FTP_VERB_SLOT_BITS	6
#define FTP_VERB_SLOTS		(1 << FTP_VERB_SLOT_BITS)
#define FTP_VERB_SLOT(verb)	((uint32_t)((verb) * 0x65b675cdu) >> \
				 (32 - FTP_VERB_SLOT_BITS))

extern const uint32_t appgw_ftp_verbs[FTP_VERB_SLOTS];

enum ftp_command appgw_ftp_command(struct span line, struct span *rest);
bool appgw_ftp_names_version(struct span line);
bool appgw_ftp_is_tls(struct span line);
bool appgw_ftp_is_preface(struct span line);

/**
 * appgw_ftp_is_request() - is it the request line of another protocol?
 * @line: the client's line without its CR and LF
 *
 * Whatever its method: a web page may choose that. What it can't choose is what
 * such a line ends with; most lines need no more than a look at their last byte.
 *
 * Return: true if so
 */
static inline bool appgw_ftp_is_request(struct span line)
{
	return line.len && span_is_digit(line.at[line.len - 1]) &&
	       appgw_ftp_names_version(line);
}

/* Read the verb of four letters that most lines begin with, as FTP_VERB() has it; 0
 * if it is another.
 */
static inline uint32_t ftp_verb4(struct span line)
{
	const uint8_t *at = line.at;
	uint32_t verb;

	if (line.len < 4 ||
	    (line.len > 4 && at[4] != ' ' && at[4] != '\t'))
		return 0;
	verb = at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
	verb |= 0x01010101u * ('a' ^ 'A');
	/* A byte above or below the letters borrows in one of these, and in
	 * both if it is not ASCII; the lowest such one shows.
	 */
	if (((verb - 0x01010101u * 'a') | (0x01010101u * 'z' - verb)) &
	    0x80808080u)
		return 0;
	return verb;
}

/* Tell if a verb of four letters is one whose lines nothing is to be done about, whatever
 * follows it, but for appgw_ftp_is_request().
 */
static inline bool ftp_verb4_is_talk(uint32_t verb)
{
	return verb && appgw_ftp_verbs[FTP_VERB_SLOT(verb)] != verb;
}

#endif /* APPGW_FTP_VERB_H */
