import Testing

extension RefusalTests {
    private static let invalidName =
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
    private static let noToken = "You must provide a ClientRequestToken value. We recommend a UUID-type value."
    private static let notFound = "Secrets Manager can't find the specified secret."
    private static let deleted = "You can't perform this operation on the secret because it was marked for deletion."
    static let id2 = APIFixture.expanded("$2")

    struct Case: CustomTestStringConvertible {
        let operation: String
        let body: String
        let code: String
        let message: String
        var testDescription: String { "\(self.operation) \(self.body.prefix(60))" }

        init(_ operation: String, _ body: String, _ code: String, _ message: String) {
            (self.operation, self.body, self.code, self.message) = (operation, body, code, message)
        }
    }

    /// `db` exists with the value `one`, `empty` without a value, `gone` is scheduled for deletion.
    static let cases: [Case] = [
        // Texts, recorded or observed at AWS.
        Case("GetSecretValue", #"{"SecretId":"nosuch"}"#, "ResourceNotFoundException", Self.notFound),
        Case("DescribeSecret", #"{"SecretId":"nosuch"}"#, "ResourceNotFoundException", Self.notFound),
        Case("ListSecretVersionIds", #"{"SecretId":"nosuch"}"#, "ResourceNotFoundException", Self.notFound),
        Case(
            "GetSecretValue",
            #"{"SecretId":"db","VersionStage":"nolabel"}"#,
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for staging label: nolabel"
        ),
        Case(
            "GetSecretValue",
            #"{"SecretId":"empty"}"#,
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
        ),
        Case(
            "GetSecretValue",
            #"{"SecretId":"db","VersionId":"$2"}"#,
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for VersionId: \(Self.id2)"
        ),
        Case(
            "GetSecretValue",
            #"{"SecretId":"db","VersionId":"@","VersionStage":"AWSPREVIOUS"}"#,
            "InvalidRequestException",
            "You provided a VersionStage that is not associated to the provided VersionId."
        ),
        Case(
            "CreateSecret",
            #"{"Name":"db","ClientRequestToken":"$2","SecretString":"one"}"#,
            "ResourceExistsException",
            "The operation failed because the secret db already exists."
        ),
        Case(
            "CreateSecret",
            #"{"Name":"gone","ClientRequestToken":"$2"}"#,
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion."
        ),
        Case(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$2"}"#,
            "InvalidRequestException",
            "You must provide either SecretString or SecretBinary."
        ),
        Case(
            "UpdateSecretVersionStage",
            #"{"SecretId":"db","VersionStage":"AWSCURRENT","RemoveFromVersionId":"@"}"#,
            "InvalidParameterException",
            "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
        ),
        Case(
            "DeleteSecret",
            #"{"SecretId":"db","RecoveryWindowInDays":6}"#,
            "InvalidParameterException",
            "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
        ),
        Case(
            "DeleteSecret",
            #"{"SecretId":"nosuch","RecoveryWindowInDays":31,"ForceDeleteWithoutRecovery":true}"#,
            "InvalidParameterException",
            "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."
        ),
        Case(
            "DeleteSecret",
            #"{"SecretId":"db","RecoveryWindowInDays":7,"ForceDeleteWithoutRecovery":true}"#,
            "InvalidParameterException",
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."
        ),
        Case(
            "PutResourcePolicy",
            #"{"SecretId":"db","ResourcePolicy":"{\"Version\":\"2020-01-01\",\"Statement\":[]}"}"#,
            "MalformedPolicyDocumentException",
            "This policy has invalid syntax."
        ),
        Case(
            "GetRandomPassword",
            #"{"PasswordLength":3}"#,
            "InvalidParameterException",
            "Password length is too short based on the required types."
        ),
        Case(
            "BatchGetSecretValue",
            "{}",
            "InvalidParameterException",
            "Either 'SecretIdList' or 'Filters' must be provided, but not both."
        ),
        Case(
            "BatchGetSecretValue",
            #"{"SecretIdList":["db"],"MaxResults":5}"#,
            "InvalidParameterException",
            "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided."
        ),
        Case("ListSecrets", #"{"Filters":[{"Values":["x"]}]}"#, "InvalidParameterException", "Invalid filter key"),
        Case("ListSecrets", #"{"Filters":[{"Key":"name"}]}"#, "InvalidParameterException", "Invalid filter values for key: name"),
        Case("ListSecrets", #"{"NextToken":"bogus"}"#, "InvalidNextTokenException", "The NextToken value is invalid."),
        // Found by fuzzing: the store cannot keep NUL, and answered with a fault of its own.
        Case(
            "UpdateSecret",
            #"{"SecretId":"db","ClientRequestToken":"$2","Description":"a\u0000"}"#,
            "ValidationException",
            "1 validation error detected: Value 'a\u{0}' at 'description' failed to satisfy constraint:"
                + #" Member must satisfy regular expression pattern: [^\x00]*"#
        ),
        // Scheduled for deletion.
        Case("GetSecretValue", #"{"SecretId":"gone"}"#, "InvalidRequestException", Self.deleted),
        Case(
            "PutSecretValue",
            #"{"SecretId":"gone","ClientRequestToken":"$2","SecretString":"x"}"#,
            "InvalidRequestException",
            Self.deleted
        ),
        Case(
            "UpdateSecret",
            #"{"SecretId":"gone","ClientRequestToken":"$2","Description":"x"}"#,
            "InvalidRequestException",
            Self.deleted
        ),
        Case("TagResource", #"{"SecretId":"gone","Tags":[{"Key":"a","Value":"b"}]}"#, "InvalidRequestException", Self.deleted),
        Case("UntagResource", #"{"SecretId":"gone","TagKeys":["a"]}"#, "InvalidRequestException", Self.deleted),
        Case("DeleteResourcePolicy", #"{"SecretId":"gone"}"#, "InvalidRequestException", Self.deleted),
        Case("DeleteSecret", #"{"SecretId":"gone"}"#, "InvalidRequestException", Self.deleted),
        // Invalid names on every operation, forced deletion too.
        Case("CreateSecret", #"{"Name":"a b","ClientRequestToken":"@"}"#, "ValidationException", Self.invalidName),
        Case("CreateSecret", #"{"Name":" db"}"#, "ValidationException", Self.invalidName),
        Case("DeleteSecret", #"{"SecretId":"db ","ForceDeleteWithoutRecovery":true}"#, "ValidationException", Self.invalidName),
        Case("DescribeSecret", #"{"SecretId":"d\u00e9"}"#, "ValidationException", Self.invalidName),
        Case("PutSecretValue", #"{"SecretId":"a?"}"#, "ValidationException", Self.invalidName),
        // The token before the secret, the secret before its state.
        Case("CreateSecret", #"{"Name":"new","SecretString":"x"}"#, "InvalidRequestException", Self.noToken),
        Case("CreateSecret", #"{"Name":"new"}"#, "InvalidRequestException", Self.noToken),
        Case("UpdateSecret", #"{"SecretId":"nosuch","Description":"x"}"#, "InvalidRequestException", Self.noToken),
        Case("PutSecretValue", #"{"SecretId":"nosuch","SecretString":"x"}"#, "InvalidRequestException", Self.noToken),
        Case(
            "PutSecretValue",
            #"{"SecretId":"nosuch","ClientRequestToken":"$2"}"#,
            "InvalidRequestException",
            "You must provide either SecretString or SecretBinary."
        ),
        // Constraints of the model.
        Case(
            "DescribeSecret",
            "{}",
            "ValidationException",
            "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null"
        ),
        Case(
            "PutSecretValue",
            #"{"SecretId":"a b","ClientRequestToken":"short","VersionStages":["x",""]}"#,
            "ValidationException",
            "2 validation errors detected: Value 'short' at 'clientRequestToken' failed to satisfy constraint: Member must have length"
                + " greater than or equal to 32; Value '' at 'versionStages.2.member' failed to satisfy constraint: Member must have length"
                + " greater than or equal to 1"
        ),
        Case(
            "PutSecretValue",
            #"{"SecretId":"db","ClientRequestToken":"$2","SecretString":""}"#,
            "ValidationException",
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length greater than or"
                + " equal to 1"
        ),
        Case(
            "GetRandomPassword",
            #"{"PasswordLength":5000}"#,
            "ValidationException",
            "1 validation error detected: Value '5000' at 'passwordLength' failed to satisfy constraint: Member must have value less than or"
                + " equal to 4096"
        ),
        Case(
            "ListSecrets",
            #"{"Filters":[{"Key":"name","Values":["1","2","3","4","5","6","7","8","9","10","11"]}]}"#,
            "ValidationException",
            "1 validation error detected: Value '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]' at 'filters.1.member.values' failed to satisfy"
                + " constraint: Member must have length less than or equal to 10"
        ),
        // The front door.
        Case("Nonsense", "{}", "UnknownOperationException", "The requested operation is not known: secretsmanager.Nonsense"),
        Case("DescribeSecret", "nonsense", "SerializationException", "invalid JSON at byte 0: expected 'null'"),
        Case("DescribeSecret", "[]", "SerializationException", "the body is not a JSON object"),
        Case("DescribeSecret", #"{"SecretId":5}"#, "SerializationException", "NUMBER_VALUE can not be converted to a String"),
        Case(
            "GetRandomPassword",
            #"{"PasswordLength":"long"}"#,
            "SerializationException",
            "STRING_VALUE can not be converted to an Integer"
        ),
    ]
}
