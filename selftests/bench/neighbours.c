// SPDX-License-Identifier: GPL-2.0-only
/* What an announcement costs, in instructions, when its port and so many beside it are
 * taken, and what memory a pinhole takes.
 *
 *	neighbours NS [COUNT]
 *
 * See tun.h. COUNT clients, 10,000 by default, behind one address each announce a port of their own, one
 * beside the other; then LATE others announce those ports again, each of which must be
 * given another one. Prints the median, the 90th and 99th of a hundred and the highest,
 * how many were not rewritten, and how many bytes of slabs an early one took.
 */

#define _GNU_SOURCE

#include "tun.h"

#define PORT_FTP	21

#define COUNT_MAX	10000
#define LATE		1000
#define FIRST_PORT	20000
#define LINE_MAX_LEN	64

static struct tun_conn conns[COUNT_MAX + LATE];

static void say(struct tun_conn *c, enum tun_end from, const char *text)
{
	tun_say_same(c, from, text, strlen(text));
}

static void begin(struct tun_conn *c, unsigned int i)
{
	*c = (struct tun_conn){
		.addr = { TUN_CLIENT + 1 + i, TUN_SERVER },
		.port = { FIRST_PORT + i, PORT_FTP },
	};
	tun_connect(c);
	say(c, TUN_FROM_SERVER, "220 ready\r\n");
	say(c, TUN_FROM_CLIENT, "USER anonymous\r\n");
	say(c, TUN_FROM_SERVER, "331 your name\r\n");
	say(c, TUN_FROM_CLIENT, "PASS me@example.net\r\n");
	say(c, TUN_FROM_SERVER, "230 welcome\r\n");
}

/* Announce @port; what that took. @public is what the server is told, 0 if it is told
 * the client's own address.
 */
static uint64_t announce(struct tun_conn *c, unsigned int port, unsigned int *public)
{
	unsigned int a[4], hi, lo;
	char line[LINE_MAX_LEN];
	struct tun_packet p;
	uint64_t took;
	size_t came;

	snprintf(line, sizeof(line), "PORT %u,%u,%u,%u,%u,%u\r\n",
		 c->addr[0] >> 24, c->addr[0] >> 16 & 0xff, c->addr[0] >> 8 & 0xff,
		 c->addr[0] & 0xff, port >> 8, port & 0xff);
	took = tun_say(c, TUN_FROM_CLIENT, line, strlen(line), &p, &came);
	p.data[came] = 0;
	if (sscanf((char *)p.data, "PORT %u,%u,%u,%u,%u,%u", &a[0], &a[1], &a[2],
		   &a[3], &hi, &lo) != 6)
		errx(1, "'%s' has become '%s'", line, p.data);
	*public = (a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3]) == TUN_ROUTER ?
		  hi << 8 | lo : 0;
	return took;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Bytes of the slabs that pinholes may be in, from the kernel's list of them */
static unsigned long long slabs(void)
{
	unsigned long long sum = 0, used, all, size;
	char line[512], name[64];
	FILE *f = fopen("/proc/slabinfo", "re");

	if (!f)
		err(1, "slabinfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %llu %llu %llu", name, &used, &all, &size) == 4 &&
		    (!strncmp(name, "kmalloc-", 8) || !strncmp(name, "nf_appgw", 8) ||
		     !strcmp(name, "nf_conntrack_expect")))
			sum += used * size;
	fclose(f);
	return sum;
}

int main(int argc, char **argv)
{
	static uint64_t took[LATE];
	unsigned int count = argc > 2 ? atoi(argv[2]) : COUNT_MAX;
	unsigned int i, public, unchanged = 0;
	unsigned long long before;

	if (argc < 2 || argc > 3 || !count || count > COUNT_MAX)
		errx(2, "usage: neighbours NS [COUNT]");
	tun_open(argv[1]);
	for (i = 0; i < count + LATE; i++)
		begin(&conns[i], i);
	before = slabs();
	for (i = 0; i < count; i++) {
		announce(&conns[i], FIRST_PORT + i, &public);
		if (public != FIRST_PORT + i)
			errx(1, "port %u has become %u", FIRST_PORT + i, public);
	}
	before = slabs() - before;
	for (i = 0; i < LATE; i++) {
		took[i] = announce(&conns[count + i], FIRST_PORT + i * 7 % count, &public);
		unchanged += !public;
	}
	qsort(took, LATE, sizeof(took[0]), compare);
	printf("%llu %llu %llu %llu %u %llu\n", (unsigned long long)took[LATE / 2],
	       (unsigned long long)took[LATE * 9 / 10],
	       (unsigned long long)took[LATE * 99 / 100],
	       (unsigned long long)took[LATE - 1], unchanged, before / count);
	return 0;
}
