// SPDX-License-Identifier: GPL-2.0-only
/* A finding: id, what it is, where it was seen, and what to do about it. Texts come
 * from rules and files of others, so they are made fit for a terminal.
 */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

/* Make a string; control characters, and what is not ASCII if it isn't UTF-8 either,
 * become "?".
 */
__attribute__((format(printf, 1, 0)))
static json_t *finding_text(const char *format, va_list args)
{
	json_t *string;
	char *text, *c;

	if (vasprintf(&text, format, args) < 0)
		return json_string("");
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	string = json_string(text);
	for (c = text; !string && *c; c++)
		if ((unsigned char)*c > 0x7f)
			*c = '?';
	if (!string)
		string = json_string(text);
	free(text);
	return string;
}

/**
 * finding_new() - add a finding
 * @findings: to this array
 * @id: its stable name
 * @what: one sentence
 *
 * Return: the finding, which belongs to the array
 */
json_t *finding_new(json_t *findings, const char *id, const char *what)
{
	json_t *finding = json_pack("{ss ss s[] ss}", "id", id, "what", what,
				    "evidence", "remedy", "");

	json_array_append_new(findings, finding);
	return finding;
}

/**
 * finding_note() - add a line to a list of what was seen
 * @list: array
 * @format: as printf() has it
 */
void finding_note(json_t *list, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	json_array_append_new(list, finding_text(format, args));
	va_end(args);
}

/**
 * finding_seen() - add what was seen, and where
 * @finding: to that
 * @format: as printf() has it
 */
void finding_seen(json_t *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	json_array_append_new(json_object_get(finding, "evidence"),
			      finding_text(format, args));
	va_end(args);
}

/**
 * finding_remedy() - set what to type, or which line to write
 * @finding: of that
 * @format: as printf() has it
 */
void finding_remedy(json_t *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	json_object_set_new(finding, "remedy", finding_text(format, args));
	va_end(args);
}

/**
 * finding_rule() - add a rule to what was seen
 * @finding: to that
 * @rule: rule
 */
void finding_rule(json_t *finding, const struct rule *rule)
{
	const struct rule_chain *chain = rule->chain_of;

	finding_seen(finding, "%s%s%s table %s, chain %s: %s", chain->tool,
		     *chain->family ? " " : "", chain->family, chain->table,
		     chain->name, rule->text ? rule->text : "a rule");
}

/**
 * finding_delete_rule() - set the command that deletes a rule as the remedy
 * @finding: of that
 * @rule: rule
 */
void finding_delete_rule(json_t *finding, const struct rule *rule)
{
	const struct rule_chain *chain = rule->chain_of;

	if (rule->handle)
		finding_remedy(finding, "nft delete rule %s %s %s handle %lld",
			       chain->family, chain->table, chain->name,
			       rule->handle);
	else
		/* its text is "-A CHAIN ...", quoted as a shell would */
		finding_remedy(finding, "%s -t %s -D%s", chain->tool,
			       chain->table, rule->text ? rule->text + 2 : "");
}

/**
 * finding_print() - print a finding for people
 * @finding: that
 */
void finding_print(const json_t *finding)
{
	json_t *seen;
	size_t i;

	printf("%s: %s\n",
	       json_string_value(json_object_get(finding, "id")),
	       json_string_value(json_object_get(finding, "what")));
	json_array_foreach(json_object_get(finding, "evidence"), i, seen)
		printf("    seen:  %s\n", json_string_value(seen));
	printf("    do:    %s\n",
	       json_string_value(json_object_get(finding, "remedy")));
}

/**
 * doctor_missed() - note what could not be looked at
 * @doctor: in that
 * @format: as printf() has it
 */
void doctor_missed(const struct doctor *doctor, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	json_array_append_new(doctor->missed, finding_text(format, args));
	va_end(args);
}
