// SPDX-License-Identifier: GPL-2.0-only
/* Storm: segments of conversations, mutated, through the helper for their
 * protocol as fast as it takes them, with connections and expectations of
 * conntrack's own in the network namespace of whoever loads this. Those that a
 * listener may want to see go through the hooks where packets leave first,
 * from where they may be queued and come on, later or never, as the helper has
 * to expect.
 *
 * Loading it takes as long as the storm does. The kernel's checks see what goes
 * wrong; what becomes of the packets is looked at here.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netfilter_ipv4.h>
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/tcp.h>

#include "storm.h"

/* Connections at a time */
#define STORM_TALKS	16

/* Segments of a direction that can come again. */
#define STORM_SENT	4

#define STORM_SENT_MAX	1400
#define STORM_THREADS	2

/* A packet's skb->mark: it is a sound one, its receiver doesn't get it, its length
 * at first, and 1 + how many lengths in its payload were right
 */
#define STORM_MARK_SOUND	BIT(0)
#define STORM_MARK_LOST		BIT(1)
#define STORM_MARK_LEN		GENMASK(15, 2)
#define STORM_MARK_RIGHT	GENMASK(31, 16)

static char *protocol = "ftp";
module_param(protocol, charp, 0400);
MODULE_PARM_DESC(protocol, "what is spoken: ftp (default), irc, mms, msn, rpc or rtsp");

static unsigned int segments = 100000;
module_param(segments, uint, 0400);
MODULE_PARM_DESC(segments, "how many (default 100000)");

static unsigned long long seed;
module_param(seed, ullong, 0400);
MODULE_PARM_DESC(seed, "what they follow from (default random)");

static unsigned int threads = 1;
module_param(threads, uint, 0400);
MODULE_PARM_DESC(threads, "who send them: 1, or 2 at the same time");

static unsigned int linger_ms;
module_param(linger_ms, uint, 0400);
MODULE_PARM_DESC(linger_ms, "how long the last connections stay (default 0)");

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
 * struct storm_rest - what is still to be said of a text
 * @len: bytes in @text
 * @text: what has not been sent yet
 */
struct storm_rest {
	unsigned int len;
	u8 text[STORM_SENT_MAX];
};

/**
 * struct storm_talk - a connection
 * @lock: guards the rest; not held while the helper works
 * @ct: its entry, with a reference
 * @left: segments until it ends
 * @opening: how many steps of its protocol's opening it has had
 * @opening_end: how many it gets
 * @next: per direction, what its sender would say next
 * @heard: per direction, what its receiver has got
 * @calm: nothing of it comes in parts, again, or not at all, so that more is
 *	edited whose lengths can be looked at
 * @whole: per direction, its sender has sent nothing but whole messages, each
 *	once and in order, so the helper has no reason to keep anything back
 * @rest: per direction, what comes next, if anything
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
	bool calm;
	bool whole[IP_CT_DIR_MAX];
	struct storm_rest rest[IP_CT_DIR_MAX];
	struct storm_sent sent[IP_CT_DIR_MAX][STORM_SENT];
};

/**
 * struct storm_thread - one that sends
 * @rnd: what it does
 * @task: NULL for the one that loads the module
 * @count: segments so far
 * @segment: the one under way
 * @packet: likewise
 */
struct storm_thread {
	struct rnd_state rnd;
	struct task_struct *task;
	unsigned int count;
	struct storm_segment segment;
	struct storm_packet packet;
};

static struct storm_talk storm_talks[STORM_TALKS];
static struct storm_thread *storm_threads[STORM_THREADS];
static const struct storm_protocol *storm_protocol;
static struct net *storm_net;

/* Segments that the helper had, of those the ones that it did not let through, that came
 * out with another length, and that were longer and had lengths to look at; and the wrong
 * ones
 */
static atomic_t storm_helped, storm_dropped, storm_longer;
static atomic_t storm_measured, storm_wrong;

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
	const struct storm_opening *step;

	step = &storm_protocol->opening[talk->opening++];
	WRITE_ONCE(talk->ct->proto.tcp.state, step->state);
	s->flags = step->flags;
	s->len = step->len ?: strlen(step->text);
	memcpy(s->payload, step->text, s->len);
	talk->next[dir] += s->len;
	if (s->flags & TCPHDR_SYN) {
		talk->heard[dir] = ++talk->next[dir];
		/* conntrack has taken it */
		WRITE_ONCE(talk->ct->proto.tcp.seen[dir].td_end,
			   talk->next[dir]);
	}
}

/* A text, or a part of one whose rest comes later. */
static void storm_speak(struct storm_talk *talk, enum ip_conntrack_dir dir,
			struct rnd_state *rnd, struct storm_segment *s)
{
	struct storm_rest *rest = &talk->rest[dir];
	unsigned int len;

