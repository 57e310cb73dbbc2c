/* SPDX-License-Identifier: GPL-2.0-only */
/* What is made wrong in a message. */
#ifndef MUTATE_H
#define MUTATE_H

#include "message.h"

void mutate(struct message *m);
size_t mutate_bytes(uint8_t *data, size_t len, size_t size);

#endif /* MUTATE_H */
