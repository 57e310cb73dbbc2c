// SPDX-License-Identifier: GPL-2.0-only
/* Storm: segments of FTP conversations, mutated, through the helper "appgw-ftp"
 * as fast as it takes them, with connections and expectations of conntrack's
 * own in the network namespace of whoever loads this.
 *
 * Loading it takes as long as the storm does. The kernel's checks see what goes
 * wrong; what becomes of the packets is looked at here.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_nat.h>
#include <net/tcp.h>

#include "storm.h"

#define STORM_HELPER	"appgw-ftp"

/* Connections at a time, and segments that most of them live for. */
#define STORM_TALKS	16
#define STORM_LIFE	200

/* Segments of a direction that can come again. */
#define STORM_SENT	4

#define STORM_SENT_MAX	400
#define STORM_TIMEOUT_S	600
#define STORM_THREADS	2

static unsigned int segments = 100000;
module_param(segments, uint, 0400);
MODULE_PARM_DESC(segments, "how many (default 100000)");

static unsigned long long seed;
module_param(seed, ullong, 0400);
MODULE_PARM_DESC(seed, "what they follow from (default random)");

static unsigned int threads = 1;
module_param(threads, uint, 0400);
MODULE_PARM_DESC(threads, "who send them: 1, or 2 at the same time");

/**
 * struct storm_sent - a segment that can come again
 * @seq: its sequence number
 * @len: bytes in @text
 * @text: its payload
 */
struct storm_sent {
	u32 seq;
	unsigned int len;
	u8 text[STORM_SENT_MAX];
};

/**
 * struct storm_talk - a connection
 * @lock: guards the rest; not held while the helper works
 * @ct: its entry, with a reference
 * @left: segments until it ends
 * @opening: how many of storm_opening it has had
 * @opening_end: how many it gets
 * @next: per direction, what its sender would say next
 * @heard: per direction, what its receiver has got
 * @sent: per direction, the last ones
 */
struct storm_talk {
	spinlock_t lock;
	struct nf_conn *ct;
	int left;
	unsigned int opening;
	unsigned int opening_end;
	u32 next[IP_CT_DIR_MAX];
	u32 heard[IP_CT_DIR_MAX];
	struct storm_sent sent[IP_CT_DIR_MAX][STORM_SENT];
};

/**
 * struct storm_thread - one that sends
 * @rnd: what it does
 * @task: NULL for the one that loads the module
 * @count: segments so far
 * @dropped: of those, how many the helper did not let through
 * @longer: how many came out with another length
 * @wrong: how many came out wrong
 * @segment: the one under way
 * @packet: likewise
 */
struct storm_thread {
	struct rnd_state rnd;
	struct task_struct *task;
	unsigned int count;
	unsigned int dropped;
	unsigned int longer;
	unsigned int wrong;
	struct storm_segment segment;
	struct storm_packet packet;
};

/* How a conversation begins: without it, the helper turns away. */
static const struct {
	enum ip_conntrack_dir dir;
	u8 flags;
	enum tcp_conntrack state;
	const char *text;
} storm_opening[] = {
	{ IP_CT_DIR_ORIGINAL, TCPHDR_SYN, TCP_CONNTRACK_SYN_SENT, "" },
	{ IP_CT_DIR_REPLY, TCPHDR_SYN | TCPHDR_ACK, TCP_CONNTRACK_SYN_RECV,
	  "" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "220 ready\r\n" },
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "USER anonymous\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "230 welcome\r\n" },
	/* for some only */
	{ IP_CT_DIR_ORIGINAL, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "AUTH TLS\r\n" },
	{ IP_CT_DIR_REPLY, TCPHDR_ACK, TCP_CONNTRACK_ESTABLISHED,
	  "234 go on\r\n" },
};

#define STORM_OPENING_TLS	2

static struct storm_talk storm_talks[STORM_TALKS];
static struct storm_thread *storm_threads[STORM_THREADS];
static struct net *storm_net;

/* A client behind NAT, or one that is not, and a server. */
static void storm_tuple(struct nf_conntrack_tuple *t, struct rnd_state *rnd)
{
	memset(t, 0, sizeof(*t));
	t->dst.protonum = IPPROTO_TCP;
	t->src.u.tcp.port = htons(1024 + storm_below(rnd, 60000));
	t->dst.u.tcp.port = htons(21);
	if (storm_one_in(rnd, 3)) {
		t->src.l3num = NFPROTO_IPV6;
		t->src.u3.ip6[0] = htonl(0xfd000001);
		t->src.u3.ip6[3] = htonl(1 + storm_below(rnd, 9));
		t->dst.u3.ip6[0] = htonl(0x20010db8);
		t->dst.u3.ip6[3] = htonl(1 + storm_below(rnd, 9));
	} else {
		t->src.l3num = NFPROTO_IPV4;
		t->src.u3.ip = htonl(0x0a000001 + storm_below(rnd, 9));
		t->dst.u3.ip = htonl(0xcb007101 + storm_below(rnd, 9));
	}
}

