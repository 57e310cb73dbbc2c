/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_EDITS_H
#define APPGW_GATE_EDITS_H

#include "stream/stream.h"

/* Its context is a struct gate_pass. */
extern const struct stream_user appgw_edits_user;

#endif /* APPGW_GATE_EDITS_H */
