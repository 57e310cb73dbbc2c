// SPDX-License-Identifier: GPL-2.0-only
/* A storm of messages to the module's family in the namespace it runs in: valid
 * ones, and such as were valid before something was made wrong.
 *
 *	storm_genl [-d] MESSAGES SEED
 *
 * With -d, all of them are to be refused: the sender may do nothing there.
 *
 * It fails if a message that asks for an answer gets none, or if a command is
 * never accepted as it should be, or never refused.
 */

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../include/uapi/linux/nf_appgw.h"
#include "mutate.h"
#include "sender.h"
#include "valid.h"

#define SENDERS		4
/* Messages while one conversation lasts, and at least between two attempts */
#define TALK_MESSAGES	250
#define TALK_PAUSE	40
/* One in so many goes to the second process, which has no conversation */
#define SHARE_BESIDE	4
#define ERRNO_MAX	134

/**
 * struct tally - what became of a command's messages
 * @sent: valid ones, and others
 * @done: those of them that were accepted
 * @error: refusals, by errno
 */
struct tally {
	unsigned long sent[2];
	unsigned long done[2];
	unsigned long error[ERRNO_MAX];
};

static struct tally tallies[COMMANDS];
static unsigned long count, unanswered, overruns, unread, talks, talks_failed;
static struct sender senders[SENDERS], anchor = { .fd = -1 };
/* Until there is one: somebody else's connection */
static struct talk talk = {
	.family = AF_INET, .addr = { 192, 0, 2, 1 }, .addr_len = 4, .port = 7,
	.client = -1, .server = -1,
};
static bool is_denied, is_beside;
static uint16_t family;
static uint32_t group;

static struct tally *tally_of(const uint8_t *data, size_t len)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;
	const struct command *command;

	if (len < NLMSG_HDRLEN + GENL_HDRLEN || nlh->nlmsg_type != family ||
	    !(nlh->nlmsg_flags & NLM_F_REQUEST) ||
	    nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return NULL;
	command = command_find(data[NLMSG_HDRLEN]);
	return command ? &tallies[command - commands] : NULL;
}

static void note(const uint8_t *data, size_t len,
		 const struct answers *answers, bool is_mutated)
{
	struct tally *tally = tally_of(data, len);
	unsigned int i;

	overruns += answers->overrun;
	for (i = 0; i < answers->count; i++) {
		if (answers->code[i] != ANSWER_NONE || answers->overrun)
			continue;
		unanswered++;
		printf("no answer to message %lu, type %u, flags %#x, %zu bytes\n",
		       count, ((const struct nlmsghdr *)data)->nlmsg_type,
		       ((const struct nlmsghdr *)data)->nlmsg_flags, len);
	}
	if (!tally || !answers->count ||
	    answers->seq[0] != ((const struct nlmsghdr *)data)->nlmsg_seq)
		return;
	tally->sent[is_mutated]++;
	if (!answers->code[0])
		tally->done[is_mutated]++;
	else if (answers->code[0] > 0 && answers->code[0] < ERRNO_MAX)
		tally->error[answers->code[0]]++;
}

/* A message of our own to keep the storm going; 0 or what it was refused with */
static int ask(struct sender *sender, const struct message *m)
{
	struct answers answers;
	uint8_t out[256];

	sender_send(sender, out, message_write(m, out, sizeof(out)), &answers);
	sender_read(sender, &answers);
	return answers.code[0];
}

/* The socket that listens for the conversations, which no storm comes from */
static bool anchored(void)
{
	struct message m;

	if (anchor.fd >= 0 && one_in(4))
		sender_close(&anchor);
	if (anchor.fd < 0)
		sender_open(&anchor, 0);
	message_new(&m, family, APPGW_CMD_POLICY_SET);
	valid_policy(m.root);
	if (ask(&anchor, &m))
		return false;
	message_new(&m, family, APPGW_CMD_LISTEN);
	valid_listen(m.root, "irc", TALK_QUEUE, 1);
	return !ask(&anchor, &m);
}

static void talk_again(void)
{
	talk_close(&talk);
	talks++;
	if (!anchored() || !talk_open(&talk, one_in(2) ? AF_INET : AF_INET6))
		talks_failed++;
}

/* Begins a conversation when the one there was has become of no use. */
static void talk_on(bool is_over)
{
	static unsigned long since;

	if (is_denied || is_beside)
		return;
	if (!since || count - since >= TALK_MESSAGES ||
	    (is_over && count - since >= TALK_PAUSE)) {
		since = count;
		talk_again();
	}
}

