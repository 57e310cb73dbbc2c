// SPDX-License-Identifier: GPL-2.0-only
/* nftables, spoken to in its own language by libnftables.
 *
 * What goes into a text is ours, an address that we have written, or a name that
 * watch_rule_is_name() has let through.
 */

#include <nftables/libnftables.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "watch.h"

/* Longest error that is told */
#define NFT_ERROR_MAX	200

/* Keep the first line of what nft complains of, without what it says of the place. */
static char *nft_error(const char *text)
{
	const char *at = strstr(text, "Error: ");
	char line[NFT_ERROR_MAX], *out = malloc(NFT_ERROR_MAX);

	at = at ? at + strlen("Error: ") : text;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
	if (out)
		log_escape(out, NFT_ERROR_MAX, line);
	return out;
}

/**
 * nft_text_run() - carry out commands, all of them or none
 * @nft: an open context
 * @text: commands
 * @error: set to what it complains of, to be freed, or NULL; may be NULL
 *
 * Return: what it prints, to be freed; NULL after an error
 */
char *nft_text_run(struct nft_ctx *nft, const char *text, char **error)
{
	char *out = NULL;
	int ret;

	if (error)
		*error = NULL;
	if (nft_ctx_buffer_output(nft) || nft_ctx_buffer_error(nft))
		return NULL;
	ret = nft_run_cmd_from_buffer(nft, text);
	if (!ret)
		out = strdup(nft_ctx_get_output_buffer(nft));
	else if (error)
		*error = nft_error(nft_ctx_get_error_buffer(nft));
	nft_ctx_unbuffer_output(nft);
	nft_ctx_unbuffer_error(nft);
	return out;
}

/**
 * nft_text_list() - ask on a socket of its own
 * @text: a command that lists something
 *
 * Return: what there is, with handles, to be freed; or NULL
 */
char *nft_text_list(const char *text)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	char *out;

	if (!nft)
		return NULL;
	nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_HANDLE |
				 NFT_CTX_OUTPUT_STATELESS |
				 NFT_CTX_OUTPUT_TERSE);
	out = nft_text_run(nft, text, NULL);
	nft_ctx_free(nft);
	return out;
}