static void storm_nat(struct nf_conn *ct, struct rnd_state *rnd)
{
	struct nf_nat_range2 range = { .flags = NF_NAT_RANGE_MAP_IPS };
	bool v6 = nf_ct_l3num(ct) == NFPROTO_IPV6;

	if (storm_one_in(rnd, 4))
		return;
	if (v6) {
		range.min_addr.ip6[0] = htonl(0x20010db8);
		range.min_addr.ip6[3] = htonl(0xffff0000 +
					      storm_below(rnd, 99));
	} else {
		range.min_addr.ip = htonl(0xc6336401 + storm_below(rnd, 250));
	}
	range.max_addr = range.min_addr;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

static bool storm_help(struct nf_conn *ct)
{
	struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;

	helper = __nf_conntrack_helper_find(STORM_HELPER, nf_ct_l3num(ct),
					    IPPROTO_TCP);
	help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);
	if (!helper || !help)
		return false;
	RCU_INIT_POINTER(help->helper, helper);
	return true;
}

/* A connection that conntrack knows, as if it had been set up just now */
static struct nf_conn *storm_connect(struct rnd_state *rnd)
{
	struct nf_conntrack_tuple orig, reply;
	struct nf_conn *ct;

	storm_tuple(&orig, rnd);
	nf_ct_invert_tuple(&reply, &orig);
	ct = nf_conntrack_alloc(storm_net, &nf_ct_zone_dflt, &orig, &reply,
				GFP_ATOMIC);
	if (IS_ERR(ct))
		return NULL;
	storm_nat(ct, rnd);
	if (!storm_help(ct))
		goto err;
	if (!storm_one_in(rnd, 8))
		nfct_seqadj_ext_add(ct);
	ct->status |= IPS_CONFIRMED | IPS_SEEN_REPLY | IPS_ASSURED;
	ct->timeout = nfct_time_stamp + STORM_TIMEOUT_S * HZ;
	ct->proto.tcp.state = TCP_CONNTRACK_ESTABLISHED;
	if (nf_conntrack_hash_check_insert(ct))
		goto err;
	return ct;

err:
	nf_conntrack_free(ct);
	return NULL;
}

/* The last reference may be with the one who is in the helper. */
static void storm_end(struct nf_conn *ct)
{
	if (!ct)
		return;
	nf_ct_delete(ct, 0, 0);
	nf_ct_put(ct);
}

/* @talk ends and another begins in its place. */
static void storm_renew(struct storm_talk *talk, struct rnd_state *rnd)
{
	struct nf_conn *old = talk->ct;
	int i;

	lockdep_assert_held(&talk->lock);
	talk->ct = storm_connect(rnd);
	talk->left = 1 + storm_below(rnd, 2 * STORM_LIFE);
	talk->opening = 0;
	talk->opening_end = ARRAY_SIZE(storm_opening);
	if (!storm_one_in(rnd, 8))
		talk->opening_end -= STORM_OPENING_TLS;
	if (storm_one_in(rnd, 16))
		talk->opening_end = 0;
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		talk->next[i] = prandom_u32_state(rnd);
		talk->heard[i] = talk->next[i];
	}
	memset(talk->sent, 0, sizeof(talk->sent));
	storm_end(old);
}

/* A segment as the last one sent: the whole or a part, the same or not. */
static void storm_again(const struct storm_talk *talk,
			enum ip_conntrack_dir dir, struct rnd_state *rnd,
			struct storm_segment *s)
{
	const struct storm_sent *sent =
		&talk->sent[dir][storm_below(rnd, STORM_SENT)];
	unsigned int skip = 0;

	if (!sent->len)
		return;
	if (storm_one_in(rnd, 4))
		skip = storm_below(rnd, sent->len);
	s->seq = sent->seq + skip;
	s->len = sent->len - skip;
	memcpy(s->payload, sent->text + skip, s->len);
	if (storm_one_in(rnd, 4))
		s->len = 1 + storm_below(rnd, s->len);
	if (storm_one_in(rnd, 6))
		s->payload[storm_below(rnd, s->len)] ^= 1;
}

static void storm_remember(struct storm_talk *talk, enum ip_conntrack_dir dir,
			   struct rnd_state *rnd, const struct storm_segment *s)
{
	struct storm_sent *sent =
		&talk->sent[dir][storm_below(rnd, STORM_SENT)];

	if (!s->len || s->len > STORM_SENT_MAX)
		return;
	sent->seq = s->seq;
	sent->len = s->len;
	memcpy(sent->text, s->payload, s->len);
}

static u8 storm_flags(struct rnd_state *rnd)
{
	if (storm_one_in(rnd, 100))
		return prandom_u32_state(rnd);
	if (storm_one_in(rnd, 200))
		return TCPHDR_FIN | TCPHDR_ACK;
	if (storm_one_in(rnd, 400))
		return TCPHDR_RST;
	if (storm_one_in(rnd, 50))
		return TCPHDR_URG | TCPHDR_ACK;
	return TCPHDR_ACK;
}

static void storm_open(struct storm_talk *talk, enum ip_conntrack_dir dir,
		       struct storm_segment *s)
{
	unsigned int n = talk->opening++;
	const char *text = storm_opening[n].text;

	WRITE_ONCE(talk->ct->proto.tcp.state, storm_opening[n].state);
	s->flags = storm_opening[n].flags;
	s->len = strlen(text);
	memcpy(s->payload, text, s->len);
	talk->next[dir] += s->len;
	if (s->flags & TCPHDR_SYN)
		talk->heard[dir] = ++talk->next[dir];
}

/* What comes next from @dir, mostly. */
static void storm_say(struct storm_talk *talk, enum ip_conntrack_dir dir,
		      struct rnd_state *rnd, struct storm_segment *s)
{
	s->family = nf_ct_l3num(talk->ct);
	s->tuple = talk->ct->tuplehash[dir].tuple;
	s->seq = talk->next[dir];
	s->ack = talk->heard[!dir];
	s->sound = true;
	s->len = 0;
	if (talk->opening < talk->opening_end) {
		storm_open(talk, dir, s);
		return;
	}
	s->flags = storm_flags(rnd);
	if (storm_one_in(rnd, 10)) {
		storm_again(talk, dir, rnd, s);
	} else if (!storm_one_in(rnd, 8)) {
		s->len = storm_text(rnd, dir, &s->tuple, s->payload,
				    storm_one_in(rnd, 50) ? STORM_PAYLOAD_MAX :
							    1400);
		storm_remember(talk, dir, rnd, s);
		/* an overlap or, if it was lost, a gap */
		if (storm_one_in(rnd, 20))
			s->seq += (int)storm_below(rnd, 200) - 100;
		else if (storm_one_in(rnd, 200))
			s->seq = prandom_u32_state(rnd);
		else
			talk->next[dir] += s->len;
	}
	if (storm_one_in(rnd, 10))
		s->ack -= storm_below(rnd, 300);
	else if (storm_one_in(rnd, 100))
		s->ack = prandom_u32_state(rnd);
	if (s->flags & TCPHDR_RST && storm_one_in(rnd, 2))
		WRITE_ONCE(talk->ct->proto.tcp.state, TCP_CONNTRACK_CLOSE);
}

/* The receiver has it, unless it came too early. */
static void storm_hear(struct storm_talk *talk, const struct nf_conn *ct,
		       enum ip_conntrack_dir dir, const struct storm_packet *p)
{
	struct tcphdr _th, *th;
	u32 end;

	th = skb_header_pointer(p->skb, p->protoff, sizeof(_th), &_th);
	if (!th)
		return;
	end = ntohl(th->seq) + p->skb->len - p->protoff - th->doff * 4;
	if (talk->ct == ct && !after(ntohl(th->seq), talk->heard[dir]) &&
	    after(end, talk->heard[dir]))
		talk->heard[dir] = end;
}

/* The way that conntrack calls it. */
static void storm_pass(struct storm_thread *t, struct storm_talk *talk,
		       struct nf_conn *ct, enum ip_conntrack_dir dir)
{
	struct storm_packet *p = &t->packet;
	struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	const char *wrong;
	int ret;

	if (storm_packet_make(p, &t->rnd, &t->segment, storm_net))
		return;
	ctinfo = dir == IP_CT_DIR_ORIGINAL ? IP_CT_ESTABLISHED :
					     IP_CT_ESTABLISHED_REPLY;
	nf_ct_set(p->skb, ct, ctinfo);
	nf_conntrack_get(&ct->ct_general);

