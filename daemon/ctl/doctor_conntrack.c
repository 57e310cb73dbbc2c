// SPDX-License-Identifier: GPL-2.0-only
/* Entries of conntrack's (libnetfilter_conntrack): control connections, and connections
 * of private addresses that leave as they are.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack_tcp.h>
#include <netinet/in.h>
#include <string.h>

#include "doctor.h"

/* IPS_OFFLOAD of the kernel's, which older headers lack */
#define STATUS_OFFLOAD	(1u << 14)
#define STATUS_REPLIED	(1u << 1)

/* No more of them are kept; they are told of one by one. */
#define ENTRIES_MAX	1000

#define ENTRY_TEXT_MAX	1024

/**
 * struct entries - what is collected
 * @doctor: all
 * @list: array of objects
 * @own: our own addresses
 */
struct entries {
	const struct doctor *doctor;
	json_t *list;
	struct ifaddrs *own;
};

static bool entry_is_private(in_addr_t addr)
{
	uint32_t a = ntohl(addr);

	return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8 ||
	       a >> 22 == 0x191;	/* 100.64.0.0/10 */
}

/* Tell if an address is one of the internet's. */
static bool entry_is_public(in_addr_t addr)
{
	uint32_t a = ntohl(addr);

	return !entry_is_private(addr) && a >> 24 && a >> 24 != 127 &&
	       a >> 16 != 0xa9fe && a >> 28 < 0xe;
}

static bool entry_is_own(const struct entries *entries, in_addr_t addr)
{
	const struct ifaddrs *own;

	for (own = entries->own; own; own = own->ifa_next)
		if (own->ifa_addr && own->ifa_addr->sa_family == AF_INET &&
		    ((const struct sockaddr_in *)own->ifa_addr)->sin_addr.s_addr ==
		    addr)
			return true;
	return false;
}

/* Tell if a private address goes to a public one and is not translated. */
static bool entry_is_untranslated(const struct entries *entries,
				  const struct nf_conntrack *ct)
{
	in_addr_t src, dst;

	if (nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO) != AF_INET)
		return false;
	src = nfct_get_attr_u32(ct, ATTR_ORIG_IPV4_SRC);
	dst = nfct_get_attr_u32(ct, ATTR_ORIG_IPV4_DST);
	return entry_is_private(src) && entry_is_public(dst) &&
	       nfct_get_attr_u32(ct, ATTR_REPL_IPV4_DST) == src &&
	       !entry_is_own(entries, src) && !entry_is_own(entries, dst);
}

static void entry_add(struct entries *entries, const struct nf_conntrack *ct,
		      bool is_control, bool is_untranslated)
{
	uint32_t status = nfct_get_attr_u32(ct, ATTR_STATUS);
	const char *helper = nfct_get_attr(ct, ATTR_HELPER_NAME);
	char text[ENTRY_TEXT_MAX], src[INET_ADDRSTRLEN] = "";
	struct in_addr addr;

	nfct_snprintf(text, sizeof(text), ct, NFCT_T_UNKNOWN, NFCT_O_DEFAULT, 0);
	if (is_untranslated) {
		addr.s_addr = nfct_get_attr_u32(ct, ATTR_ORIG_IPV4_SRC);
		inet_ntop(AF_INET, &addr, src, sizeof(src));
	}
	json_array_append_new(entries->list,
			      json_pack("{s:s, s:s, s:s, s:i, s:b, s:b, s:b, s:b}",
					"text", text, "src", src,
					"helper", helper ? helper : "",
					"port", ntohs(nfct_get_attr_u16(ct, ATTR_ORIG_PORT_DST)),
					"control", is_control,
					"offload", !!(status & STATUS_OFFLOAD),
					"replied", !!(status & STATUS_REPLIED),
					"untranslated", is_untranslated));
}

static int entry_look(enum nf_conntrack_msg_type type, struct nf_conntrack *ct,
		      void *data)
{
	struct entries *entries = data;
	bool is_control, is_untranslated;

	(void)type;
	if (nfct_get_attr_u8(ct, ATTR_ORIG_L4PROTO) != IPPROTO_TCP)
		return NFCT_CB_CONTINUE;
	is_control = doctor_helps_port(entries->doctor,
				       ntohs(nfct_get_attr_u16(ct, ATTR_ORIG_PORT_DST)));
	is_untranslated = entry_is_untranslated(entries, ct);
	if ((is_control || is_untranslated) &&
	    json_array_size(entries->list) < ENTRIES_MAX)
		entry_add(entries, ct, is_control, is_untranslated);
	return NFCT_CB_CONTINUE;
}

/**
 * doctor_entries() - ask conntrack
 * @doctor: with its control ports
 * @error: set on failure: why
 * @size: of that
 *
 * Return: array of objects with text, helper ("" for none), port, src, and whether it is
 * a control connection, offload, replied, and untranslated; NULL with @error and errno
 */
json_t *doctor_entries(const struct doctor *doctor, char *error, size_t size)
{
	struct entries entries = { .doctor = doctor, .list = json_array() };
	struct nfct_handle *handle = nfct_open(CONNTRACK, 0);
	uint32_t family = AF_UNSPEC;
	int ret = -1, reason;

	if (handle) {
		if (getifaddrs(&entries.own))
			entries.own = NULL;
		nfct_callback_register(handle, NFCT_T_ALL, entry_look, &entries);
		ret = nfct_query(handle, NFCT_Q_DUMP, &family);
	}
	reason = errno;
	if (handle) {
		nfct_close(handle);
		if (entries.own)
			freeifaddrs(entries.own);
	}
	if (ret >= 0)
		return entries.list;
	json_decref(entries.list);
	snprintf(error, size, "%s", strerror(reason));
	errno = reason;
	return NULL;
}
