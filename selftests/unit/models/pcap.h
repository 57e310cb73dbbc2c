/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_PCAP_H
#define SELFTESTS_PCAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PCAP_LATE_MAX	64
#define PCAP_PIECES_MAX	16384

/**
 * struct pcap_piece - bytes that arrived in order
 * @reply: the server sent them
 * @gap: bytes before them are missing in the capture
 */
struct pcap_piece {
	uint8_t *data;
	uint32_t len;
	bool reply;
	bool gap;
};

/* A segment that came before its time. */
struct pcap_late {
	uint8_t *data;
	uint32_t seq, len;
};

/**
 * struct pcap - the only connection with that port in a file, or one of several
 * @piece: what was said
 * @next: per direction, the number of the next byte
 * @seen: @next is valid
 * @gap: bytes before @next are missing
 * @late: per direction, what waits for bytes before it
 * @protonum: transport: 6, or 17 for datagrams, each of which is a piece
 * @after: of several, those of clients' ports up to this one are left out; -1 if there
 *	may be one only
 * @found: the lowest one of the others
 * @error: what is wrong with the file, NULL if nothing is
 */
struct pcap {
	struct pcap_piece piece[PCAP_PIECES_MAX];
	int pieces;
	uint32_t next[2];
	bool seen[2];
	bool gap[2];
	struct pcap_late late[2][PCAP_LATE_MAX];
	int lates[2];
	uint16_t client_port;
	uint8_t protonum;
	int after;
	uint16_t found;
	const char *error;
};

void pcap_read(struct pcap *p, FILE *file, uint16_t port);
bool pcap_read_next(struct pcap *p, FILE *file, uint16_t port,
		    uint8_t protonum, uint16_t after);
void pcap_free(struct pcap *p);

#endif /* SELFTESTS_PCAP_H */
