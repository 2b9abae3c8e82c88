import SecretModel

/// A part of a policy's JSON with the path to it, for errors that name the place.
struct PolicyElement {
    let json: JSONValue
    /// Counted from 1: `Statement[2].Action`.
    let path: String

    init(_ json: JSONValue, path: String) {
        self.json = json
        self.path = path
    }

    subscript(name: String) -> PolicyElement? { self.json[name].map { self.member(name, $0) } }

    private func member(_ name: String, _ json: JSONValue) -> PolicyElement {
        PolicyElement(json, path: self.path.isEmpty ? name : "\(self.path).\(name)")
    }

    /// The members of an object of which any may be there, in order: to ask for each by its name would look through all of them each time.
    ///
    /// - Throws: Unless this is an object and no name is there twice.
    func members() throws(PolicySyntaxError) -> [(name: String, value: PolicyElement)] {
        guard let members = self.json.members else { throw self.error("it must be a JSON object") }
        var seen: Set<[UInt8]> = []
        for member in members where !seen.insert(Array(member.name.utf8)).inserted {
            throw self.error("the element \(member.name) is there twice")
        }
        return members.map { ($0.name, self.member($0.name, $0.value)) }
    }

    func named(_ path: String) -> PolicyElement { PolicyElement(self.json, path: path) }

    var isList: Bool { self.json.arrayValue != nil }

    func error(_ reason: String) -> PolicySyntaxError { PolicySyntaxError(kind: .other, path: self.path, reason: reason) }

    /// - Throws: Unless this is an object with members of these names only, none of them twice.
    func checkMembers(_ known: [String]) throws(PolicySyntaxError) {
        for (name, _) in try self.members() {
            guard known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
                let similar = known.first { asciiLowercased($0) == asciiLowercased(name) }
                let hint = similar.map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
                throw self.error("there is no element \"\(name)\" here; \(hint)")
            }
        }
    }

    func text() throws(PolicySyntaxError) -> String {
        guard let text = self.json.stringValue else { throw self.error("it must be a string") }
        return text
    }

    /// The elements of a list that is not empty.
    func list() throws(PolicySyntaxError) -> [PolicyElement] {
        guard let elements = self.json.arrayValue else { throw self.error("it must be a list") }
        guard !elements.isEmpty else { throw self.error("the list is empty") }
        return elements.enumerated().map { PolicyElement($1, path: "\(self.path)[\($0 + 1)]") }
    }

    /// One value, or a list of values: a single one needs no brackets.
    func texts() throws(PolicySyntaxError) -> [PolicyElement] { self.isList ? try self.list() : [self] }

    func policyText(_ text: String, knowsVariables: Bool) throws(PolicySyntaxError) -> PolicyText {
        do throws(PolicyText.Malformed) {
            return try PolicyText(text, knowsVariables: knowsVariables)
        } catch {
            throw self.error(error.reason)
        }
    }
}
