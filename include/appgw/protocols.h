/* SPDX-License-Identifier: GPL-2.0-only */
/* The protocols that the daemon reads: all that either half is told about one outside
 * of its own files. Included wherever it is needed, with APPGW_PROTOCOL(name) defined.
 */

APPGW_PROTOCOL(irc)
APPGW_PROTOCOL(rtsp)
APPGW_PROTOCOL(pna)
APPGW_PROTOCOL(msn)
APPGW_PROTOCOL(rpc)
APPGW_PROTOCOL(mms)
