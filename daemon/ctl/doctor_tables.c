// SPDX-License-Identifier: GPL-2.0-only
/* Tables of conntrack's that are full, and conntrackd's. */

#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define SYSCTLS		"/proc/sys/net/netfilter/"
#define EXPECTATIONS	"/proc/net/nf_conntrack_expect"
#define STATS		"/proc/net/stat/nf_conntrack"
#define CONNTRACKD	"/etc/conntrackd/conntrackd.conf"

/* A table is full from here on: conntrack drops entries before their time. */
#define FULL_PERCENT	95

/* With so few buckets conntrackd commits all in one step, and never ends. */
#define HASH_SIZE_MIN	8193

/* Add up a counter of all processors; hexadecimal numbers below a line of names. */
static long long tables_stat(const struct doctor *doctor, const char *name)
{
	char *text = doctor_read(doctor, STATS), *line, *lines = NULL;
	char *word, *words;
	long long sum = 0;
	int column = -1, i;

	line = text ? strtok_r(text, "\n", &lines) : NULL;
	word = line ? strtok_r(line, " ", &words) : NULL;
	for (i = 0; word; word = strtok_r(NULL, " ", &words), i++)
		if (!strcmp(word, name))
			column = i;
	while (column >= 0 && (line = strtok_r(NULL, "\n", &lines))) {
		word = strtok_r(line, " ", &words);
		for (i = 0; word && i < column; i++)
			word = strtok_r(NULL, " ", &words);
		if (word)
			sum += strtoll(word, NULL, 16);
	}
	free(text);
	return sum;
}

static void tables_entries(const struct doctor *doctor, json_t *findings)
{
	static const char *const counters[] = { "insert_failed", "drop",
						"early_drop" };
	long long count, most;
	json_t *finding;
	size_t i;

	if (!doctor_number(doctor, SYSCTLS "nf_conntrack_count", &count) ||
	    !doctor_number(doctor, SYSCTLS "nf_conntrack_max", &most) ||
	    !most || count < most * FULL_PERCENT / 100)
		return;
	finding = finding_new(findings, "conntrack-full",
			      "Conntrack's table is full, so that new connections are dropped.");
	finding_seen(finding, SYSCTLS "nf_conntrack_count: %lld", count);
	finding_seen(finding, SYSCTLS "nf_conntrack_max: %lld", most);
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		finding_seen(finding, STATS ": %s %lld", counters[i],
			     tables_stat(doctor, counters[i]));
	finding_remedy(finding, "sysctl -w net.netfilter.nf_conntrack_max=%lld",
		       4 * most);
}

/* Count the lines of a file. */
static long long tables_lines(const struct doctor *doctor, const char *path)
{
	char *text = doctor_read(doctor, path), *c;
	long long n = 0;

	for (c = text; c && (c = strchr(c, '\n')); c++)
		n++;
	free(text);
	return n;
}

static void tables_expectations(const struct doctor *doctor, json_t *findings)
{
	long long most, count = tables_lines(doctor, EXPECTATIONS);
	json_t *finding;

	if (!doctor_number(doctor, SYSCTLS "nf_conntrack_expect_max", &most) ||
	    !most || count < most)
		return;
	finding = finding_new(findings, "expectations-full",
			      "Conntrack's table of expected connections is full, so that no pinhole is opened.");
	finding_seen(finding, EXPECTATIONS ": %lld lines", count);
	finding_seen(finding, SYSCTLS "nf_conntrack_expect_max: %lld", most);
	finding_seen(finding, STATS ": expect_create %lld",
		     tables_stat(doctor, "expect_create"));
	finding_seen(finding, "/proc/net/stat/nf_appgw: refused_full %lld",
		     doctor_stat(doctor, "refused_full"));
	finding_remedy(finding,
		       "sysctl -w net.netfilter.nf_conntrack_expect_max=%lld",
		       4 * most);
}

/**
 * doctor_check_tables() - look for tables that are full
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_tables(const struct doctor *doctor, json_t *findings)
{
	tables_entries(doctor, findings);
	tables_expectations(doctor, findings);
}

/* Find the size in a line, unless it is enough; 0 if there is none. */
static unsigned long long conntrackd_size(const char *line)
{
	unsigned long long size = 0;

	if (sscanf(line, " HashSize %llu", &size) != 1 || size >= HASH_SIZE_MIN)
		return 0;
	return size;
}

/* Tell if a line begins the section of those that synchronise. */
static bool conntrackd_is_sync(const char *line)
{
	char word[8] = "";

	return sscanf(line, " %7[A-Za-z]", word) == 1 && !strcmp(word, "Sync");
}

/**
 * doctor_check_conntrackd() - look for a conntrackd that can't commit
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_conntrackd(const struct doctor *doctor, json_t *findings)
{
	char *text = doctor_read(doctor, CONNTRACKD), *line, *rest = text;
	unsigned long long size = 0;
	int number = 0, at = 0;
	bool is_sync = false;
	json_t *finding;

	while (rest && (line = strsep(&rest, "\n"))) {
		number++;
		if (conntrackd_is_sync(line))
			is_sync = true;
		if (!conntrackd_size(line))
			continue;
		size = conntrackd_size(line);
		at = number;
	}
	free(text);
	if (!is_sync || !size)
		return;
	finding = finding_new(findings, "conntrackd-hash-size",
			      "conntrackd has so small a table that it never commits what it knows of expected connections.");
	finding_seen(finding, CONNTRACKD " line %d: HashSize %llu", at, size);
	finding_remedy(finding,
		       "write \"HashSize 32768\" into %s; then: systemctl restart conntrackd",
		       CONNTRACKD);
}
