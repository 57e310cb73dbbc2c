// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon gives up before it reads anything from the network. */

#include <asm/termbits.h>
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../include/appgw/span.h"
#include "log.h"
#include "sandbox.h"

/* Calls that may be made with any arguments: none of them opens, starts or
 * changes anything outside the process. Besides those that are made today
 * there are those that another C library, machine or width of time makes in their
 * place; a name that this machine doesn't have is no rule.
 */
static const int sandbox_calls[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(lseek),
	SCMP_SYS(_llseek), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(bind), SCMP_SYS(connect), SCMP_SYS(accept), SCMP_SYS(accept4),
	SCMP_SYS(getsockname), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(send), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(recv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(recvmmsg_time64),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(rseq),
	SCMP_SYS(set_robust_list), SCMP_SYS(membarrier),
	SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid),
	SCMP_SYS(getuid32), SCMP_SYS(geteuid), SCMP_SYS(geteuid32),
	SCMP_SYS(getgid), SCMP_SYS(getgid32), SCMP_SYS(getegid),
	SCMP_SYS(getegid32), SCMP_SYS(getrandom), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* What serving metrics takes besides: waiting for connections, and hanging up */
static const int sandbox_serving[] = {
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2), SCMP_SYS(shutdown),
};

/* Calls that no process makes by mistake: one that does has been taken over. */
static const int sandbox_deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_writev), SCMP_SYS(creat), SCMP_SYS(openat2),
	SCMP_SYS(truncate), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
};

/* Drop all capabilities but CAP_NET_ADMIN, for the user that is to be. */
static int sandbox_capabilities(const struct passwd *pw)
{
	bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	int flags = CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING;

	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			 CAP_NET_ADMIN))
		return -1;
	if (pw)
		return capng_change_id(pw->pw_uid, pw->pw_gid, flags);
	/* Without CAP_SETPCAP the bounding set stays, and no_new_privs makes
	 * it meaningless. To try would be told in the log.
	 */
	if (may_bound && capng_apply(CAPNG_SELECT_BOUNDS))
		return -1;
	return capng_apply(CAPNG_SELECT_CAPS);
}

/**
 * sandbox_drop() - become the user, keep CAP_NET_ADMIN and nothing else
 * @user: user to become, empty to stay
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Before there are threads: capabilities belong to each one.
 *
 * Return: 0, or -1
 */
int sandbox_drop(const char *user, char *error)
{
	const struct passwd *pw = NULL;

	if (*user) {
		pw = getpwnam(user);
		if (!pw) {
			snprintf(error, ERROR_TEXT_MAX, "user: no such user: %s",
				 user);
			return -1;
		}
		if (pw->pw_uid == geteuid())
			pw = NULL;
	}
	if (sandbox_capabilities(pw) < 0) {
		snprintf(error, ERROR_TEXT_MAX, "user: can't become %s",
			 *user ? user : "unprivileged");
		return -1;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		snprintf(error, ERROR_TEXT_MAX, "no_new_privs: %s",
			 strerror(errno));
		return -1;
	}
	return 0;
}

/* Allow files to be read, and none written. @call takes its flags as argument @n. */
static int sandbox_open(scmp_filter_ctx ctx, int call, unsigned int n)
{
	const int writes[] = { O_WRONLY, O_RDWR, O_ACCMODE };
	const int makes[] = { O_CREAT, O_TRUNC };
	unsigned int i;
	int ret;

	ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, call, 1,
			       SCMP_CMP(n, SCMP_CMP_MASKED_EQ,
					O_ACCMODE | O_CREAT | O_TRUNC,
					O_RDONLY));
	for (i = 0; !ret && i < ARRAY_SIZE(writes); i++)
		ret = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, call, 1,
				       SCMP_CMP(n, SCMP_CMP_MASKED_EQ,
						O_ACCMODE, writes[i]));
	for (i = 0; !ret && i < ARRAY_SIZE(makes); i++)
		ret = seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, call, 1,
				       SCMP_CMP(n, SCMP_CMP_MASKED_EQ,
						makes[i], makes[i]));
	return ret;
}

#ifdef __NR_socketcall
/* Allow sockets of all families: on i386 and s390x C libraries open them by a call whose
 * arguments are in memory, where no filter sees a family.
 */
static int sandbox_sockets(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 0);
}
#else
/* Allow netlink and the control socket, nothing that reaches further. */
static int sandbox_sockets(scmp_filter_ctx ctx)
{
	int family, ret = 0;
	uint32_t action;

	for (family = 0; !ret && family < AF_MAX; family++) {
		action = SCMP_ACT_KILL_PROCESS;
		if (family == AF_NETLINK || family == AF_UNIX)
			action = SCMP_ACT_ALLOW;
		ret = seccomp_rule_add(ctx, action, SCMP_SYS(socket), 1,
				       SCMP_A0(SCMP_CMP_EQ, family));
	}
	return ret;
}
#endif

/* Add the same for each of @n calls, whatever their arguments. */
static int sandbox_add(scmp_filter_ctx ctx, uint32_t action, const int *calls,
		       size_t n)
{
	int ret = 0;

	for (; !ret && n; n--)
		ret = seccomp_rule_add(ctx, action, *calls++, 0);
	return ret;
}

static int sandbox_rules(scmp_filter_ctx ctx, bool is_serving)
{
	const int no_exec[] = {
		SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)
	};
	/* the configuration's reader asks whether it comes from a terminal */
	const unsigned long terminal[] = {
		TCGETS,
#ifdef TCGETS2
		TCGETS2,
#endif
		TIOCGWINSZ
	};
	unsigned int i;
	int ret;

	ret = sandbox_add(ctx, SCMP_ACT_ALLOW, sandbox_calls,
			  ARRAY_SIZE(sandbox_calls));
	if (!ret && is_serving)
		ret = sandbox_add(ctx, SCMP_ACT_ALLOW, sandbox_serving,
				  ARRAY_SIZE(sandbox_serving));
	if (!ret)
		ret = sandbox_add(ctx, SCMP_ACT_KILL_PROCESS, sandbox_deadly,
				  ARRAY_SIZE(sandbox_deadly));
	for (i = 0; !ret && i < ARRAY_SIZE(no_exec); i++)
		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, no_exec[i], 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC,
					       0));
	for (i = 0; !ret && i < ARRAY_SIZE(terminal); i++)
		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_EQ, terminal[i]));
	if (!ret)
		ret = sandbox_sockets(ctx);
	if (!ret)
		ret = sandbox_open(ctx, SCMP_SYS(openat), 2);
	if (!ret)
		ret = sandbox_open(ctx, SCMP_SYS(open), 1);
	return ret;
}

/**
 * sandbox_filter() - no system call from now on that isn't needed
 * @is_serving: with those that serving metrics takes
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * For all threads that there are, and there can't be more of them afterwards.
 * A call that is not known gets ENOSYS, as from a kernel that doesn't have it, and
 * the kernel's log says which it was: C libraries come with new ones. Those that
 * start programs, write files or, where that shows, open sockets of other families
 * end the process: the module does without it, and its successor is one that
 * nobody has tampered with.
 *
 * Return: 0, or -1
 */
int sandbox_filter(bool is_serving, char *error)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int ret = ctx ? 0 : -ENOMEM;

	if (!ret)
		ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!ret)
		ret = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_LOG, 1);
	if (!ret)
		ret = sandbox_rules(ctx, is_serving);
	if (!ret)
		ret = seccomp_load(ctx);
	seccomp_release(ctx);
	if (!ret)
		return 0;
	snprintf(error, ERROR_TEXT_MAX, "seccomp: %s", strerror(-ret));
	return -1;
}
