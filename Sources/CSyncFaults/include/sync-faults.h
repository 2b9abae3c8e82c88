#pragma once
#include <stdint.h>

/* What the shim and the test share, a file that both map or read: `TestSupport/Faults/SyncFaults.swift` knows the layout too. */
struct sync_faults {
    /* Syncs of the store so far, over all processes. */
    uint64_t syncs;
    /* The sync at which the process dies; 0: none. */
    uint64_t strike;
    /* 1: dies instead of syncing, and what was not on disk yet is gone, as when the power fails. 0: dies as soon as it is on disk. */
    uint64_t loses;
};
