/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RECORDINGS_H
#define SELFTESTS_RECORDINGS_H

#include <stddef.h>
#include <stdint.h>

#define RECORDINGS_FOLDER	"../browsers/recorded"

/* Longest of a connection's. */
#define RECORDING_MAX		(1 << 16)

/**
 * struct recording - what was sent in a connection
 * @trick: the file's name
 * @port: of the server
 * @len: how many bytes
 * @data: those
 */
struct recording {
	const char *trick;
	unsigned int port;
	size_t len;
	uint8_t data[RECORDING_MAX];
};

int recordings_each(const char *engine,
		    void (*judge)(const struct recording *r, void *ctx),
		    void *ctx);

#endif /* SELFTESTS_RECORDINGS_H */