	if (rest->len) {
		s->len = storm_one_in(rnd, 2) ? 1 + storm_below(rnd, rest->len) :
						rest->len;
		memcpy(s->payload, rest->text, s->len);
		rest->len -= s->len;
		memmove(rest->text, rest->text + s->len, rest->len);
		return;
	}
	len = storm_text(storm_protocol, rnd, dir, &s->tuple, s->payload,
			 storm_one_in(rnd, 50) ? STORM_PAYLOAD_MAX : 1400);
	s->len = len;
	if (talk->calm || !storm_one_in(rnd, 6))
		return;
	s->len = 1 + storm_below(rnd, len);
	if (len - s->len > sizeof(rest->text))
		s->len = len;
	rest->len = len - s->len;
	memcpy(rest->text, s->payload + s->len, rest->len);
}

/* As it is where it may be queued: between the two ends' own addresses. */
static struct nf_conntrack_tuple storm_forwarded(const struct nf_conn *ct,
						 enum ip_conntrack_dir dir)
{
	struct nf_conntrack_tuple t = ct->tuplehash[dir].tuple, back;

	nf_ct_invert_tuple(&back, &ct->tuplehash[!dir].tuple);
	t.dst = back.dst;
	return t;
}

/* Sees what is right in a segment that should have begun at @seq. */
static void storm_measure(struct storm_talk *talk, enum ip_conntrack_dir dir,
			  u32 seq, struct storm_segment *s)
{
	if (s->seq != seq || talk->next[dir] != seq + s->len ||
	    s->flags != TCPHDR_ACK)
		talk->whole[dir] = false;
	if (talk->whole[dir])
		s->right = storm_protocol->sizes(s->payload, s->len);
	if (s->right < 0)
		talk->whole[dir] = false;
}

/* A datagram, or one of the last ones again. */
static void storm_datagram(struct storm_talk *talk, enum ip_conntrack_dir dir,
			   struct rnd_state *rnd, struct storm_segment *s)
{
	s->len = 0;
	if (storm_one_in(rnd, 6))
		storm_again(talk, dir, rnd, s);
	if (s->len)
		return;
	s->len = storm_text(storm_protocol, rnd, dir, &s->tuple, s->payload,
			    STORM_SENT_MAX);
	storm_remember(talk, dir, rnd, s);
}

/* What comes next from @dir, mostly. */
static void storm_say(struct storm_talk *talk, enum ip_conntrack_dir dir,
		      struct rnd_state *rnd, struct storm_segment *s)
{
	u32 seq = talk->next[dir];

	s->family = nf_ct_l3num(talk->ct);
	s->tuple = storm_forwarded(talk->ct, dir);
	s->seq = seq;
	s->ack = talk->heard[!dir];
	s->sound = true;
	s->lost = !talk->calm && storm_one_in(rnd, 20);
	s->right = -1;
	s->len = 0;
	if (s->tuple.dst.protonum == IPPROTO_UDP) {
		storm_datagram(talk, dir, rnd, s);
		return;
	}
	if (talk->opening < talk->opening_end) {
		storm_open(talk, dir, s);
		return;
	}
	s->flags = storm_flags(rnd);
	if (!talk->calm && storm_one_in(rnd, 10)) {
		storm_again(talk, dir, rnd, s);
	} else if (!storm_one_in(rnd, 8)) {
		storm_speak(talk, dir, rnd, s);
		storm_remember(talk, dir, rnd, s);
		/* an overlap or, if it was lost, a gap */
		if (talk->calm)
			talk->next[dir] += s->len;
		else if (storm_one_in(rnd, 20))
			s->seq += (int)storm_below(rnd, 200) - 100;
		else if (storm_one_in(rnd, 200))
			s->seq = prandom_u32_state(rnd);
		else
			talk->next[dir] += s->len;
	}
	if (s->len && storm_protocol->sizes)
		storm_measure(talk, dir, seq, s);
	if (storm_one_in(rnd, 10))
		s->ack -= storm_below(rnd, 300);
	else if (storm_one_in(rnd, 100))
		s->ack = prandom_u32_state(rnd);
	if (s->flags & TCPHDR_RST && storm_one_in(rnd, 2))
		WRITE_ONCE(talk->ct->proto.tcp.state, TCP_CONNTRACK_CLOSE);
}

/* The receiver has it, unless it came too early. */
static void storm_hear(struct storm_talk *talk, const struct nf_conn *ct,
		       enum ip_conntrack_dir dir, const struct tcphdr *th,
		       u32 end)
{
	spin_lock(&talk->lock);
	if (talk->ct == ct && !after(ntohl(th->seq), talk->heard[dir]) &&
	    after(end, talk->heard[dir]))
		talk->heard[dir] = end;
	spin_unlock(&talk->lock);
}

