import Access
import HTTPTypes
import HummingbirdCore

extension SignableRequest {
    /// The head of a request as sent, without its body. Hummingbird takes the `Host` header away and keeps it as the authority, so it is put
    /// back.
    init(_ request: Request) {
        var headers = request.headers.map { Header($0.name.rawName, $0.value) }
        if let authority = request.head.authority {
            headers.append(Header("Host", authority))
        }
        let parts = (request.head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: request.method.rawValue,
            path: parts.first.map(String.init) ?? "/",
            query: parts.count == 2 ? String(parts[1]) : "",
            headers: headers,
            body: []
        )
    }

    /// Whether it is a call of the query protocol, as STS has it.
    var isForm: Bool {
        self.target == nil && self.values(of: "content-type").contains { $0.utf8.starts(with: "application/x-www-form-urlencoded".utf8) }
    }
    /// What the client says that it is; empty if it says nothing.
    var userAgent: String { self.values(of: "user-agent").first ?? "" }

    /// The operation asked for; `nil` if there is none, or more than one.
    var target: String? {
        let targets = self.values(of: "x-amz-target")
        return targets.count == 1 ? targets[0] : nil
    }
}
