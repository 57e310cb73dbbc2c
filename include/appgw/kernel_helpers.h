/* SPDX-License-Identifier: GPL-2.0-only */
/* Helpers of the kernel's own that a policy may give to connections: the name that
 * parameters and appgwctl give them, and APPGW_KERNEL_HELPER_id is the number of the
 * bit. Included wherever they are listed, with APPGW_KERNEL_HELPER(id, name) defined.
 */

APPGW_KERNEL_HELPER(TFTP, "tftp")
APPGW_KERNEL_HELPER(AMANDA, "amanda")
APPGW_KERNEL_HELPER(SANE, "sane")
APPGW_KERNEL_HELPER(NETBIOS_NS, "netbios-ns")
APPGW_KERNEL_HELPER(SNMP, "snmp")
APPGW_KERNEL_HELPER(PPTP, "pptp")
APPGW_KERNEL_HELPER(SIP, "sip")
APPGW_KERNEL_HELPER(H323, "h323")
