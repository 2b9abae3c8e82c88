import NIOConcurrencyHelpers

/// The writes that wait for the store's one writer, in the order in which they were submitted.
///
/// Groups form by themselves: whatever arrives while the writer waits for the disk goes into the next group. A lone write is a group of
/// one, at once.
final class WriteQueue: Sendable {
    private struct State {
        var waiting: [WaitingWrite] = []
        var isServed = false
    }

    private let state = NIOLockedValueBox(State())
    private let groupLimit: Int

    /// - Parameter groupLimit: The most writes in one group, so that the first of them need not wait for ever more of the others.
    init(groupLimit: Int) {
        self.groupLimit = groupLimit
    }

    /// How many writes wait; those of the group that is being committed do not.
    var count: Int { self.state.withLockedValue { $0.waiting.count } }

    /// - Returns: Whether the writer rests: then the caller must call it.
    func submit(_ write: WaitingWrite) -> Bool {
        self.state.withLockedValue { state in
            state.waiting.append(write)
            defer { state.isServed = true }
            return !state.isServed
        }
    }

    /// For the writer: the oldest writes that wait.
    func takeGroup() -> WriteGroup {
        self.state.withLockedValue { state in
            let group = WriteGroup(writes: Array(state.waiting.prefix(self.groupLimit)))
            state.waiting.removeFirst(group.writes.count)
            return group
        }
    }

    /// For the writer, after a group.
    ///
    /// - Returns: Whether to go on; if not, it rests and has to be called.
    func hasMore() -> Bool {
        self.state.withLockedValue { state in
            state.isServed = !state.waiting.isEmpty
            return state.isServed
        }
    }
}
