/// An action that a command orders.
protocol OrderWord: Sendable {
    /// Of the command.
    static var word: String { get }
    /// As it goes to the device.
    static var action: String { get }
    static var abstract: String { get }
}

extension OrderWord {
    static var action: String { word }
}

enum InstallWord: OrderWord {
    static let word = "install"
    static let abstract = "Order a device to install a snap."
}

enum RefreshWord: OrderWord {
    static let word = "refresh"
    static let abstract = "Order a device to refresh a snap."
}

enum RemoveWord: OrderWord {
    static let word = "remove"
    static let abstract = "Order a device to remove a snap. One that its model requires comes back."
}

enum RevertWord: OrderWord {
    static let word = "revert"
    static let abstract = "Order a device to take a snap back to its revision before."
}

enum EnableWord: OrderWord {
    static let word = "enable"
    static let abstract = "Order a device to enable a snap."
}

enum DisableWord: OrderWord {
    static let word = "disable"
    static let abstract = "Order a device to disable a snap."
}

enum ConfWord: OrderWord {
    static let word = "conf"
    static let abstract = "Ask a device for the configuration of a snap."
}

enum InfoWord: OrderWord {
    static let word = "info"
    static let abstract = "Ask a device about one snap."
}

enum StartWord: OrderWord {
    static let word = "start"
    static let abstract = "Order a device to start a snap's services."
}

enum StopWord: OrderWord {
    static let word = "stop"
    static let abstract = "Order a device to stop a snap's services."
}

enum RestartWord: OrderWord {
    static let word = "restart"
    static let abstract = "Order a device to restart a snap's services."
}

enum SetConfWord: OrderWord {
    static let word = "setconf"
    static let abstract = "Order a device to set configuration of a snap; a JSON object of names and values."
}

enum AckWord: OrderWord {
    static let word = "ack"
    static let abstract = "Give a device assertions, as `snap known` writes them."
}

enum UserWord: OrderWord {
    static let word = "user"
    static let abstract = "Order a device to add or remove a user; a JSON object as the agent takes it."
}

enum ListAgainWord: OrderWord {
    static let word = "list-again"
    static let action = "list"
    static let abstract = "Ask a device for a new list of its snaps."
}

enum ServerWord: OrderWord {
    static let word = "server"
    static let abstract = "Ask a device for the version of its snapd and system."
}

enum DeviceWord: OrderWord {
    static let word = "device"
    static let abstract = "Ask a device for its brand, model and serial."
}

enum UnregisterWord: OrderWord {
    static let word = "unregister"
    static let abstract = "Order a device's agent to forget where it is enrolled."
}
