/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EXPECT_H
#define APPGW_EXPECT_H

#include <linux/types.h>

struct nf_conn;
struct pinhole_request;

int appgw_expect(const struct pinhole_request *req);
int appgw_expect_ftps(struct nf_conn *ct, __be16 port);

int appgw_expect_init(void);
void appgw_expect_exit(void);

#endif /* APPGW_EXPECT_H */
