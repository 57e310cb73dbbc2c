/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_ERRNO_NAME_H
#define APPGWD_ERRNO_NAME_H

/* Errors that have a name here, and one more for all others. */
#define ERRNO_NAMES		26

unsigned int errno_index(int error);
const char *errno_name(unsigned int index);

#endif /* APPGWD_ERRNO_NAME_H */
