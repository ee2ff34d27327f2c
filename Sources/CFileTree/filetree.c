// The variadic syscall(2) cannot be called from Swift: these calls can.
#define _GNU_SOURCE
#include "CFileTree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

const int filetree_place_only = O_PATH;

int filetree_open_beneath(int directory, const char *path, int flags, unsigned int mode, int cached_only) {
    struct open_how how = {
        .flags = (unsigned long long)(unsigned int)flags | O_CLOEXEC,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | (cached_only ? RESOLVE_CACHED : 0),
    };
    long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
    return result < 0 ? -errno : (int)result;
}

ssize_t filetree_read_cached(int file, void *buffer, size_t count, off_t offset) {
    struct iovec part = {.iov_base = buffer, .iov_len = count};
    ssize_t result = preadv2(file, &part, 1, offset, RWF_NOWAIT);
    return result < 0 ? -errno : result;
}

int filetree_rename_exclusive(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0 ? 0 : -errno;
}

int filetree_rename_exchange(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_EXCHANGE) == 0 ? 0 : -errno;
}

int filetree_clone(int from, int to) { return ioctl(to, FICLONE, from) == 0 ? 0 : -errno; }

ssize_t filetree_copy_range(int from, int to, off_t offset, size_t count) {
    off_t source = offset, target = offset;
    ssize_t result = copy_file_range(from, &source, to, &target, count, 0);
    return result < 0 ? -errno : result;
}

int filetree_sync_filesystem(int descriptor) { return syncfs(descriptor) == 0 ? 0 : -errno; }
