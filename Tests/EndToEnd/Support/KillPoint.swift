import Foundation

/// Kills a server between two of its writes, at the one that is asked for.
///
/// A small library is put before the C library. Once a file says so, it counts the calls by which a process changes
/// files, and ends the process with SIGKILL in place of the n-th. The server itself knows nothing of it.
struct KillPoint {
    let folder: String

    private var library: String { "\(folder)/killpoint.so" }
    private var order: String { "\(folder)/kill-at" }

    /// What a server is to be started with.
    var environment: [String: String] { ["LD_PRELOAD": library, "KILLPOINT_ORDER": order] }

    /// Compiles the library.
    init(in folder: String) async throws {
        self.folder = folder
        try Self.source.write(toFile: "\(folder)/killpoint.c", atomically: true, encoding: .utf8)
        try await Tool.check(["cc", "-shared", "-fPIC", "-O1", "-o", library, "\(folder)/killpoint.c", "-ldl"])
    }

    /// From now on the process has `count` − 1 more changes of files to live.
    func arm(_ count: Int) throws { try "\(count)".write(toFile: order, atomically: true, encoding: .utf8) }

    func disarm() { try? FileManager.default.removeItem(atPath: order) }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdlib.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/types.h>
        #include <unistd.h>

        static atomic_long left = 0;

        static void count(void) {
            long now = atomic_load(&left);
            if (now == 0) {
                const char *path = getenv("KILLPOINT_ORDER");
                int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
                if (file < 0) return;
                char text[16] = {0};
                long n = read(file, text, 15) > 0 ? atol(text) : 0;
                close(file);
                if (n <= 0) return;
                long none = 0;
                atomic_compare_exchange_strong(&left, &none, n);
            }
            if (atomic_fetch_sub(&left, 1) == 1) {
                kill(getpid(), SIGKILL);
                for (;;) pause();
            }
        }

        #define CALL(result, name, parameters, arguments) \\
            result name parameters { \\
                static result (*real) parameters; \\
                if (!real) real = (result (*) parameters)dlsym(RTLD_NEXT, #name); \\
                count(); \\
                return real arguments; \\
            }

        CALL(ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o))
        CALL(ssize_t, pwrite64, (int f, const void *b, size_t n, off64_t o), (f, b, n, o))
        CALL(int, fsync, (int f), (f))
        CALL(int, fdatasync, (int f), (f))
        CALL(int, syncfs, (int f), (f))
        CALL(int, ftruncate, (int f, off_t n), (f, n))
        CALL(int, ftruncate64, (int f, off64_t n), (f, n))
        CALL(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m))
        CALL(int, symlinkat, (const char *t, int d, const char *p), (t, d, p))
        CALL(int, unlinkat, (int d, const char *p, int f), (d, p, f))
        CALL(int, linkat, (int a, const char *p, int b, const char *q, int f), (a, p, b, q, f))
        CALL(int, fchmodat, (int d, const char *p, mode_t m, int f), (d, p, m, f))
        CALL(ssize_t, copy_file_range, (int a, off64_t *o, int b, off64_t *q, size_t n, unsigned f), (a, o, b, q, n, f))
        CALL(int, renameat, (int a, const char *p, int b, const char *q), (a, p, b, q))
        CALL(int, renameat2, (int a, const char *p, int b, const char *q, unsigned f), (a, p, b, q, f))

        long syscall(long number, ...) {
            static long (*real)(long, long, long, long, long, long, long);
            if (!real) real = (long (*)(long, long, long, long, long, long, long))dlsym(RTLD_NEXT, "syscall");
            long a[6];
            va_list list;
            va_start(list, number);
            for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
            va_end(list);
            if (number == SYS_renameat2) count();
            return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        }
        """
}