	helper = rcu_dereference(nfct_help(ct)->helper);
	ret = helper ? helper->help(p->skb, p->protoff, ct, ctinfo) : NF_ACCEPT;
	t->count++;
	wrong = ret == NF_DROP || ret == NF_ACCEPT ?
		NULL : "neither dropped nor accepted";
	if (ret == NF_DROP) {
		t->dropped++;
	} else if (!wrong) {
		t->longer += p->skb->len != p->len;
		wrong = storm_packet_check(p, &t->segment);
		if (t->segment.sound && !storm_one_in(&t->rnd, 20)) {
			spin_lock(&talk->lock);
			storm_hear(talk, ct, dir, p);
			spin_unlock(&talk->lock);
		}
	}
	if (wrong && !t->wrong++)
		pr_err("segment %u: %s\n", t->count, wrong);
	storm_packet_free(p);
}

static void storm_step(struct storm_thread *t)
{
	struct rnd_state *rnd = &t->rnd;
	struct storm_talk *talk = &storm_talks[storm_below(rnd, STORM_TALKS)];
	enum ip_conntrack_dir dir = storm_below(rnd, IP_CT_DIR_MAX);
	struct nf_conn *ct;

	local_bh_disable();
	rcu_read_lock();
	spin_lock(&talk->lock);
	if (!talk->ct || talk->left-- <= 0)
		storm_renew(talk, rnd);
	ct = talk->ct;
	if (ct) {
		nf_conntrack_get(&ct->ct_general);
		if (talk->opening < talk->opening_end)
			dir = storm_opening[talk->opening].dir;
		storm_say(talk, dir, rnd, &t->segment);
	}
	spin_unlock(&talk->lock);
	if (ct) {
		storm_pass(t, talk, ct, dir);
		nf_ct_put(ct);
	}
	rcu_read_unlock();
	local_bh_enable();
	cond_resched();
}

static int storm_run(void *data)
{
	struct storm_thread *t = data;
	unsigned int share = segments / threads;
	unsigned int tries = 0;

	/* without memory there may be nothing to send for a while */
	while (t->count < share && tries++ < 4 * share)
		storm_step(t);
	while (t->task && !kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int storm_start(void)
{
	struct storm_thread *t;
	unsigned int i;

	for (i = 0; i < STORM_TALKS; i++)
		spin_lock_init(&storm_talks[i].lock);
	for (i = 0; i < threads; i++) {
		t = kvzalloc(sizeof(*t), GFP_KERNEL);
		if (!t)
			return -ENOMEM;
		storm_threads[i] = t;
		prandom_seed_state(&t->rnd, seed + i);
	}
	for (i = 1; i < threads; i++) {
		t = storm_threads[i];
		t->task = kthread_create(storm_run, t, "storm/%u", i);
		if (IS_ERR(t->task)) {
			t->task = NULL;
			return -ENOMEM;
		}
		get_task_struct(t->task);
		wake_up_process(t->task);
	}
	return 0;
}

static void storm_stop(unsigned long begin)
{
	unsigned int count = 0, dropped = 0, longer = 0, i;

	for (i = 0; i < STORM_THREADS; i++) {
		struct storm_thread *t = storm_threads[i];

		if (!t)
			continue;
		if (t->task) {
			kthread_stop(t->task);
			put_task_struct(t->task);
		}
		count += t->count;
		dropped += t->dropped;
		longer += t->longer;
	}
	for (i = 0; i < STORM_TALKS; i++)
		storm_end(storm_talks[i].ct);
	pr_info("%u segments, %u dropped, %u of another length, %u ms, seed %llu\n",
		count, dropped, longer, jiffies_to_msecs(jiffies - begin), seed);
}

static unsigned int storm_free(void)
{
	unsigned int wrong = 0, i;

	for (i = 0; i < STORM_THREADS; i++) {
		wrong += storm_threads[i] ? storm_threads[i]->wrong : 0;
		kvfree(storm_threads[i]);
	}
	return wrong;
}

static int __init storm_init(void)
{
	struct nf_conntrack_helper *helper;
	unsigned long begin = jiffies;
	int ret;

	if (!threads || threads > STORM_THREADS)
		return -EINVAL;
	if (!seed)
		seed = get_random_u32();
	storm_net = current->nsproxy->net_ns;

	/* as a rule would hold it */
	helper = nf_conntrack_helper_try_module_get(STORM_HELPER, NFPROTO_IPV4,
						    IPPROTO_TCP);
	if (!helper)
		return -ENOENT;

	ret = storm_start();
	if (!ret)
		storm_run(storm_threads[0]);
	storm_stop(begin);
	nf_conntrack_helper_put(helper);
	if (storm_free() && !ret)
		ret = -EILSEQ;
	return ret;
}

static void __exit storm_exit(void)
{
}

module_init(storm_init);
module_exit(storm_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Mutated segments for the helper " STORM_HELPER);
