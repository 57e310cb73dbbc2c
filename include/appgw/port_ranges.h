/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges of ports in a policy: the name that parameters and appgwctl give them, and
 * APPGW_POLICY_id_PORTS is the attribute. Included wherever they are listed, with
 * APPGW_PORT_RANGE(id, name) defined.
 */

/* where public ports for servers behind NAT are chosen */
APPGW_PORT_RANGE(PASSIVE, "passive_ports")
/* data ports that the client of an encrypted connection may use */
APPGW_PORT_RANGE(FTPS, "ftps_ports")
/* where public ports for IRC's DCC are chosen */
APPGW_PORT_RANGE(DCC, "dcc_ports")
/* where public ports for RTSP's media are chosen */
APPGW_PORT_RANGE(MEDIA, "media_ports")
/* where public ports for MSN's direct connections are chosen */
APPGW_PORT_RANGE(DIRECT, "direct_ports")
/* those that an IRC server may announce as its own */
APPGW_PORT_RANGE(BOUNCER, "bouncer_ports")
