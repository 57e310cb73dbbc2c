// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/ftp_session.c: no crash, and what is done about each line of a
 * conversation is what a plain model of it says.
 *
 * Input: lines, each after 'c' (any odd byte) if the client says it, or 'r'
 * (any even byte) if the server does. A first byte of '!' lets pinholes open
 * before the login, one of '+' begins after it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"
#include "../unit/models/ftp_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct ftp_session fs = { 0 };
	struct ftp_model_answer got;
	static struct ftp_model m;

	memset(&m, 0, sizeof(m));
	if (size && *data == '!') {
		fs.any_time = m.any_time = true;
		data++;
	} else if (size && *data == '+') {
		fs.phase = FTP_PHASE_LOGGED_IN;
		m.greeted = m.talking = m.logged_in = true;
		data++;
	}
	while (data < end) {
		const uint8_t *nl = memchr(data, '\n', end - data);
		struct span line = { data + 1, (nl ? nl : end) - data };
		bool command = *data & 1;
		const char *complaint;

		data = nl ? nl + 1 : end;
		if (!line.len || *(line.at - 1) == '\n')
			continue;
		line.len--;
		while (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		complaint = ftp_model_step(&m, &fs, line, command, &got);
		if (complaint) {
			fprintf(stderr, "%s: %s (%d, %d)\n",
				exact_text(line.at, line.len), complaint,
				got.what, got.why);
			abort();
		}
	}
	return 0;
}
