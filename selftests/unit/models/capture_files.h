/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_CAPTURE_FILES_H
#define SELFTESTS_CAPTURE_FILES_H

#include "pcap.h"

bool capture_files_found(void);
FILE *capture_open(const char *name);
bool capture_begin(struct pcap *p, const char *name, uint16_t port);
void capture_end(struct pcap *p);

#endif /* SELFTESTS_CAPTURE_FILES_H */
