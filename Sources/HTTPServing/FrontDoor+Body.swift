import AWSAPI
import HTTPTypes
import HummingbirdCore
import NIOCore

extension FrontDoor {
    /// Why a body is not read to its end. The connection cannot be used again.
    enum BodyError: Error {
        case tooLong
        case late
        /// The client went away.
        case brokenOff
    }

    /// Reads the body, for as long as it may take.
    ///
    /// - Parameter isKept: Whether the bytes are wanted; else they are dropped as they come, and the result is empty.
    func body(of request: Request, isKept: Bool) async throws(BodyError) -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > ServingSettings.maximumBodySize { throw .tooLong }
        do {
            return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                group.addTask { try await Self.collect(request.body, isKept: isKept) }
                group.addTask {
                    try await Task.sleep(for: self.bodyDeadline)
                    throw BodyError.late
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch let error as BodyError {
            throw error
        } catch {
            throw .brokenOff
        }
    }

    private static func collect(_ body: RequestBody, isKept: Bool) async throws -> [UInt8] {
        var (bytes, count) = ([UInt8](), 0)
        for try await piece in body {
            count += piece.readableBytes
            guard count <= ServingSettings.maximumBodySize else { throw BodyError.tooLong }
            if isKept { bytes += piece.readableBytesView }
        }
        return bytes
    }
}

extension APIError {
    init(_ error: FrontDoor.BodyError, deadline: Duration) {
        switch error {
        case .tooLong:
            self.init(
                code: "RequestEntityTooLargeException",
                message: "The request body is longer than \(ServingSettings.maximumBodySize) bytes.",
                status: 413
            )
        case .late:
            self.init(
                code: "RequestTimeoutException",
                message: "The request body did not arrive within \(deadline.components.seconds) seconds.",
                status: 408
            )
        case .brokenOff:
            self.init(code: "RequestTimeoutException", message: "The request body broke off.", status: 408)
        }
    }
}
