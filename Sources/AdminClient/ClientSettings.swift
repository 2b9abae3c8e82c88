package import SecretModel

/// Where the API is and who calls it.
package struct ClientSettings: Sendable {
    package let endpoint: String
    package let region: RegionName
    package let accessKeyID: String
    package let secretAccessKey: SecretValue
    /// What temporary credentials need besides; `nil` for an access key that lasts.
    package let sessionToken: SecretValue?
    /// PEM file of the certificate authorities to trust besides the system's.
    package let caFile: String?

    package init(
        endpoint: String,
        region: RegionName,
        accessKeyID: String,
        secretAccessKey: SecretValue,
        sessionToken: SecretValue? = nil,
        caFile: String?
    ) {
        self.endpoint = endpoint
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.caFile = caFile
    }

    /// Reads the variables that the AWS tools read: `AWS_ENDPOINT_URL_SECRETS_MANAGER` or `AWS_ENDPOINT_URL`, `AWS_REGION` or
    /// `AWS_DEFAULT_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
    /// `AWS_CA_BUNDLE`.
    ///
    /// - Parameters:
    ///   - endpoint: Wins over the environment, like `region` and `caFile`.
    /// - Throws: `ClientError.settings`, naming the variable that is missing.
    package init(
        environment: [String: String],
        endpoint: String? = nil,
        region: String? = nil,
        caFile: String? = nil
    ) throws(ClientError) {
        func value(_ given: String?, _ names: String...) -> String? {
            given ?? names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        guard let url = value(endpoint, "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL") else {
            throw .settings("no endpoint: set AWS_ENDPOINT_URL or give --endpoint (keyturn dev and keyturn serve print it)")
        }
        guard let regionText = value(region, "AWS_REGION", "AWS_DEFAULT_REGION") else {
            throw .settings("no region: set AWS_DEFAULT_REGION or give --region")
        }
        guard let name = RegionName(regionText) else { throw .settings("\"\(regionText)\" is no region: one looks like eu-west-1") }
        guard let accessKeyID = value(nil, "AWS_ACCESS_KEY_ID"), let secret = value(nil, "AWS_SECRET_ACCESS_KEY") else {
            throw .settings("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (keyturn init shows the first key)")
        }
        self.init(
            endpoint: url,
            region: name,
            accessKeyID: accessKeyID,
            secretAccessKey: SecretValue(string: secret),
            sessionToken: value(nil, "AWS_SESSION_TOKEN").map { SecretValue(string: $0) },
            caFile: value(caFile, "AWS_CA_BUNDLE")
        )
    }
}
