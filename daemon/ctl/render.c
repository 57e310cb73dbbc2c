// SPDX-License-Identifier: GPL-2.0-only
/* Render profiles: what may be asked for, and what all firewalls' renderings share.
 * Rules are printed, never loaded.
 */

#include <string.h>

#include "log.h"
#include "render.h"

#define RENDER_INSIDE_ALONE \
	"it is for networks inside alone, and gives away what is on them if it is opened to the outside: leave --outside out"

/**
 * render_comment() - write a text as comments
 * @out: where to
 * @before: what each line begins with
 * @text: lines of printable ASCII, see rule_is_text()
 */
void render_comment(FILE *out, const char *before, const char *text)
{
	size_t len;

	while (*text) {
		len = strcspn(text, "\n");
		fprintf(out, "%s%.*s\n", before, (int)len, text);
		text += len + !!text[len];
	}
}

/**
 * render_head() - write, as comments, what follows, and what no rule can do
 * @r: request
 * @form: what it is for
 */
void render_head(const struct render *r, const char *form)
{
	unsigned int i;

	fprintf(r->out, "# appgwctl %s profile render: for %s\n", APPGW_VERSION,
		form);
	for (i = 0; i < r->count; i++) {
		fprintf(r->out, "#\n# %s: %s\n", r->profiles[i].name,
			r->profiles[i].title);
		render_comment(r->out, "#   ", r->profiles[i].advice);
	}
	fprintf(r->out, "\n");
}

/**
 * render_identifier() - write the name of a profile's objects
 * @name: the profile's
 * @out: RULE_NAME_MAX + 1 bytes, set
 */
void render_identifier(const char *name, char *out)
{
	char *at;

	snprintf(out, RULE_NAME_MAX + 1, "%s", name);
	for (at = out; *at; at++)
		if (*at == '-')
			*at = '_';
}

/**
 * render_ports() - list the ports of an entry
 * @r: request, which may have those of passive transfers
 * @entry: which one
 * @ports: PROFILE_PORTS_MAX, set
 *
 * Return: how many
 */
unsigned int render_ports(const struct render *r,
			  const struct profile_entry *entry,
			  struct rule_ports *ports)
{
	if (entry->is_passive) {
		*ports = r->passive;
		return !!r->passive.low;
	}
	memcpy(ports, entry->ports, entry->ports_count * sizeof(*ports));
	return entry->ports_count;
}

/**
 * render_ports_set() - write the ports of an entry as nft takes them
 * @r: request
 * @entry: which one
 * @out: RENDER_SET_MAX bytes, set
 */
void render_ports_set(const struct render *r, const struct profile_entry *entry,
		      char *out)
{
	struct rule_ports ports[PROFILE_PORTS_MAX];
	unsigned int i, count = render_ports(r, entry, ports);
	char text[RULE_PORTS_TEXT_MAX];
	size_t len = 0;

	*out = '\0';
	for (i = 0; i < count; i++) {
		rule_ports_text(&ports[i], '-', text);
		len += snprintf(out + len, RENDER_SET_MAX - len, "%s%s%s%s",
				count > 1 && !i ? "{ " : "", i ? ", " : "",
				text, count > 1 && i == count - 1 ? " }" : "");
	}
}

/**
 * render_inside_set() - write the interfaces inside as nft takes them
 * @r: request
 * @out: RENDER_SET_MAX bytes, set
 */
void render_inside_set(const struct render *r, char *out)
{
	unsigned int i, count = r->inside_count;
	size_t len = 0;

	*out = '\0';
	for (i = 0; i < count; i++)
		len += snprintf(out + len, RENDER_SET_MAX - len,
				"%s%s\"%s\"%s",
				count > 1 && !i ? "{ " : "", i ? ", " : "",
				r->inside[i],
				count > 1 && i == count - 1 ? " }" : "");
}

/**
 * render_wants() - tell if an entry is asked for
 * @r: request
 * @entry: which one
 *
 * Return: true if so, and its ports are known
 */
bool render_wants(const struct render *r, const struct profile_entry *entry)
{
	if (entry->is_passive && !r->passive.low)
		return false;
	return entry->role == PROFILE_CLIENT ? !r->is_server_only :
					       !r->is_client_only;
}

/**
 * render_list_role() - choose the entries of a form that has lists of ports alone
 * @r: request
 * @profile: which one
 *
 * Those are about what comes in, if something does, unless the other is asked for.
 *
 * Return: the role of those entries
 */
enum profile_role render_list_role(const struct render *r,
				   const struct profile *profile)
{
	unsigned int i;

	for (i = 0; i < profile->count; i++)
		if (profile->entries[i].role == PROFILE_SERVER &&
		    !r->is_client_only)
			return PROFILE_SERVER;
	return PROFILE_CLIENT;
}

static bool render_has(const struct render *r, const struct profile *profile,
		       enum profile_direction direction)
{
	unsigned int i;

	for (i = 0; i < profile->count; i++)
		if (profile->entries[i].direction == direction &&
		    render_wants(r, &profile->entries[i]))
			return true;
	return false;
}

/* Say why a profile can't be rendered for that router; NULL if it can. */
static const char *render_refuses(const struct render *r,
				  const struct render_form *form,
				  const struct profile *profile)
{
	bool has_lan = render_has(r, profile, PROFILE_LAN);
	bool has_out = render_has(r, profile, PROFILE_OUT) ||
		       render_has(r, profile, PROFILE_IN);

	if (!profile->count)
		return "it opens nothing, and has advice only: see profile show";
	if (!has_lan && !has_out)
		return "nothing of it is left: see --role and --passive-ports";
	if (has_lan && r->outside)
		return RENDER_INSIDE_ALONE;
	if (!form->is_for_router)
		return NULL;
	if (!r->inside_count)
		return "it needs --inside";
	if (has_out && !r->outside)
		return "it needs --outside";
	if (has_out && r->inside_count > 1)
		return "it takes one --inside";
	return NULL;
}

/**
 * render_profiles() - write what is asked for, or nothing
 * @r: request
 * @form: which firewall's
 * @error: ERROR_TEXT_MAX bytes; set on failure
 *
 * Return: 0, or -1
 */
int render_profiles(const struct render *r, const struct render_form *form,
		    char *error)
{
	const char *refusal;
	unsigned int i;

	if (form->is_one && r->count > 1) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s takes one profile at a time", form->name);
		return -1;
	}
	for (i = 0; i < r->count; i++) {
		refusal = render_refuses(r, form, &r->profiles[i]);
		if (!refusal)
			continue;
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", r->profiles[i].name,
			 refusal);
		return -1;
	}
	form->render(r);
	return 0;
}
