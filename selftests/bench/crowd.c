// SPDX-License-Identifier: GPL-2.0-only
/* Chatter of many connections on two processors, each with connections and devices of its
 * own, so that nothing is shared but what the router shares.
 *
 *	crowd NS ftp|irc CONNECTIONS ROUNDS
 *
 * Through the devices "lan" and "wan" of NS for the first processor, "lan1" and "wan1" for
 * the second one; see tun.h. When all are logged in says "ready" and waits for a line. Then
 * ROUNDS times each connection says a line and is answered; how many segments that were on
 * both is printed in the end.
 */

#define _GNU_SOURCE

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define TUN_WAIT_MS	10000
#include "tun.h"

#define PROCESSORS	2
#define PORT_FTP	21
#define PORT_IRC	6667
#define FIRST_PORT	20000

/* To look at a device again */
#define STEP_US		100000

/**
 * struct side - what belongs to a processor
 * @lan: the device that its clients are behind
 * @wan: the device that its server is behind
 * @client: address of its first client, host byte order
 * @server: address of its server, likewise
 */
struct side {
	const char *lan;
	const char *wan;
	uint32_t client;
	uint32_t server;
};

static const struct side sides[PROCESSORS] = {
	{ "lan", "wan", TUN_CLIENT, TUN_SERVER },
	{ "lan1", "wan1", 0x0b010000 /* 11.1.0.0 */, 0xc6336402 /* 198.51.100.2 */ },
};

static const char *command, *reply;

static void say(struct tun_conn *c, enum tun_end from, const char *text)
{
	tun_say_same(c, from, text, strlen(text));
}

static void log_in(struct tun_conn *c)
{
	tun_connect(c);
	if (c->port[TUN_FROM_SERVER] == PORT_IRC) {
		say(c, TUN_FROM_CLIENT, "NICK me\r\nUSER me 0 * :me\r\n");
		say(c, TUN_FROM_SERVER, ":irc.test 001 me :Welcome\r\n");
		return;
	}
	say(c, TUN_FROM_SERVER, "220 ready\r\n");
	say(c, TUN_FROM_CLIENT, "USER anonymous\r\n");
	say(c, TUN_FROM_SERVER, "331 your name\r\n");
	say(c, TUN_FROM_CLIENT, "PASS me@example.net\r\n");
	say(c, TUN_FROM_SERVER, "230 welcome\r\n");
}

/* Wait until the device @name sends what it is given: for a moment it drops that. */
static void await_running(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq req = { 0 };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	do {
		usleep(STEP_US);
		if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &req))
			err(1, "%s", name);
	} while (!(req.ifr_flags & IFF_RUNNING));
	usleep(STEP_US);
	close(fd);
}

/* One processor's part: say that it's @ready, and @go when a byte comes. */
static void run(int processor, const char *ns, uint16_t port, int count, int rounds, int ready,
		int go)
{
	struct tun_conn *conns = calloc(count, sizeof(*conns));
	const struct side *side = &sides[processor];
	cpu_set_t own;
	char byte;
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	CPU_ZERO(&own);
	CPU_SET(processor, &own);
	if (!conns || sched_setaffinity(0, sizeof(own), &own))
		err(1, "processor %d", processor);
	netns_enter(ns);
	tun_fd[TUN_FROM_CLIENT] = tun_open_one(side->lan);
	tun_fd[TUN_FROM_SERVER] = tun_open_one(side->wan);
	await_running(side->lan);
	await_running(side->wan);
	for (i = 0; i < count; i++) {
		conns[i] = (struct tun_conn){
			.addr = { side->client + i, side->server },
			.port = { FIRST_PORT + i, port },
		};
		log_in(&conns[i]);
	}
	if (write(ready, "", 1) != 1 || read(go, &byte, 1) != 1)
		err(1, "processor %d", processor);
	for (; rounds; rounds--) {
		for (i = 0; i < count; i++) {
			say(&conns[i], TUN_FROM_CLIENT, command);
			say(&conns[i], TUN_FROM_SERVER, reply);
		}
	}
}

int main(int argc, char **argv)
{
	int i, count, rounds, status, failed = 0, ready[2], go[2];
	char bytes[PROCESSORS];
	uint16_t port;

	if (argc != 5)
		errx(2, "usage: crowd NS ftp|irc CONNECTIONS ROUNDS");
	port = strcmp(argv[2], "irc") ? PORT_FTP : PORT_IRC;
	command = port == PORT_FTP ? "TYPE I\r\n" :
		  "PRIVMSG #garden :Good morning, is anybody there?\r\n";
	reply = port == PORT_FTP ? "200 binary\r\n" :
		":bob!b@example.org PRIVMSG #garden :Good morning!\r\n";
	count = atoi(argv[3]);
	rounds = atoi(argv[4]);
	if (pipe(ready) || pipe(go))
		err(1, "pipe");
	for (i = 0; i < PROCESSORS; i++) {
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			close(ready[0]);
			run(i, argv[1], port, count, rounds, ready[1], go[0]);
			return 0;
		}
	}
	close(ready[1]);
	for (i = 0; i < PROCESSORS; i++)
		if (read(ready[0], bytes, 1) != 1)
			errx(1, "nobody has logged in");
	puts("ready");
	fflush(stdout);
	getchar();
	if (write(go[1], bytes, PROCESSORS) != PROCESSORS)
		err(1, "write");
	for (i = 0; i < PROCESSORS; i++)
		failed |= wait(&status) < 0 || status;
	if (failed)
		errx(1, "a processor has failed");
	printf("%d\n", PROCESSORS * count * rounds * 2);
	return 0;
}
