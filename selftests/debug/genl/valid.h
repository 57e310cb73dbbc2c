/* SPDX-License-Identifier: GPL-2.0-only */
/* What the family takes. */
#ifndef VALID_H
#define VALID_H

#include "message.h"
#include "talk.h"

/**
 * struct command - one that the family has
 * @name: for reports
 * @cmd: its number
 * @is_dump: it is answered with a list
 * @weight: how often it is sent, in proportion
 * @fill: adds the attributes; NULL if there are none
 */
struct command {
	const char *name;
	uint8_t cmd;
	bool is_dump;
	unsigned int weight;
	void (*fill)(struct node *root, const struct talk *talk);
};

#define COMMANDS	10

extern const struct command commands[COMMANDS];

const struct command *command_pick(void);
const struct command *command_find(uint8_t cmd);
void valid_policy(struct node *root);
void valid_listen(struct node *root, const char *helper, uint16_t queue,
		  uint16_t queues);

#endif /* VALID_H */
