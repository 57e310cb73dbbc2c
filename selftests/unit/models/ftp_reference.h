/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_FTP_REFERENCE_H
#define SELFTESTS_FTP_REFERENCE_H

#include "../../../kmod/protocols/ftp_parse.h"

#define FTP_REFERENCE_LINE_MAX	512

enum ftp_line ftp_reference_command(struct span line,
				    struct ftp_announcement *ann);
enum ftp_line ftp_reference_reply(struct span line,
				  struct ftp_announcement *ann);
bool ftp_reference_in_multiline(uint16_t *code, struct span line);

#endif /* SELFTESTS_FTP_REFERENCE_H */
