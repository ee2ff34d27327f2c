#ifndef CMEMORY_H
#define CMEMORY_H

/// Lets the C library keep freed memory: blocks up to `mapped` bytes come from its heap, and the heap's end is given
/// back to the kernel only when more than `trimmed` bytes of it are free. (mallopt is not in Swift's Glibc module.)
void memory_keep(int mapped, int trimmed);

#endif