static void storm_arrive(const struct sk_buff *skb, const struct nf_conn *ct,
			 enum ip_conntrack_dir dir)
{
	unsigned int protoff = storm_packet_protoff(skb);
	struct tcphdr _th, *th;
	u32 end;
	int i;

	th = skb_header_pointer(skb, protoff, sizeof(_th), &_th);
	if (!th)
		return;
	end = ntohl(th->seq) + skb->len - protoff - th->doff * 4;
	for (i = 0; i < STORM_TALKS; i++)
		if (READ_ONCE(storm_talks[i].ct) == ct)
			storm_hear(&storm_talks[i], ct, dir, th, end);
}

static void storm_complain(const char *what)
{
	if (atomic_inc_return(&storm_wrong) == 1)
		pr_err("segment %u: %s\n", atomic_read(&storm_helped), what);
}

static void storm_judge(const struct sk_buff *skb, const struct nf_conn *ct,
			enum ip_conntrack_dir dir, int ret)
{
	unsigned int len = FIELD_GET(STORM_MARK_LEN, skb->mark);
	int right = (int)FIELD_GET(STORM_MARK_RIGHT, skb->mark) - 1;
	const char *wrong;

	atomic_inc(&storm_helped);
	if (ret == NF_DROP) {
		atomic_inc(&storm_dropped);
		return;
	}
	if (ret != NF_ACCEPT) {
		storm_complain("neither dropped nor accepted");
		return;
	}
	if (skb->len != len)
		atomic_inc(&storm_longer);
	if (!(skb->mark & STORM_MARK_SOUND))
		return;
	wrong = storm_packet_check(skb);
	if (wrong)
		storm_complain(wrong);
	if (right >= 0) {
		if (skb->len > len)
			atomic_inc(&storm_measured);
		if (!storm_packet_sizes_fit(skb, len, storm_protocol, right))
			storm_complain("a length in its text is wrong");
	}
	if (!(skb->mark & STORM_MARK_LOST) &&
	    nf_ct_protonum(ct) == IPPROTO_TCP)
		storm_arrive(skb, ct, dir);
}

/* The way that conntrack calls it, at once or when a packet has waited. */
static int storm_leave(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;
	int ret = NF_ACCEPT;

	ct = nf_ct_get(skb, &ctinfo);
	helper = rcu_dereference(nfct_help(ct)->helper);
	if (helper)
		ret = helper->help(skb, storm_packet_protoff(skb), ct, ctinfo);
	storm_judge(skb, ct, CTINFO2DIR(ctinfo), ret);
	kfree_skb(skb);
	return 0;
}

/* In front of conntrack's own hook, which would have the helper read it once more. When
 * this one goes, all that waits in queues goes.
 */
static unsigned int storm_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	/* but for the gateway's own */
	if (!skb->mark)
		return NF_ACCEPT;
	storm_leave(state->net, NULL, skb);
	return NF_STOLEN;
}

static const struct nf_hook_ops storm_hook_ops = {
	.hook		= storm_hook,
	.pf		= NFPROTO_INET,
	.hooknum	= NF_INET_POST_ROUTING,
	.priority	= NF_IP_PRI_CONNTRACK_HELPER,
};

static void storm_forward(struct sk_buff *skb, u8 family)
{
	struct net_device *dev = storm_net->loopback_dev;

	/* that hook takes whatever others let pass */
	nf_hook(family, NF_INET_POST_ROUTING, storm_net, NULL, skb, dev, dev,
		storm_leave);
}

/* Make the packet, as one of @ct's; false if there is no memory. */
static bool storm_mark(struct storm_thread *t, struct nf_conn *ct,
		       enum ip_conntrack_info ctinfo)
{
	struct storm_packet *p = &t->packet;

	if (storm_packet_make(p, &t->rnd, &t->segment, storm_net))
		return false;
	nf_ct_set(p->skb, ct, ctinfo);
	nf_conntrack_get(&ct->ct_general);
	p->skb->mark = FIELD_PREP(STORM_MARK_LEN, p->len) |
		       FIELD_PREP(STORM_MARK_RIGHT, t->segment.right + 1) |
		       (t->segment.lost ? STORM_MARK_LOST : 0) |
		       (t->segment.sound ? STORM_MARK_SOUND : 0);
	t->count++;
	return true;
}

static void storm_pass(struct storm_thread *t, struct nf_conn *ct,
		       enum ip_conntrack_dir dir)
{
	struct storm_packet *p = &t->packet;

	if (!storm_mark(t, ct, dir == IP_CT_DIR_ORIGINAL ?
			       IP_CT_ESTABLISHED : IP_CT_ESTABLISHED_REPLY))
		return;
	if (storm_protocol->queued)
		storm_forward(p->skb, t->segment.family);
	else
		storm_leave(storm_net, NULL, p->skb);
	if (!storm_packet_clone_fits(p))
		storm_complain("another user's data were written to");
	kfree_skb(p->clone);
}

