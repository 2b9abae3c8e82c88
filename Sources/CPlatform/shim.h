#pragma once
#include <sys/prctl.h>

/* Swift cannot call variadic functions. */

/* Forbids core dumps and attaching by other processes of the same user; 0 on success. */
static inline int keyturn_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Names the calling thread, for those who look at the process from outside: at most 15 bytes. */
static inline void keyturn_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}
