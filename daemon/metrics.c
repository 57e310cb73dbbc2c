// SPDX-License-Identifier: GPL-2.0-only
/* GET /metrics, for Prometheus: libmicrohttpd, run by the main thread whenever
 * something has come. It waits for nobody, and what strangers may use up of time and
 * memory is limited below.
 */

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "endpoint_text.h"
#include "log.h"
#include "metrics.h"
#include "prometheus.h"

#define METRICS_PATH		"/metrics"

/* Connections that wait to be accepted, that are, and that one address may have. */
#define METRICS_BACKLOG		16
#define METRICS_GUESTS_MAX	32
#define METRICS_GUESTS_HOST	8

/* Memory of a connection: its request, and the head of the answer */
#define METRICS_REQUEST_MAX	8192

/* How long a connection may say nothing, and how long it may take in all */
#define METRICS_IDLE_S		5
#define METRICS_LIFE_S		10

/* How long a text is served again: many who ask make the module answer once. */
#define METRICS_FRESH_S		1

/**
 * struct metrics_guest - a connection
 * @fd: its socket, -1 if there is none
 * @since_s: when it came, monotonic
 */
struct metrics_guest {
	int fd;
	time_t since_s;
};

/**
 * struct metrics - the server; one for the life of the process
 * @http: libmicrohttpd's
 * @make_text: makes what is served
 * @arg: for that
 * @text: what it made last, or NULL
 * @made_s: when that was, monotonic
 * @guests: all connections
 *
 * Belongs to the main thread.
 */
struct metrics {
	struct MHD_Daemon *http;
	metrics_text_t make_text;
	void *arg;
	char *text;
	time_t made_s;
	struct metrics_guest guests[METRICS_GUESTS_MAX];
};

static time_t metrics_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

static enum MHD_Result metrics_say(struct MHD_Connection *connection,
				   unsigned int status, const char *type,
				   const char *text)
{
	struct MHD_Response *response;
	enum MHD_Result ret;

	response = MHD_create_response_from_buffer(strlen(text), (void *)text,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", type);
	/* Kept open, it would be in others' way until the next time. */
	MHD_add_response_header(response, "Connection", "close");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, "Allow", "GET");
	ret = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return ret;
}

static const char *metrics_text(struct metrics *metrics)
{
	time_t now_s = metrics_now();

	if (metrics->text && now_s - metrics->made_s < METRICS_FRESH_S)
		return metrics->text;
	free(metrics->text);
	metrics->text = metrics->make_text(metrics->arg);
	metrics->made_s = now_s;
	return metrics->text;
}

/* Answer as soon as the head of a request is there, whatever comes behind it. */
static enum MHD_Result metrics_request(void *arg, struct MHD_Connection *connection,
				       const char *path, const char *method,
				       const char *version, const char *body,
				       size_t *body_len, void **request)
{
	const char *text;

	(void)version;
	(void)body;
	(void)request;
	*body_len = 0;
	if (strcmp(method, "GET"))
		return metrics_say(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
				   "text/plain", "GET " METRICS_PATH "\n");
	if (strcmp(path, METRICS_PATH))
		return metrics_say(connection, MHD_HTTP_NOT_FOUND, "text/plain",
				   METRICS_PATH "\n");
	text = metrics_text(arg);
	return text ? metrics_say(connection, MHD_HTTP_OK, PROMETHEUS_TYPE, text) :
		      MHD_NO;
}

/* Leave paths as they come: none that we have needs an escape. */
static size_t metrics_unescape(void *arg, struct MHD_Connection *connection,
			       char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

static void metrics_come(struct metrics *metrics,
			 struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info;
	unsigned int i;

	info = MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_CONNECTION_FD);
	for (i = 0; info && i < METRICS_GUESTS_MAX; i++) {
		if (metrics->guests[i].fd >= 0)
			continue;
		metrics->guests[i].fd = info->connect_fd;
		metrics->guests[i].since_s = metrics_now();
		*context = &metrics->guests[i];
		break;
	}
}

static void metrics_notified(void *arg, struct MHD_Connection *connection,
			     void **context,
			     enum MHD_ConnectionNotificationCode code)
{
	struct metrics_guest *guest = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		metrics_come(arg, connection, context);
	else if (guest)
		guest->fd = -1;
}

/* Hang up on those who have been here too long: a byte now and then keeps
 * libmicrohttpd waiting for ever.
 */