/* Writes a message, and sometimes a valid one behind it; its length */
static size_t compose(uint8_t *to, size_t size, const struct command *command,
		      bool is_mutated)
{
	struct message m;
	size_t len;

	message_new(&m, family, command->cmd);
	if (command->is_dump)
		m.nlh.nlmsg_flags |= NLM_F_DUMP;
	if (command->fill)
		command->fill(m.root, &talk);
	if (is_mutated)
		mutate(&m);
	len = message_write(&m, to, size);
	if (!len)
		return 0;
	if (is_mutated && one_in(6))
		len = mutate_bytes(to, len, size);
	if (one_in(16) && NLMSG_ALIGN(len) < size) {
		message_new(&m, family, APPGW_CMD_POLICY_GET);
		len = NLMSG_ALIGN(len);
		len += message_write(&m, to + len, size - len);
	}
	return len;
}

/* Before the next message, the start of a dump may or may not be read. */
static struct sender *sender_pick(void)
{
	struct sender *sender = &senders[random_below(SENDERS)];

	if (one_in(100)) {
		sender_close(sender);
		sender_open(sender, group);
	}
	if (sender->is_unread && one_in(2))
		sender_drain(sender);
	return sender;
}

static void storm_once(void)
{
	const struct command *command = command_pick();
	static uint8_t data[MESSAGE_MAX];
	bool is_mutated = !one_in(4);
	struct answers answers;
	struct sender *sender;
	size_t len;

	len = compose(data, sizeof(data), command, is_mutated);
	if (!len)
		return;
	count++;
	sender = sender_pick();
	sender_send(sender, data, len, &answers);
	if (command->is_dump && one_in(6)) {
		unread++;
		sender->is_unread = true;
		if (one_in(2)) {
			sender_close(sender);
			sender_open(sender, group);
		}
		return;
	}
	sender_read(sender, &answers);
	note(data, len, &answers, is_mutated);
	talk_on(command->cmd == APPGW_CMD_PLAN && !is_mutated &&
		answers.count && answers.code[0]);
}

static void print_tally(const struct command *command,
			const struct tally *tally)
{
	int i;

	printf("%s%s: %lu of %lu valid ones accepted, %lu of %lu others;",
	       is_beside ? "beside: " : "", command->name, tally->done[0],
	       tally->sent[0], tally->done[1], tally->sent[1]);
	for (i = 1; i < ERRNO_MAX; i++)
		if (tally->error[i])
			printf(" %s %lu", strerrorname_np(i), tally->error[i]);
	printf("\n");
}

/* Is it as it must be for an administrator, or for somebody who is none? */
static bool is_well(const struct tally *tally)
{
	unsigned long sent = tally->sent[0] + tally->sent[1];
	unsigned long done = tally->done[0] + tally->done[1];

	if (is_denied)
		return !done && tally->error[EPERM] >= tally->sent[0] &&
		       (is_beside || tally->sent[0]);
	return is_beside || (tally->done[0] && sent - done >= sent / 20 &&
			     sent > done);
}

/* What became of all; 0 if it is well */
static int report(void)
{
	unsigned long sent = 0, done = 0;
	int ret = unanswered ? 1 : 0;
	unsigned int i;

	for (i = 0; i < COMMANDS; i++) {
		print_tally(&commands[i], &tallies[i]);
		sent += tallies[i].sent[0] + tallies[i].sent[1];
		done += tallies[i].done[0] + tallies[i].done[1];
		if (!is_well(&tallies[i])) {
			printf("that is not well: %s\n", commands[i].name);
			ret = 1;
		}
	}
	printf("%s%lu messages: %lu accepted, %lu refused, %lu dumps left, ",
	       is_beside ? "beside: " : "", count, done, sent - done, unread);
	printf("%lu without an answer, %lu overruns, ", unanswered, overruns);
	printf("%lu conversations, %lu of them failed\n", talks, talks_failed);
	return ret;
}

static int storm(unsigned long messages, uint64_t seed)
{
	int i, joined;

	random_seed(seed);
	family = sender_family(&group);
	for (i = 0; i < SENDERS; i++)
		sender_open(&senders[i], group);
	if (is_denied) {
		joined = sender_join(&senders[0], group);
		if (joined != EPERM)
			errx(1, "joins the group of events: %s",
			     strerror(joined));
	} else if (!is_beside) {
		talk_init();
	}
	talk_on(true);
	while (count < messages)
		storm_once();
	if (!is_denied && !is_beside)
		talk_close(&talk);
	return report();
}

int main(int argc, char **argv)
{
	unsigned long messages, beside;
	int status, ret;
	uint64_t seed;
	pid_t pid;

	if (argc > 1 && !strcmp(argv[1], "-d")) {
		is_denied = true;
		argv++;
		argc--;
	}
	if (argc != 3)
		errx(2, "usage: storm_genl [-d] MESSAGES SEED");
	messages = strtoul(argv[1], NULL, 0);
	seed = strtoull(argv[2], NULL, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);

	beside = messages / SHARE_BESIDE;
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		is_beside = true;
		return storm(beside, seed + 1);
	}
	ret = storm(messages - beside, seed);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "the one beside ended with status %#x", status);
	return ret;
}
