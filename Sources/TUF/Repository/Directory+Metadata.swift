import FileTree

/// Files of a repository in the words of this module's errors.
extension Directory {
    /// The content of `name`; nil when there is no such file.
    func metadata(_ name: String, limit: Int) throws(TUFError) -> [UInt8]? {
        do {
            return try contents(of: name, limit: limit)
        } catch {
            guard error.code == .notFound else { throw TUFError(.storage, error.message) }
            return nil
        }
    }

    /// Puts `bytes` at `name` as a whole, on the disk when it returns.
    func store(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws(TUFError) {
        do { try replace(name, with: bytes, mode: mode) } catch { throw TUFError(.storage, error.message) }
    }

    func discard(_ name: String) throws(TUFError) {
        do {
            try remove(name)
            try syncNames()
        } catch {
            throw TUFError(.storage, error.message)
        }
    }

    func list() throws(TUFError) -> [String] {
        do { return try names() } catch { throw TUFError(.storage, error.message) }
    }

    /// A folder that only its owner may open, made when it is absent.
    func privateFolder(_ name: String) throws(TUFError) -> Directory {
        do { return try makeDirectory(name, mode: 0o700) } catch { throw TUFError(.storage, error.message) }
    }

    /// The folder `name`; nil when there is none.
    func folder(_ name: String) throws(TUFError) -> Directory? {
        do {
            return try directory(name)
        } catch {
            guard error.code == .notFound else { throw TUFError(.storage, error.message) }
            return nil
        }
    }
}
