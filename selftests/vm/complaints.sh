# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# All that a kernel prints when it finds fault with itself, as patterns for grep -E

# shellcheck disable=SC2034 # read by who sources this
complaints='BUG:|kernel BUG at|WARNING:|Oops|Call Trace:|Kernel panic
INFO: (task|rcu|possible|trying to register|suspicious)|rcu: INFO
KASAN|KFENCE|KCSAN|UBSAN|ODEBUG|kmemleak:|general protection fault
refcount_t:|list_(add|del) corruption|soft lockup|hard LOCKUP
circular locking|suspicious RCU|unable to handle|scheduling while atomic'