/* A flow's first datagram comes by before conntrack knows the flow, when nobody else
 * has it.
 */
static void storm_first(struct storm_thread *t, struct storm_talk *talk)
{
	struct storm_segment *s = &t->segment;

	talk->opening_end = 0;
	s->family = nf_ct_l3num(talk->ct);
	s->tuple = storm_forwarded(talk->ct, IP_CT_DIR_ORIGINAL);
	s->sound = true;
	s->lost = false;
	s->right = -1;
	storm_datagram(talk, IP_CT_DIR_ORIGINAL, &t->rnd, s);
	if (!storm_mark(t, talk->ct, IP_CT_NEW))
		return;
	storm_leave(storm_net, NULL, t->packet.skb);
	kfree_skb(t->packet.clone);
}

/* @talk ends and another begins in its place. */
static void storm_renew(struct storm_thread *t, struct storm_talk *talk)
{
	struct rnd_state *rnd = &t->rnd;
	struct nf_conn *old = talk->ct;
	int i;

	lockdep_assert_held(&talk->lock);
	talk->left = 1 + storm_below(rnd, 2 * storm_protocol->life);
	talk->opening = 0;
	talk->opening_end = storm_protocol->opening_len;
	if (!storm_one_in(rnd, 8))
		talk->opening_end -= storm_protocol->opening_tls;
	if (storm_one_in(rnd, 16))
		talk->opening_end = 0;
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		talk->next[i] = prandom_u32_state(rnd);
		talk->heard[i] = talk->next[i];
		talk->whole[i] = true;
	}
	talk->calm = storm_protocol->sizes && storm_one_in(rnd, 2);
	memset(talk->rest, 0, sizeof(talk->rest));
	memset(talk->sent, 0, sizeof(talk->sent));
	talk->ct = storm_connect(storm_net, storm_protocol, rnd);
	if (talk->ct && nf_ct_protonum(talk->ct) == IPPROTO_UDP)
		storm_first(t, talk);
	if (talk->ct && !storm_confirm(talk->ct)) {
		nf_ct_put(talk->ct);
		talk->ct = NULL;
	}
	storm_end(old);
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
		storm_renew(t, talk);
	ct = talk->ct;
	if (ct) {
		nf_conntrack_get(&ct->ct_general);
		if (talk->opening < talk->opening_end)
			dir = storm_protocol->opening[talk->opening].dir;
		storm_say(talk, dir, rnd, &t->segment);
	}
	spin_unlock(&talk->lock);
	if (ct) {
		storm_pass(t, ct, dir);
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
	unsigned int count = 0, i;

	for (i = 0; i < STORM_THREADS; i++) {
		struct storm_thread *t = storm_threads[i];

		if (!t)
			continue;
		if (t->task) {
			kthread_stop(t->task);
			put_task_struct(t->task);
		}
		count += t->count;
		kvfree(t);
	}
	msleep(linger_ms);
	/* and those who are bringing back what waited */
	nf_unregister_net_hook(storm_net, &storm_hook_ops);
	synchronize_net();
	for (i = 0; i < STORM_TALKS; i++)
		storm_end(storm_talks[i].ct);
	pr_info("%u segments, %d through the helper, %d dropped, %d of another length, %d longer ones measured, %u ms, seed %llu\n",
		count, atomic_read(&storm_helped), atomic_read(&storm_dropped),
		atomic_read(&storm_longer), atomic_read(&storm_measured),
		jiffies_to_msecs(jiffies - begin), seed);
}

static const struct storm_protocol *storm_protocol_called(const char *name)
{
	static const struct storm_protocol * const all[] = {
		&storm_ftp, &storm_irc, &storm_mms, &storm_msn,
		&storm_rpc, &storm_rtsp,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
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
	storm_protocol = storm_protocol_called(protocol);
	if (!storm_protocol)
		return -EINVAL;

	/* as a rule would hold it */
	helper = nf_conntrack_helper_try_module_get(storm_protocol->helper,
						    NFPROTO_IPV4, IPPROTO_TCP);
	if (!helper)
		return -ENOENT;
	ret = nf_register_net_hook(storm_net, &storm_hook_ops);
	if (ret)
		goto err_helper;

	ret = storm_start();
	if (!ret)
		storm_run(storm_threads[0]);
	storm_stop(begin);
	if (!ret && atomic_read(&storm_wrong))
		ret = -EILSEQ;
err_helper:
	nf_conntrack_helper_put(helper);
	return ret;
}

static void __exit storm_exit(void)
{
}

module_init(storm_init);
module_exit(storm_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Mutated segments for the helpers of nf_appgw");
