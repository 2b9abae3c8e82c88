import SecretModel

/// The principals in the text of a policy. The text is what its author gets back, so it is changed as JSON, and no further than needed.
package enum PolicyPrincipals {
    /// - Parameter replacement: What stands for a principal of the kind `AWS` from now on; `nil` to keep it.
    /// - Returns: The new text; `nil` if nothing was replaced, or if the text is no policy.
    package static func text(_ text: String, replacing replacement: (String) -> String?) -> String? {
        let document: JSONValue
        do throws(JSONSyntaxError) { document = try JSONValue(parsing: text) } catch { return nil }
        guard let statement = document["Statement"] else { return nil }
        let changed = document.setting("Statement", to: statement.mapped { self.statement($0, replacement) })
        return changed == document ? nil : changed.text
    }

    private static func statement(_ statement: JSONValue, _ replacement: (String) -> String?) -> JSONValue {
        ["Principal", "NotPrincipal"].reduce(statement) { statement, element in
            guard let principals = statement[element], let names = principals["AWS"] else { return statement }
            let changed = names.mapped { name in name.stringValue.flatMap(replacement).map { .string($0) } ?? name }
            return statement.setting(element, to: principals.setting("AWS", to: changed))
        }
    }
}

extension JSONValue {
    /// What a policy may write as one value or as a list of values.
    fileprivate func mapped(_ change: (JSONValue) -> JSONValue) -> JSONValue {
        self.arrayValue.map { .array($0.map(change)) } ?? change(self)
    }
}
