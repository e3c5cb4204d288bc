/* Counts the calls that touch files below one folder; kills at, fails or spoils the Nth; logs all.
 *
 * Loaded before libc. The environment says what to do, and `faults_arm` reads it anew:
 *   FAULTS_ROOT=DIR   what counts: absolute paths below it, and descriptors opened there
 *   FAULTS_LOG=FILE   a line for each call that succeeded, and after it the bytes it wrote
 *   FAULTS_KILL=N     SIGKILL before the Nth call
 *   FAULTS_FAIL=N FAULTS_ERRNO=E [FAULTS_FOREVER=1]   the Nth call, or all from it on, fail with E
 *   FAULTS_FLIP=N     one bit of what the Nth call writes is another on the device
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 4096
static char root[PATH_MAX], *names[FDS];
static long calls, kill_at, fail_at, flip_at, forever, error;
static int journal = -1;

static long number(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

__attribute__((constructor)) void faults_arm(void) {
    const char *folder = getenv("FAULTS_ROOT"), *file = getenv("FAULTS_LOG");
    snprintf(root, sizeof root, "%s", folder ? folder : "");
    if (journal >= 0) syscall(SYS_close, journal);
    journal = file && *root
        ? syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    calls = 0;
    kill_at = number("FAULTS_KILL"), fail_at = number("FAULTS_FAIL");
    flip_at = number("FAULTS_FLIP"), forever = number("FAULTS_FOREVER");
    error = number("FAULTS_ERRNO");
}

/* The absolute path in `whole` where it counts, else NULL. */
static char *counted(int dir, const char *path, char *whole) {
    size_t length = strlen(root);
    if (*path == '/') snprintf(whole, PATH_MAX, "%s", path);
    else if (dir >= 0 && dir < FDS && names[dir])
        snprintf(whole, PATH_MAX, "%s/%s", names[dir], path);
    else return NULL;
    return length && !strncmp(whole, root, length) && (!whole[length] || whole[length] == '/')
        ? whole : NULL;
}

static char *open_name(int fd) { return fd >= 0 && fd < FDS ? names[fd] : NULL; }

/* Whether the coming call has to fail. */
static int fails(void) {
    calls++;
    if (calls == kill_at) kill(getpid(), SIGKILL);
    if (!fail_at || !(forever ? calls >= fail_at : calls == fail_at)) return 0;
    errno = error;
    return 1;
}

/* A call that succeeded: its number, kind, descriptor, two figures, paths and bytes. */
static void note(const char *kind, int fd, long first, long size, const char *path,
                 const char *other, const void *bytes) {
    char line[2 * PATH_MAX + 100];
    if (journal < 0) return;
    int length = snprintf(line, sizeof line, "%ld\t%s\t%d\t%ld\t%ld\t%s\t%s\n", calls, kind, fd,
                          first, size, path, other);
    struct iovec parts[] = {{line, length}, {(void *)bytes, bytes ? size : 0}};
    if (syscall(SYS_writev, journal, parts, 2) != length + (bytes ? size : 0)) abort();
}

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX], *name = counted(dir, path, whole);
    if (name && fails()) return -1;
    int fd = syscall(SYS_openat, dir, path, flags, mode);
    if (fd >= 0 && fd < FDS) {
        free(names[fd]);
        names[fd] = name ? strdup(name) : NULL;
    }
    if (name && fd >= 0) note("open", fd, flags, 0, name, "", NULL);
    return fd;
}

#define OPEN(name, first, dir, last) \
    int name(first const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return opened(dir, path, flags | last, mode); \
    }
#define AT int dir,
#define HERE
OPEN(open, HERE, AT_FDCWD, 0) OPEN(open64, HERE, AT_FDCWD, O_LARGEFILE)
OPEN(openat, AT, dir, 0) OPEN(openat64, AT, dir, O_LARGEFILE)

