/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_TEXT_FILE_H
#define APPGWD_TEXT_FILE_H

#include <stddef.h>

char *text_file_read(const char *path, size_t max);

#endif /* APPGWD_TEXT_FILE_H */
