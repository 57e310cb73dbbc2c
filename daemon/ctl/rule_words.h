/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_RULE_WORDS_H
#define APPGWCTL_RULE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* Longest name of an interface, without its 0: the kernel's IFNAMSIZ */
#define RULE_INTERFACE_MAX	15

/* Longest word for people and programs, without its 0: profiles, entries, checks */
#define RULE_NAME_MAX		31

/* Longest text of rule_ports_text(), with its 0 */
#define RULE_PORTS_TEXT_MAX	12

/**
 * struct rule_ports - a range of ports
 * @low: first, from 1
 * @high: last
 */
struct rule_ports {
	uint16_t low;
	uint16_t high;
};

bool rule_is_interface(const char *text);
bool rule_is_name(const char *text);
bool rule_is_identifier(const char *text);
bool rule_is_line(const char *text);
bool rule_is_text(const char *text);
int rule_address(const char *text);
bool rule_ports(const char *text, struct rule_ports *ports);
int rule_ports_list(const char *text, struct rule_ports *ports, int max);
void rule_ports_text(const struct rule_ports *ports, char between, char *out);

#endif /* APPGWCTL_RULE_WORDS_H */
