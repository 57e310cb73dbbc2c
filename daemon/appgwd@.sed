# SPDX-License-Identifier: GPL-2.0-only
# appgwd.service, for a network namespace that "ip netns" has a name for
s,^Description=.*,& (in %i),
s,^After=.*,&\
ConditionPathExists=/run/netns/%i,
s,^ExecStart=.*,& --control /run/appgwd-%i/control\
NetworkNamespacePath=/run/netns/%i,
s,^RuntimeDirectory=.*,RuntimeDirectory=appgwd-%i,
