// Writes down, in order, what a process writes to one SQLite database and its log, and when it waited for the disk. The file it writes
// is enough to say what a disk may hold if the power goes now: `power.rs` makes it so.
//
// Loaded before the C library (LD_PRELOAD). POWER_DATABASE is the database, POWER_RECORD what is written down. One record is a head and,
// of a write, its bytes; a process that is killed while it writes one leaves a part of it at the end.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 'w', LENGTH = 'l', SYNC = 's' };
enum { NEITHER, DATABASE, WAL };
enum { SYNC_MICROS = 5000 };

struct head {
    uint8_t kind, file, unused[6];
    uint64_t offset, length;
};

static char database[4096], wal[4096];
static int record = -1;
static uint8_t file_of[1 << 16];
// One at a time: the order of the records is the order of what they tell.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("POWER_DATABASE"), *to = getenv("POWER_RECORD");
    if (!name || !to || strlen(name) + 5 > sizeof database) abort();
    strcpy(database, name);
    strcpy(wal, name);
    strcat(wal, "-wal");
    record = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0) abort();
}

static uint8_t named(const char *path) {
    return !strcmp(path, database) ? DATABASE : !strcmp(path, wal) ? WAL : NEITHER;
}

static uint8_t of(int fd) {
    return fd >= 0 && fd < (int)sizeof file_of ? file_of[fd] : NEITHER;
}

static void note(uint8_t kind, uint8_t file, uint64_t offset, const void *bytes, uint64_t length) {
    struct head head = {.kind = kind, .file = file, .offset = offset, .length = length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, length}};
    ssize_t all = sizeof head + length;
    if (writev(record, parts, length ? 2 : 1) != all) abort();
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(int fd, const char *path) {
    if (fd >= 0 && fd < (int)sizeof file_of) file_of[fd] = named(path);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(real(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, "close", int);
    if (fd >= 0 && fd < (int)sizeof file_of) file_of[fd] = NEITHER;
    return real(fd);
}

#define PWRITE(name, place) \
    ssize_t name(int fd, const void *bytes, size_t length, place offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, place); \
        if (of(fd) == NEITHER) return real(fd, bytes, length, offset); \
        pthread_mutex_lock(&turn); \
        note(WRITE, of(fd), offset, bytes, length); \
        ssize_t done = real(fd, bytes, length, offset); \
        if (done != (ssize_t)length) abort(); \
        pthread_mutex_unlock(&turn); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    // SQLite writes where it says. One that does not is not understood here.
    if (of(fd) != NEITHER) abort();
    return real(fd, bytes, length);
}

#define TRUNCATE(name, place) \
    int name(int fd, place length) { \
        REAL(int, #name, int, place); \
        if (of(fd) == NEITHER) return real(fd, length); \
        pthread_mutex_lock(&turn); \
        note(LENGTH, of(fd), length, NULL, 0); \
        int done = real(fd, length); \
        if (done) abort(); \
        pthread_mutex_unlock(&turn); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

// The record stands for the disk, so that nothing waits for the real one. It takes its time, as a disk does, for the power to go in.
#define SYNC_CALL(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        if (of(fd) == NEITHER) return real(fd); \
        pthread_mutex_lock(&turn); \
        usleep(SYNC_MICROS); \
        note(SYNC, of(fd), 0, NULL, 0); \
        pthread_mutex_unlock(&turn); \
        return 0; \
    }
SYNC_CALL(fsync)
SYNC_CALL(fdatasync)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    uint8_t file = named(path);
    if (file == NEITHER) return real(path);
    pthread_mutex_lock(&turn);
    note(LENGTH, file, 0, NULL, 0);
    int done = real(path);
    pthread_mutex_unlock(&turn);
    return done;
}
