/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_PROFILE_LIST_H
#define APPGWCTL_PROFILE_LIST_H

#include <jansson.h>

#include "profile.h"

int profile_list(const char *dir, struct profile **profiles,
		 unsigned int *count, char *error);
json_t *profile_json(const struct profile *profile);
void profile_text(const struct profile *profile);

#endif /* APPGWCTL_PROFILE_LIST_H */
