// SPDX-License-Identifier: GPL-2.0-only
/* nf_appgw: application-layer gateway, through NAT and firewall: FTP, and the
 * kernel's half of what appgwd reads.
 */

#include <linux/module.h>

#include "attach.h"
#include "control/netlink.h"
#include "core/event.h"
#include "core/policy.h"
#include "core/stats.h"
#include "gate/flow.h"
#include "gate/listener.h"
#include "gate/steer.h"
#include "helper/helper.h"
#include "helper/kernel_helpers.h"
#include "helper/session.h"
#include "pinhole/expect.h"
#include "pinhole/expect_media.h"
#include "pinhole/expect_network.h"
#include "pinhole/pinhole.h"
#include "protocols/discovery.h"
#include "protocols/ftps.h"
#include "protocols/protocols.h"
#include "stream/reset.h"

static int __init appgw_init(void)
{
	int ret;

	appgw_protocols_init();
	ret = appgw_stats_init();
	if (ret)
		return ret;

	ret = appgw_event_init();
	if (ret)
		goto err_stats;

	/* before there are policies that enable it */
	ret = appgw_ftps_init();
	if (ret)
		goto err_event;

	ret = appgw_discovery_init();
	if (ret)
		goto err_ftps;

	/* before there are policies that name them */
	ret = appgw_kernel_helpers_init();
	if (ret)
		goto err_discovery;

	ret = appgw_policy_init(appgw_helper_policy_changed,
				appgw_kernel_helpers_initial());
	if (ret)
		goto err_kernel_helpers;

	ret = appgw_pinhole_init();
	if (ret)
		goto err_policy;

	appgw_expect_init(appgw_pinhole_used);
	appgw_expect_media_init();

	/* before there are connections that ask for listeners */
	ret = appgw_listener_init(appgw_steer_register,
				  appgw_steer_unregister);
	if (ret)
		goto err_expect_media;

	ret = appgw_gate_flow_init();
	if (ret)
		goto err_listener;

	ret = appgw_reset_init();
	if (ret)
		goto err_gate_flow;

	/* after pinholes: a session's end strikes its own off their books */
	ret = appgw_session_init();
	if (ret)
		goto err_reset;

	ret = appgw_helper_init(appgw_session_destroy);
	if (ret)
		goto err_session;

	ret = appgw_attach_init();
	if (ret)
		goto err_helper;

	ret = appgw_netlink_init();
	if (ret)
		goto err_attach;

	return 0;

err_attach:
	appgw_attach_exit();
err_helper:
	appgw_session_stop();
	appgw_helper_exit();
err_session:
	appgw_session_exit();
err_reset:
	appgw_reset_exit();
err_gate_flow:
	appgw_gate_flow_exit();
err_listener:
	appgw_listener_exit();
err_expect_media:
	appgw_expect_network_exit();
	appgw_expect_media_exit();
	appgw_expect_exit();
	appgw_pinhole_exit();
err_policy:
	appgw_policy_exit();
err_kernel_helpers:
	appgw_kernel_helpers_exit();
err_discovery:
	appgw_discovery_exit();
err_ftps:
	appgw_ftps_exit();
err_event:
	appgw_event_exit();
err_stats:
	appgw_stats_exit();
	return ret;
}

static void __exit appgw_exit(void)
{
	appgw_netlink_exit();
	appgw_attach_exit();
	appgw_session_stop();
	appgw_helper_exit();
	appgw_session_exit();
	appgw_reset_exit();
	appgw_gate_flow_exit();
	appgw_listener_exit();
	appgw_expect_network_exit();
	appgw_expect_media_exit();
	appgw_expect_exit();
	appgw_pinhole_exit();
	appgw_policy_exit();
	appgw_kernel_helpers_exit();
	appgw_discovery_exit();
	appgw_ftps_exit();
	appgw_event_exit();
	appgw_stats_exit();
}

module_init(appgw_init);
module_exit(appgw_exit);

MODULE_VERSION(APPGW_VERSION);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Application-layer gateway: FTP and others through NAT and firewall");
