#pragma once
#include <sys/prctl.h>

/* Swift cannot call variadic functions. Forbids core dumps and attaching by other processes of the same user; 0 on success. */
static inline int keyturn_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
