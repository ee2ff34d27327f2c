#ifndef CFILETREE_H
#define CFILETREE_H

#include <stddef.h>
#include <sys/types.h>

/// O_PATH, which Swift does not see: a descriptor that stands for a place and can neither be read nor written.
extern const int filetree_place_only;

/// Opens `path` beneath `directory` (openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS).
/// `cached_only` adds RESOLVE_CACHED: the call fails with EAGAIN rather than wait for a disk.
/// Returns a descriptor, or the negated errno.
int filetree_open_beneath(int directory, const char *path, int flags, unsigned int mode, int cached_only);

/// Reads from the page cache only (preadv2 with RWF_NOWAIT): EAGAIN rather than wait for a disk.
/// Returns the number of bytes read, or the negated errno.
ssize_t filetree_read_cached(int file, void *buffer, size_t count, off_t offset);

/// Renames without replacing: EEXIST when `to` exists. Returns 0, or the negated errno.
int filetree_rename_exclusive(int from_directory, const char *from, int to_directory, const char *to);

/// Puts each of two entries in the other's place, in one step. Returns 0, or the negated errno.
int filetree_rename_exchange(int from_directory, const char *from, int to_directory, const char *to);

/// Makes `to` share the disk blocks of `from` (FICLONE), where the file system can. Returns 0, or the negated errno.
int filetree_clone(int from, int to);

/// Copies inside the kernel, from and to the same offset. Returns the number of bytes copied, or the negated errno.
ssize_t filetree_copy_range(int from, int to, off_t offset, size_t count);

/// Writes everything of the file system that holds `descriptor` to its disk. Returns 0, or the negated errno.
int filetree_sync_filesystem(int descriptor);

#endif
