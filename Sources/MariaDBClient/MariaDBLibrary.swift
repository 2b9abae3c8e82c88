import CMariaDB

/// The library's one-time initialisation, which is not thread-safe; a lazy static is.
enum MariaDBLibrary {
    enum State { case success, failure }

    /// Accounts ask for these beside `mysql_native_password`, which is part of the library.
    static let additionalPlugins = ["client_ed25519", "caching_sha2_password"]

    /// The plug-ins are loaded here, because two logins that load one at the same time are in each other's way: the library tells the
    /// second that it is loaded already, as an error, and goes on to be refused. One that is not installed is missed by the login that needs it.
    static let state: State = {
        guard mysql_server_init(0, nil, nil) == 0, let handle = mysql_init(nil) else { return .failure }
        defer { mysql_close(handle) }
        for plugin in Self.additionalPlugins { _ = mysql_client_find_plugin(handle, plugin, keyturn_authentication_plugin) }
        return .success
    }()
}
