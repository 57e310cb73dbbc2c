// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl top: connections and pinholes, again and again. */

#include <curses.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "top.h"

/* last: it has macros of everyday names */
#include <term.h>

#define EXIT_USAGE	2

/* Seconds between two looks */
#define TOP_INTERVAL_S		1
#define TOP_INTERVAL_MAX_S	3600

/* Widest value that a column makes room for */
#define TOP_WIDTH_MAX		47

/* Longest line; what is behind is cut off */
#define TOP_LINE_MAX		512

/* Lines above the rows: what this is, and headings */
#define TOP_HEAD_LINES		2

/* Keys of the keyboard, and what they sort by */
static const struct {
	int letter;
	const char *key;
} top_keys[] = {
	{ 't', "type" }, { 'w', "what" }, { 'c', "client" }, { 's', "server" },
	{ 'b', "bytes" }, { 'a', "age" }, { 'e', "expires" },
};

struct top {
	struct ctl *ctl;
	unsigned int interval_s;
	bool is_once;
	const char *key;
};

static const char *top_find_key(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(top_keys); i++)
		if (!strcasecmp(top_keys[i].key, name))
			return top_keys[i].key;
	return NULL;
}

static unsigned int top_seconds(const char *text)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	uint32_t value;

	return span_eat_uint(&s, 4, TOP_INTERVAL_MAX_S, &value) && !s.len ?
	       value : 0;
}

/* Read the words behind "top"; return -1, or an exit status to end with. */
static int top_arguments(struct top *top)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "once", no_argument, NULL, '1' },
		{ "interval", required_argument, NULL, 'i' },
		{ "sort", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 }
	};
	struct ctl *ctl = top->ctl;
	int c;

	optind = 0;
	while ((c = getopt_long(ctl->argc + 1, ctl->argv - 1, "j", options,
				NULL)) != -1) {
		if (c == 'j')
			ctl->is_json = true;
		else if (c == '1')
			top->is_once = true;
		else if (c == 'i')
			top->interval_s = top_seconds(optarg);
		else if (c == 's')
			top->key = top_find_key(optarg);
		else
			return EXIT_USAGE;
		if (!top->interval_s || !top->key) {
			ctl_fail("--interval takes seconds, --sort the name of a column");
			return EXIT_USAGE;
		}
	}
	return optind == ctl->argc + 1 ? -1 : CTL_USAGE - 1;
}

static int top_print(struct top *top)
{
	json_t *rows = top_rows(&top->ctl->kmod), *sorted;
	int ret = 0;

	if (!rows)
		return ctl_fail_kmod(top->ctl);
	sorted = top_sorted(rows, top->key);
	if (top->ctl->is_json)
		ctl_print_json(sorted);
	else
		ret = table_print(top_columns, sorted, &top->ctl->look);
	fflush(stdout);
	if (!top->ctl->is_json && *top_advice())
		fprintf(stderr, "appgwctl: %s\n", top_advice());
	json_decref(sorted);
	json_decref(rows);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Write a column of a row, or its heading if there is no row; return its width. */
static int top_cell(char *text, size_t size, const struct table_column *column,
		    const json_t *row)
{
	const json_t *value = json_object_get(row, column->key);

	if (!row)
		return snprintf(text, size, "%s", column->name);
	if (json_is_integer(value))
		return snprintf(text, size, "%lld",
				(long long)json_integer_value(value));
	if (json_string_length(value))
		return snprintf(text, size, "%s", json_string_value(value));
	return snprintf(text, size, "-");
}

static int top_width(const struct table_column *column, const json_t *rows)
{
	char text[TOP_WIDTH_MAX + 1];
	int width = strlen(column->name), n;
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		n = top_cell(text, sizeof(text), column, row);
		if (n > width)
			width = n;
	}
	return width > TOP_WIDTH_MAX ? TOP_WIDTH_MAX : width;
}

/* Write a row, or the headings, as far as the screen is wide. */
static void top_line(int y, const json_t *row, const int *widths)
{
	char line[TOP_LINE_MAX] = "", cell[TOP_WIDTH_MAX + 1];
	size_t n = 0;
	int i;

	for (i = 0; top_columns[i].name && n + TOP_WIDTH_MAX + 2 < sizeof(line);
	     i++) {
		top_cell(cell, sizeof(cell), &top_columns[i], row);
		n += snprintf(line + n, sizeof(line) - n,
			      top_columns[i].is_right ? "%*s " : "%-*s ",
			      widths[i], cell);
	}
	mvaddnstr(y, 0, line, COLS);
}

static void top_draw(const struct top *top, const json_t *rows)
{
	int widths[TOP_LINE_MAX / 2] = { 0 };
	char title[TOP_LINE_MAX];
	json_t *row;
	size_t i;

	for (i = 0; top_columns[i].name; i++)
		widths[i] = top_width(&top_columns[i], rows);
	erase();
	snprintf(title, sizeof(title),
		 "appgwctl top: %zu rows by %s, every %u s; q ends, b a e t w c s sort. %s",
		 json_array_size(rows), top->key, top->interval_s, top_advice());
	mvaddnstr(0, 0, title, COLS);
	attron(A_REVERSE);
	if (LINES > 1)
		top_line(1, NULL, widths);
	attroff(A_REVERSE);
	json_array_foreach(rows, i, row)
		if ((int)i + TOP_HEAD_LINES < LINES)
			top_line(i + TOP_HEAD_LINES, row, widths);
	refresh();
}

/* Act on a key; false if it ends it all. */
static bool top_press(struct top *top, int letter)
{
	unsigned int i;

	if (letter == 'q' || letter == 'Q')
		return false;
	for (i = 0; i < ARRAY_SIZE(top_keys); i++)
		if (top_keys[i].letter == letter)
			top->key = top_keys[i].key;
	return true;
}

/* Wait for a key, or for the time of the next look; false if it is the end. */
static bool top_wait(struct top *top, int signals)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	/* also interrupted when the terminal's size changes */
	poll(fds, ARRAY_SIZE(fds), top->interval_s * 1000);
	if (fds[1].revents || fds[0].revents & (POLLHUP | POLLERR))
		return false;
	return top_press(top, getch());
}

static int top_loop(struct top *top, int signals)
{
	json_t *rows, *sorted;

	do {
		rows = top_rows(&top->ctl->kmod);
		if (!rows)
			return -1;
		sorted = top_sorted(rows, top->key);
		top_draw(top, sorted);
		json_decref(sorted);
		json_decref(rows);
	} while (top_wait(top, signals));
	return 0;
}

static int top_screen(struct top *top)
{
	SCREEN *screen;
	const char *cup;
	sigset_t set;
	int ret;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return ctl_fail("top needs a terminal; without one: top --once");
	if (setupterm(NULL, STDOUT_FILENO, &ret) == ERR)
		return ctl_fail("this terminal isn't known, see TERM; top --once needs none");
	cup = tigetstr("cup");
	if (!cup || cup == (const char *)-1)
		return ctl_fail("this terminal can't move its cursor; top --once needs none");
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return ctl_fail("this terminal can't be used; top --once needs none");
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	ret = top_loop(top, signalfd(-1, &set, SFD_CLOEXEC));
	endwin();
	delscreen(screen);
	if (ret && !kmod_find())
		return ctl_fail(KMOD_ABSENT);
	return ret ? ctl_fail_kmod(top->ctl) : EXIT_SUCCESS;
}

/**
 * ctl_top() - appgwctl top
 * @ctl: the call
 *
 * Return: exit status, or CTL_USAGE
 */
int ctl_top(struct ctl *ctl)
{
	struct top top = {
		.ctl = ctl,
		.interval_s = TOP_INTERVAL_S,
		.key = "bytes",
	};
	int ret = top_arguments(&top);

	if (ret < -1)
		return CTL_USAGE;
	if (ret >= 0)
		return ret;
	if (!kmod_number())
		return ctl_fail(KMOD_ABSENT);
	return top.is_once || ctl->is_json ? top_print(&top) : top_screen(&top);
}