static ssize_t put(int fd, const void *bytes, size_t size, off_t at, int moves) {
    char *name = open_name(fd), *spoilt = NULL;
    if (name && fails()) return -1;
    if (name && moves) at = lseek(fd, 0, SEEK_CUR);
    if (name && size && calls == flip_at) {
        spoilt = memcpy(malloc(size), bytes, size);
        spoilt[size / 2] ^= 1;
    }
    const void *given = spoilt ? spoilt : bytes;
    ssize_t done = moves ? syscall(SYS_write, fd, given, size)
                         : syscall(SYS_pwrite64, fd, given, size, at);
    if (name && done >= 0) note("write", fd, at, done, name, "", given);
    free(spoilt);
    return done;
}
ssize_t write(int fd, const void *bytes, size_t size) { return put(fd, bytes, size, 0, 1); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t at) { return put(fd, b, n, at, 0); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t at) { return put(fd, b, n, at, 0); }
ssize_t sendfile(int out, int in, off_t *at, size_t size) { /* callers then write themselves */
    if (open_name(out)) return errno = ENOSYS, -1;
    return syscall(SYS_sendfile, out, in, at, size);
}
ssize_t sendfile64(int out, int in, off_t *at, size_t n) { return sendfile(out, in, at, n); }

/* What follows is one call of the system each. */
#define BY_FD(name, kind, arguments, figure, ...) \
    int name arguments { \
        char *path = open_name(fd); \
        if (path && fails()) return -1; \
        int done = syscall(__VA_ARGS__); \
        if (path && !done) note(kind, fd, figure, 0, path, "", NULL); \
        return done; \
    }
BY_FD(fsync, "sync", (int fd), 0, SYS_fsync, fd)
BY_FD(fdatasync, "sync", (int fd), 0, SYS_fdatasync, fd)
BY_FD(ftruncate, "cut", (int fd, off_t size), size, SYS_ftruncate, fd, size)
BY_FD(ftruncate64, "cut", (int fd, off_t size), size, SYS_ftruncate, fd, size)

int close(int fd) { /* a close that fails has closed nevertheless */
    char *path = open_name(fd);
    int failed = path && fails() ? errno : 0, done = syscall(SYS_close, fd);
    if (path) {
        names[fd] = NULL;
        if (!failed) note("close", fd, 0, 0, path, "", NULL);
        free(path);
    }
    return failed ? errno = failed, -1 : done;
}

#define BY_PATH(name, kind, arguments, dir, path, to, other, ...) \
    int name arguments { \
        char whole[PATH_MAX], second[PATH_MAX]; \
        char *from = counted(dir, path, whole), *into = counted(to, other, second); \
        if (from && fails()) return -1; \
        int done = syscall(__VA_ARGS__); \
        if (from && !done) note(kind, -1, 0, 0, from, into ? into : "", NULL); \
        return done; \
    }
#define CWD AT_FDCWD
#define ONE(name, kind, arguments, dir, ...) \
    BY_PATH(name, kind, arguments, dir, path, CWD, "", __VA_ARGS__)
ONE(unlink, "unlink", (const char *path), CWD, SYS_unlinkat, CWD, path, 0)
ONE(rmdir, "unlink", (const char *path), CWD, SYS_unlinkat, CWD, path, AT_REMOVEDIR)
ONE(unlinkat, "unlink", (int dir, const char *path, int f), dir, SYS_unlinkat, dir, path, f)
ONE(mkdir, "mkdir", (const char *path, mode_t mode), CWD, SYS_mkdirat, CWD, path, mode)
ONE(mkdirat, "mkdir", (int d, const char *path, mode_t mode), d, SYS_mkdirat, d, path, mode)
BY_PATH(rename, "rename", (const char *a, const char *b), CWD, a, CWD, b,
        SYS_renameat2, CWD, a, CWD, b, 0)
BY_PATH(renameat, "rename", (int d, const char *a, int e, const char *b), d, a, e, b,
        SYS_renameat2, d, a, e, b, 0)
BY_PATH(link, "link", (const char *a, const char *b), CWD, a, CWD, b, SYS_linkat, CWD, a, CWD, b, 0)
BY_PATH(linkat, "link", (int d, const char *a, int e, const char *b, int f), d, a, e, b,
        SYS_linkat, d, a, e, b, f)
