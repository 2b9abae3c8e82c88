/// What a script is asked to do: its argv[1] (`rotator-protocol.md` §2.2).
enum ScriptVerb: String, Hashable, Sendable, CaseIterable {
    case describe, createSecret, setSecret, testSecret, finishSecret, probe, retire, cleanup
}

/// A value that a script may be given, by its name in the request.
enum ScriptNeed: String, Hashable, Sendable {
    case current, pending, previous, admin
}
