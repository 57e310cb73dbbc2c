/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_RTSP_PARSE_H
#define APPGWD_RTSP_PARSE_H

#include "../include/appgw/endpoint.h"

/* Longest header that is read, as in the module, and what may be in one. */
#define RTSP_TEXT_MAX		512
#define RTSP_SPECS_MAX		16
#define RTSP_FIELDS_MAX		32
#define RTSP_PAIRS_MAX		4

/* Pieces of a new text: an address, a port, and what is between them; or two
 * ports.
 */
#define RTSP_PARTS_MAX		3

/* How a transport-spec's media travels. */
enum rtsp_lower {
	RTSP_LOWER_UDP,
	RTSP_LOWER_TCP,		/* in the connection itself */
	RTSP_LOWER_MULTICAST,
};

/* What a field is. */
enum rtsp_what {
	RTSP_CLIENT_PORT,	/* "client_port" */
	RTSP_DESTINATION,	/* "destination": the client's address */
	RTSP_DEST_ADDR,		/* one of "dest_addr" */
	RTSP_SERVER_PORT,	/* "server_port" */
	RTSP_SOURCE,		/* "source": the server's address */
	RTSP_SRC_ADDR,		/* one of "src_addr" */
	RTSP_PORT,		/* "port": of a group */
	RTSP_INTERLEAVED,	/* "interleaved": channels, no ports */
};

/* Whose address and ports a field names. */
enum rtsp_whose {
	RTSP_CLIENT,
	RTSP_SERVER,
	RTSP_NOBODY,		/* to be left alone */
};

/* Why nothing must be done about a header. */
enum rtsp_flaw {
	RTSP_FLAW_NONE,
	RTSP_FLAW_PRIVILEGED,	/* the client's port is below APPGW_PORT_MIN */
	RTSP_FLAW_NAME,		/* the destination is a name: anybody's */
};

/**
 * struct rtsp_field - an address, ports or both in a header
 * @what: which parameter it is the value of, or of part of it
 * @spec: transport-spec that it belongs to
 * @text: the value, without quotation marks
 * @af: of @addr; APPGW_AF_NONE without one, or if it is a name
 * @addr: address
 * @addr_text: its text, without brackets; empty without one
 * @place: which of a stream's ports the first of @port is: 0 for RTP's, 1 for
 *	RTCP's
 * @ports: how many of @port are there
 * @port: ports or channels
 * @port_text: their texts
 */
struct rtsp_field {
	enum rtsp_what what;
	unsigned int spec;
	struct span text;
	enum appgw_af af;
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	struct span addr_text;
	unsigned int place;
	unsigned int ports;
	uint16_t port[2];
	struct span port_text[2];
};

/**
 * struct rtsp_pair - ports that belong together
 * @whose: whose they are
 * @base: the first
 * @count: 1 or 2
 * @place: which of a stream's ports @base is, as rtsp_field.place; the second
 *	one is the other
 *
 * However often they are named, they are reserved once.
 */
struct rtsp_pair {
	enum rtsp_whose whose;
	uint16_t base;
	unsigned int count;
	unsigned int place;
};

/**
 * struct rtsp_transport - what a Transport header says
 * @specs: transport-specs, the preferred one first
 * @lower: how the media of each travels
 * @fields: how many of @field
 * @field: in the order of the text
 * @pairs: how many of @pair
 * @pair: of the specs that use datagrams
 *
 * Valid as long as the text that it was read from.
 */
struct rtsp_transport {
	unsigned int specs;
	enum rtsp_lower lower[RTSP_SPECS_MAX];
	unsigned int fields;
	struct rtsp_field field[RTSP_FIELDS_MAX];
	unsigned int pairs;
	struct rtsp_pair pair[RTSP_PAIRS_MAX];
};

enum rtsp_part_type {
	RTSP_PART_TEXT,		/* as it is */
	RTSP_PART_ADDR,		/* the address that takes the other's place */
	RTSP_PART_PORT,		/* likewise the port */
};

/**
 * struct rtsp_part - a piece of the text that takes another's place
 * @type: what it is
 * @text: the bytes of RTSP_PART_TEXT; else empty
 * @pair: for RTSP_PART_PORT: which of rtsp_transport.pair
 * @offset: likewise: 0 for its first port, 1 for the second
 */
struct rtsp_part {
	enum rtsp_part_type type;
	struct span text;
	unsigned int pair;
	unsigned int offset;
};

/**
 * struct rtsp_edit - a text to be replaced
 * @field: what it is: index in rtsp_transport.field
 * @old: the text
 * @parts: how many of @part
 * @part: the new one, in order
 */
struct rtsp_edit {
	unsigned int field;
	struct span old;
	unsigned int parts;
	struct rtsp_part part[RTSP_PARTS_MAX];
};

bool rtsp_next_header(struct span *text, struct span *header);
bool rtsp_eat_name(struct span *header);
bool rtsp_parse_transport(struct span value, struct rtsp_transport *t);
enum rtsp_whose rtsp_whose(const struct rtsp_transport *t,
			   const struct rtsp_field *field);
enum rtsp_flaw rtsp_find_flaw(const struct rtsp_transport *t);
unsigned int rtsp_edits(const struct rtsp_transport *t, enum rtsp_whose whose,
			struct rtsp_edit *edits, unsigned int max);

#endif /* APPGWD_RTSP_PARSE_H */