static void metrics_hang_up(struct metrics *metrics)
{
	time_t now_s = metrics_now();
	unsigned int i;

	for (i = 0; i < METRICS_GUESTS_MAX; i++)
		if (metrics->guests[i].fd >= 0 &&
		    now_s - metrics->guests[i].since_s >= METRICS_LIFE_S)
			shutdown(metrics->guests[i].fd, SHUT_RDWR);
}

/* The address need not be there yet: the daemon starts before the network does. */
static bool metrics_set_options(int fd, bool is_ipv6)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		return false;
	if (!is_ipv6)
		return !setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
	return !setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) &&
	       !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
}

static int metrics_listen(const struct endpoint *where)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(where->port) };
	struct sockaddr_in in4 = { .sin_family = AF_INET,
				   .sin_port = htons(where->port) };
	bool is_ipv6 = where->af == APPGW_AF_IPV6;
	int fd, error;

	memcpy(&in6.sin6_addr, where->addr, sizeof(in6.sin6_addr));
	memcpy(&in4.sin_addr, where->addr, sizeof(in4.sin_addr));
	fd = socket(is_ipv6 ? AF_INET6 : AF_INET,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (metrics_set_options(fd, is_ipv6) &&
	    !bind(fd, is_ipv6 ? (const struct sockaddr *)&in6 :
				(const struct sockaddr *)&in4,
		  is_ipv6 ? sizeof(in6) : sizeof(in4)) &&
	    !listen(fd, METRICS_BACKLOG))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Take over @fd, which is closed on failure. */
static struct metrics *metrics_serve(int fd, metrics_text_t text, void *arg)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));
	unsigned int i;

	if (!metrics)
		goto err;
	metrics->make_text = text;
	metrics->arg = arg;
	for (i = 0; i < METRICS_GUESTS_MAX; i++)
		metrics->guests[i].fd = -1;
	metrics->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL,
					 metrics_request, metrics,
					 MHD_OPTION_LISTEN_SOCKET, fd,
					 MHD_OPTION_CONNECTION_LIMIT,
					 (unsigned int)METRICS_GUESTS_MAX,
					 MHD_OPTION_PER_IP_CONNECTION_LIMIT,
					 (unsigned int)METRICS_GUESTS_HOST,
					 MHD_OPTION_CONNECTION_TIMEOUT,
					 (unsigned int)METRICS_IDLE_S,
					 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
					 (size_t)METRICS_REQUEST_MAX,
					 MHD_OPTION_UNESCAPE_CALLBACK,
					 metrics_unescape, NULL,
					 MHD_OPTION_NOTIFY_CONNECTION,
					 metrics_notified, metrics,
					 MHD_OPTION_END);
	if (metrics->http)
		return metrics;
err:
	close(fd);
	free(metrics);
	errno = ENOMEM;
	return NULL;
}

/**
 * metrics_open() - listen, before there is a filter of system calls
 * @where: address and port
 * @text: makes what is served
 * @arg: for that
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: the server, or NULL
 */
struct metrics *metrics_open(const struct endpoint *where, metrics_text_t text,
			     void *arg, char *error)
{
	struct metrics *metrics = NULL;
	char name[ENDPOINT_TEXT_MAX];
	int fd = metrics_listen(where);

	if (fd >= 0)
		metrics = metrics_serve(fd, text, arg);
	if (!metrics)
		snprintf(error, ERROR_TEXT_MAX, "metrics: %s: %s",
			 endpoint_text(name, where), strerror(errno));
	return metrics;
}

/**
 * metrics_fd() - what to wait for
 * @metrics: the server, or NULL
 *
 * Return: a descriptor that can be read when there is something to do, or -1
 */
int metrics_fd(const struct metrics *metrics)
{
	const union MHD_DaemonInfo *info = NULL;

	if (metrics)
		info = MHD_get_daemon_info(metrics->http,
					   MHD_DAEMON_INFO_EPOLL_FD);
	return info ? info->epoll_fd : -1;
}

/**
 * metrics_wait_ms() - how long to wait for that
 * @metrics: the server, or NULL
 * @max_ms: no longer than this
 *
 * Return: milliseconds
 */
int metrics_wait_ms(const struct metrics *metrics, int max_ms)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (!metrics || MHD_get_timeout(metrics->http, &ms) != MHD_YES ||
	    ms > (unsigned int)max_ms)
		return max_ms;
	return ms;
}

/**
 * metrics_run() - do what there is to do
 * @metrics: the server, or NULL
 */
void metrics_run(struct metrics *metrics)
{
	if (!metrics)
		return;
	metrics_hang_up(metrics);
	MHD_run(metrics->http);
}
