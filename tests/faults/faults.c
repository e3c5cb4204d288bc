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

/* The argument that only calls have that may make a file. */
#define MODE(flags) ({ \
    va_list more; va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more); mode; })
int openat(int dir, const char *path, int flags, ...) {
    return opened(dir, path, flags, MODE(flags));
}
int open(const char *path, int flags, ...) {
    return opened(AT_FDCWD, path, flags, MODE(flags));
}

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
ssize_t pwrite(int fd, const void *b, size_t size, off_t at) { return put(fd, b, size, at, 0); }
ssize_t sendfile(int out, int in, off_t *at, size_t size) { /* callers then write themselves */
    if (open_name(out)) return errno = ENOSYS, -1;
    return syscall(SYS_sendfile, out, in, at, size);
}

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

static int by_fd(const char *kind, long call, int fd, off_t figure) {
    char *path = open_name(fd);
    if (path && fails()) return -1;
    int done = syscall(call, fd, figure);
    if (path && !done) note(kind, fd, figure, 0, path, "", NULL);
    return done;
}
int fsync(int fd) { return by_fd("sync", SYS_fsync, fd, 0); }
int fdatasync(int fd) { return by_fd("sync", SYS_fdatasync, fd, 0); }
int ftruncate(int fd, off_t size) { return by_fd("cut", SYS_ftruncate, fd, size); }

static int by_path(const char *kind, long call, int dir, const char *path, long last) {
    char whole[PATH_MAX], *name = counted(dir, path, whole);
    if (name && fails()) return -1;
    int done = syscall(call, dir, path, last);
    if (name && !done) note(kind, -1, 0, 0, name, "", NULL);
    return done;
}
int unlinkat(int d, const char *p, int f) {
    return by_path("unlink", SYS_unlinkat, d, p, f);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdirat(int d, const char *p, mode_t mode) {
    return by_path("mkdir", SYS_mkdirat, d, p, mode);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

static int by_two(const char *kind, long call, int d, const char *a, int e, const char *b,
                  int last) {
    char first[PATH_MAX], second[PATH_MAX];
    char *from = counted(d, a, first), *to = counted(e, b, second);
    if (from && to && fails()) return -1;
    int done = syscall(call, d, a, e, b, last);
    if (from && to && !done) note(kind, -1, 0, 0, from, to, NULL);
    return done;
}
int renameat(int d, const char *a, int e, const char *b) {
    return by_two("rename", SYS_renameat2, d, a, e, b, 0);
}
int rename(const char *a, const char *b) { return renameat(AT_FDCWD, a, AT_FDCWD, b); }
int linkat(int d, const char *a, int e, const char *b, int flags) {
    return by_two("link", SYS_linkat, d, a, e, b, flags);
}
int link(const char *a, const char *b) { return linkat(AT_FDCWD, a, AT_FDCWD, b, 0); }

/* The same for programs whose files may be large; on 64 bits they are one. */
#define ALSO(name, of) extern __typeof__(of) name __attribute__((alias(#of)));
ALSO(open64, open) ALSO(openat64, openat) ALSO(pwrite64, pwrite)
ALSO(ftruncate64, ftruncate) ALSO(sendfile64, sendfile)
