// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/ftp_parse.c: any line of so many bytes is read within its bounds, what
 * a rewrite is to replace lies in it, and what is written has room.
 */

#include "../../kmod/protocols/ftp_parse.c"
#include "prove.h"

/* The shortest PORT is as long; of the other forms it is the part that fits. A
 * longer line takes the solver too long.
 */
#define FTP_LEN		16

/* Six numbers with a comma behind each; and IPv6's as far as it fits. */
#define FTP_NUMBERS_LEN	24

static void prove_announcement(struct span line,
			       const struct ftp_announcement *ann)
{
	prove(ann->len > 0 && ann->at + ann->len <= line.len);
	prove(ann->kind == FTP_EPSV ? ann->ep.af == APPGW_AF_NONE :
				      ann->ep.af == APPGW_AF_IPV4 ||
				      ann->ep.af == APPGW_AF_IPV6);
}

void prove_command(void)
{
	uint8_t buf[FTP_LEN];
	struct span line = any_span(buf, sizeof(buf));
	struct ftp_announcement ann;

	if (appgw_ftp_parse_command(line, &ann) == FTP_LINE_ANNOUNCES)
		prove_announcement(line, &ann);
}

/* What is behind "229 " */
void prove_229(void)
{
	uint8_t buf[FTP_LEN];
	struct span text = any_span(buf, sizeof(buf));
	struct ftp_announcement ann;

	if (ftp_parse_229(text, text, &ann) == FTP_LINE_ANNOUNCES)
		prove_announcement(text, &ann);
}

void prove_hostport(void)
{
	uint8_t buf[FTP_NUMBERS_LEN];
	struct span in = any_span(buf, sizeof(buf)), s = in;
	struct endpoint ep;

	prove(ftp_eat_hostport(&s, &ep, nondet_bool()) ?
	      is_rest(s, in) && s.len < in.len : is_same(s, in));
}

void prove_long_hostport(void)
{
	uint8_t buf[FTP_NUMBERS_LEN];
	struct span in = any_span(buf, sizeof(buf)), s = in;
	struct endpoint ep;

	prove(ftp_eat_long_hostport(&s, &ep) ?
	      is_rest(s, in) && s.len < in.len : is_same(s, in));
}

/* Only the first four bytes are read: this holds for any length. */
void prove_multiline(void)
{
	uint8_t buf[6];
	struct span line = any_span(buf, sizeof(buf));
	uint16_t code = nondet_u16(), before = code;
	bool inside = appgw_ftp_in_multiline(&code, line);

	prove(inside == (code != 0));
	prove(!code || code == before || (code >= 100 && code <= 999));
}

void prove_format(void)
{
	enum ftp_kind kind = any_size(FTP_LPSV);
	char text[FTP_TEXT_MAX];
	struct endpoint ep;

	given(ep.af == APPGW_AF_IPV4 || ep.af == APPGW_AF_IPV6);
	prove(appgw_ftp_format(text, kind, nondet_u8(), &ep) <= sizeof(text));
}
