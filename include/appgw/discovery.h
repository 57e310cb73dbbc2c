/* SPDX-License-Identifier: GPL-2.0-only */
/* Services that are found by asking everybody: the name that the parameter and appgwctl
 * give them, and APPGW_DISCOVERY_id is the bit. Included wherever they are listed, with
 * APPGW_DISCOVERY_SERVICE(id, name) defined.
 */

/* NetBIOS names (RFC 1002) */
APPGW_DISCOVERY_SERVICE(NETBIOS, "netbios")
/* UPnP's Simple Service Discovery Protocol */
APPGW_DISCOVERY_SERVICE(SSDP, "ssdp")
/* multicast DNS, answered by unicast (RFC 6762 sections 5.4 and 6.7) */
APPGW_DISCOVERY_SERVICE(MDNS, "mdns")
/* Web Services Dynamic Discovery */
APPGW_DISCOVERY_SERVICE(WSD, "wsd")
/* Service Location Protocol (RFC 2608) */
APPGW_DISCOVERY_SERVICE(SLP, "slp")
/* SNMP agents */
APPGW_DISCOVERY_SERVICE(SNMP, "snmp")
