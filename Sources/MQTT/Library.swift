import CMosquitto

/// libmosquitto as a whole: prepared once in a process, and never taken down, as other clients may run.
enum Library {
    static let isReady: Bool = mosquitto_lib_init() == code(MOSQ_ERR_SUCCESS)

    static func code(_ error: mosq_err_t) -> CInt { CInt(error.rawValue) }

    static func words(_ code: CInt) -> String { String(cString: mosquitto_strerror(code)) }

    /// The broker's reasons as MQTT 5 numbers them.
    static func reason(_ code: CInt) -> String { String(cString: mosquitto_reason_string(code)) }
}
