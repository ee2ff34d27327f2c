#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

/// `inflateInit2`, which is a macro and so unseen by Swift. `window_bits` as zlib.h says: 15 + 16 reads gzip,
/// -15 raw deflate. Returns Z_OK or zlib's error.
static inline int czlib_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif
