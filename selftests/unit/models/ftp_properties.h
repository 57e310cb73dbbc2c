/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_FTP_PROPERTIES_H
#define SELFTESTS_FTP_PROPERTIES_H

#include "../../../kmod/protocols/ftp_parse.h"

enum ftp_line ftp_parse(struct span line, bool command,
			struct ftp_announcement *ann);
bool ftp_same_endpoint(const struct endpoint *a, const struct endpoint *b);
const char *ftp_edit_complaint(struct span line, bool command,
			       const struct ftp_announcement *ann,
			       const struct endpoint *ep);
const char *ftp_complaint(struct span line, bool command);

#endif /* SELFTESTS_FTP_PROPERTIES_H */
