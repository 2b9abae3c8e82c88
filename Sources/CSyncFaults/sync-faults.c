/*
 * Preloaded (LD_PRELOAD) by tests into a real daemon, which needs no hooks for it: counts the syncs of the store, and kills the process at
 * a chosen one. SQLite comes from the system's library, so its calls can be interposed.
 *
 * KEYTURN_SYNC_FAULTS        path of the shared file, `struct sync_faults`
 * KEYTURN_SYNC_FAULTS_STORE  absolute path of the store; its write-ahead log belongs to it
 * KEYTURN_SYNC_DELAY         how many microseconds longer each sync of any file takes: a slower disk, for benchmarks
 */
#define _GNU_SOURCE
#include "sync-faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What a write that is not synced yet has replaced. */
struct unsynced {
    struct unsynced *earlier;
    int descriptor;
    off64_t offset;
    off64_t file_size;
    ssize_t length;
    char bytes[];
};

static struct sync_faults *control;
static const char *store;
static struct timespec delay;
static struct unsynced *latest;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_ftruncate64)(int, off64_t);

__attribute__((constructor)) static void start(void) {
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_pwrite64 = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate64 = dlsym(RTLD_NEXT, "ftruncate64");
    const char *path = getenv("KEYTURN_SYNC_FAULTS");
    store = getenv("KEYTURN_SYNC_FAULTS_STORE");
    const char *microseconds = getenv("KEYTURN_SYNC_DELAY");
    long longer = microseconds == NULL ? 0 : atol(microseconds);
    delay = (struct timespec){longer / 1000000, longer % 1000000 * 1000};
    if (path == NULL || store == NULL) return;
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) abort();
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (control == MAP_FAILED) abort();
    close(descriptor);
}

static int is_store(int descriptor) {
    if (control == NULL) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    size_t stem = strlen(store);
    return strncmp(path, store, stem) == 0 && (path[stem] == 0 || strcmp(path + stem, "-wal") == 0);
}

/* Keeps what is about to be replaced. */
static void remember(int descriptor, off64_t offset, off64_t count) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) abort();
    off64_t there = status.st_size > offset ? status.st_size - offset : 0;
    if (there > count) there = count;
    struct unsynced *entry = malloc(sizeof *entry + there);
    if (entry == NULL) abort();
    entry->descriptor = descriptor;
    entry->offset = offset;
    entry->file_size = status.st_size;
    entry->length = pread(descriptor, entry->bytes, there, offset);
    entry->earlier = latest;
    latest = entry;
}

static void forget(int descriptor) {
    for (struct unsynced **place = &latest; *place != NULL;) {
        struct unsynced *entry = *place;
        if (entry->descriptor == descriptor) {
            *place = entry->earlier;
            free(entry);
        } else {
            place = &entry->earlier;
        }
    }
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    if (!is_store(descriptor)) return real_pwrite64(descriptor, bytes, count, offset);
    pthread_mutex_lock(&lock);
    remember(descriptor, offset, count);
    ssize_t written = real_pwrite64(descriptor, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate64(int descriptor, off64_t size) {
    if (!is_store(descriptor)) return real_ftruncate64(descriptor, size);
    pthread_mutex_lock(&lock);
    remember(descriptor, size, LONG_MAX);
    int status = real_ftruncate64(descriptor, size);
    pthread_mutex_unlock(&lock);
    return status;
}

static void wait_longer(void) {
    if (delay.tv_sec != 0 || delay.tv_nsec != 0) nanosleep(&delay, NULL);
}

/* SQLite syncs its store by fdatasync; servers also by fsync. */
int fsync(int descriptor) {
    wait_longer();
    return real_fsync(descriptor);
}

int fdatasync(int descriptor) {
    wait_longer();
    if (!is_store(descriptor)) return real_fdatasync(descriptor);
    pthread_mutex_lock(&lock);
    uint64_t sync = __atomic_add_fetch(&control->syncs, 1, __ATOMIC_SEQ_CST);
    int strikes = sync == __atomic_load_n(&control->strike, __ATOMIC_SEQ_CST);
    if (strikes && control->loses) {
        for (struct unsynced *entry = latest; entry != NULL; entry = entry->earlier) {
            real_pwrite64(entry->descriptor, entry->bytes, entry->length, entry->offset);
            real_ftruncate64(entry->descriptor, entry->file_size);
        }
        die();
    }
    int status = real_fdatasync(descriptor);
    if (strikes) die();
    if (status == 0) forget(descriptor);
    pthread_mutex_unlock(&lock);
    return status;
}
