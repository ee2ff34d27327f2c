/// Which of the two files of a snap.
enum SnapPart: Equatable {
    case snap
    case assertions

    var ending: String {
        switch self {
        case .snap: ".snap"
        case .assertions: ".assert"
        }
    }
}
