import Glibc
import NIOConcurrencyHelpers

/// A server that runs beside the tests and cannot outlive them.
///
/// It is the child of a small shell, the supervisor, whose standard input is a pipe from the test process. However the test process ends,
/// the kernel closes the pipe, and the supervisor stops the server and removes its scratch directory. (PR_SET_PDEATHSIG would fire when the
/// *thread* that spawned the server ends.)
package final class ServerProcess: Sendable {
    package let scratch: ScratchDirectory
    /// What the server wrote to its standard output and error, over all its starts.
    package let logPath: String

    private struct State {
        /// The pipe's end that keeps the supervisor waiting; `nil` after a stop.
        var lifeline: Int32?
        var supervisor: pid_t
        var hasEnded = false
    }

    private let state: NIOLockedValueBox<State>

    /// Starts the server.
    /// - Parameters:
    ///   - command: The path of the program and its arguments.
    ///   - account: Who it runs as; see `ServiceAccount.forServer`.
    ///   - scratch: Where it keeps its data; the log is written to `NAME.log` in it.
    ///   - stopSignal: The signal for an immediate stop, such as `QUIT` for PostgreSQL.
    package init(
        _ name: String,
        command: [String],
        as account: ServiceAccount?,
        scratch: ScratchDirectory,
        stopSignal: String
    ) throws {
        self.scratch = scratch
        self.logPath = scratch.path(of: "\(name).log")
        let words = (account?.commandPrefix ?? []) + command
        let arguments = ["/bin/sh", "-c", Self.script, "keyturn-supervisor", self.logPath, stopSignal, scratch.path] + words
        self.state = NIOLockedValueBox(try Self.spawning.withLock { try Self.startSupervisor(arguments) })
    }

    deinit {
        self.state.withLockedValue { state in
            if let lifeline = state.lifeline { close(lifeline) }
        }
    }

    /// `$1` log, `$2` stop signal, `$3` scratch directory, then the command. The word `stop` on standard input stops the server; the end of
    /// the input without it means that the test process is gone, so that the supervisor has to clean up.
    private static let script = """
        log=$1 signal=$2 scratch=$3; shift 3
        exec 3<&0 </dev/null
        "$@" >>"$log" 2>&1 3<&- &
        server=$!
        echo $server >"$log.pid"
        (
            read -r word <&3
            kill -s CONT $server; kill -s $signal $server
            i=0; while [ $i -lt 50 ] && kill -s 0 $server; do sleep 0.1; i=$((i+1)); done
            kill -s KILL $server
            [ "$word" = stop ] || rm -rf "$scratch"
        ) 2>/dev/null &
        watcher=$!
        exec 3<&-
        wait $server; status=$?
        [ -d "$scratch" ] && echo "supervisor: server ended with status $status" >>"$log"
        exit $status
        """

    /// One at a time: a supervisor that inherited the lifeline of another would keep that one's server alive.
    private static let spawning = NIOLock()

    private static func startSupervisor(_ arguments: [String]) throws -> State {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw FixtureError("no pipe for a supervisor") }
        defer { close(ends[0]) }
        do {
            guard ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else { throw FixtureError("cannot protect a lifeline") }
            return State(lifeline: ends[1], supervisor: try self.spawn(arguments, standardInput: ends[0]))
        } catch {
            close(ends[1])
            throw error
        }
    }

    /// `POSIX_SPAWN_SETSID` of <spawn.h>, which Swift's Glibc module hides.
    private static let newSession: Int16 = 0x80

    private static func spawn(_ arguments: [String], standardInput: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
        // The test runner waits until nobody holds its output any more.
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A session of its own: a Ctrl-C at the terminal must not kill the supervisor before the server.
        posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawn(&process, arguments[0], &actions, &attributes, &words, environ)
        guard status == 0 else { throw FixtureError("cannot start \(arguments[0]): \(String(cString: strerror(status)))") }
        return process
    }

    package var isRunning: Bool {
        self.state.withLockedValue { state in
            if !state.hasEnded {
                var status: Int32 = 0
                state.hasEnded = waitpid(state.supervisor, &status, WNOHANG) != 0
            }
            return !state.hasEnded
        }
    }

    /// Polls until the server is ready.
    /// - Throws: `FixtureError` with the end of the log when the server ends or the deadline passes.
    package func waitUntilReady(within limit: Duration = .seconds(60), _ isReady: () async -> Bool) async throws {
        do {
            try await eventually("\(self.logPath) ready", within: limit) {
                guard self.isRunning else { throw FixtureError("the server has ended") }
                return await isReady()
            }
        } catch {
            throw FixtureError("\(error)\n\(try self.log().suffix(3_000))")
        }
    }

    /// Stops the server at once and waits for its end. Its data stay.
    package func stop() async throws {
        let lifeline = self.state.withLockedValue { state in
            defer { state.lifeline = nil }
            return state.lifeline
        }
        guard let lifeline else { return }
        _ = "stop\n".withCString { write(lifeline, $0, 5) }
        close(lifeline)
        try await eventually("the end of the server", within: .seconds(20)) { !self.isRunning }
    }

    /// Sends the server a signal: SIGSTOP makes it hang, SIGCONT ends that, SIGKILL is a crash.
    package func signal(_ signal: Int32) throws {
        guard kill(try self.processID(), signal) == 0 else { throw FixtureError("cannot signal the server") }
    }

    /// The server's own process, not that of its supervisor.
    package func processID() throws -> Int32 {
        let text = try readFile("\(self.logPath).pid").filter { $0 != "\n" }
        guard let process = Int32(text), process > 1 else { throw FixtureError("the server has no process") }
        return process
    }

    package func log() throws -> String { try readFile(self.logPath) }
}
