extension RotationFailure.Code {
    /// What a person should do where whoever failed has no better advice; `nil` where nothing holds for all causes.
    package var standardHint: String? {
        switch self {
        case .targetUnreachable:
            "Check host and port in the secret, that the server runs, and the network to it. Keyturn tries again by itself."
        case .timeout:
            "Check the server's load and what holds locks on it. Keyturn tries again by itself."
        case .adminAuthFailed:
            "Put the live password of the admin account into the admin secret, then retry the run."
        case .permissionDenied:
            "Grant the account that makes the change what the message names, then retry the run."
        case .configInvalid:
            "Mend the secret's value or the settings of its rotation, then retry the run."
        case .accountLocked:
            "Unlock the account on the server, and find out who tried wrong passwords."
        default:
            nil
        }
    }
}
