#!/usr/bin/env bash
# The commands of a common tutorial as it prints them, one after the other; only endpoint and credentials come from the environment.
#   tutorial.sh HOST PORT USER PASSWORD    of a PostgreSQL account that may change its own password
# Says `ok NAME` for each chapter; ends with the first thing that is not as the tutorial says.
set -euo pipefail
HOST=$1 PORT=$2 DB_USER=$3 DB_PASSWORD=$4
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT

die() { echo "FAILED $chapter: $*"; exit 1; }
same() { [[ $1 == "$2" ]] || die "found '$1', wanted '$2'"; }
chapter() { [[ -z ${chapter:-} ]] || echo "ok $chapter"; chapter=$1; }

chapter kms
key=$(aws kms create-key --description "Secrets encryption" --query KeyMetadata.KeyId --output text)
aws kms create-alias --alias-name alias/secrets-encryption --target-key-id "$key"

chapter create-secret/database
aws secretsmanager create-secret \
    --name production/database/credentials \
    --description "Production database credentials" \
    --kms-key-id alias/secrets-encryption \
    --secret-string "{\"engine\":\"postgres\",\"host\":\"$HOST\",\"port\":$PORT,\"dbname\":\"postgres\",\"username\":\"$DB_USER\",\"password\":\"$DB_PASSWORD\",\"ssl\":false}" \
    --tags Key=Environment,Value=production Key=Team,Value=backend >created.json
grep -q '"VersionId"' created.json || die "no version: $(cat created.json)"
same "$(aws secretsmanager describe-secret --secret-id production/database/credentials --query KmsKeyId --output text)" alias/secrets-encryption

chapter create-secret/api-key
aws secretsmanager create-secret --name production/api/stripe --secret-string 'sk_live_abc123' >/dev/null
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --query SecretString --output text)" sk_live_abc123

chapter create-secret/oauth-token
cat >oauth.json <<'JSON'
{
  "client_id": "my-client",
  "client_secret": "shh \"quoted\"",
  "refresh_token": "1//0abc"
}
JSON
aws secretsmanager create-secret --name production/oauth/google --secret-string file://oauth.json >/dev/null
aws secretsmanager get-secret-value --secret-id production/oauth/google --query SecretString --output text >oauth.read
same "$(<oauth.read)" "$(<oauth.json)"

chapter create-secret/PEM
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem -subj /CN=test -days 1 2>/dev/null
aws secretsmanager create-secret --name production/ssh/deploy-key --secret-string file://key.pem >/dev/null
aws secretsmanager get-secret-value --secret-id production/ssh/deploy-key --query SecretString --output text >key.read
openssl pkey -in key.read -noout || die "the key comes back usable"

chapter create-secret/binary-certificate
openssl pkcs12 -export -in certificate.pem -inkey key.pem -passout pass: -out certificate.p12
aws secretsmanager create-secret --name production/tls/certificate --secret-binary fileb://certificate.p12 >/dev/null
aws secretsmanager get-secret-value --secret-id production/tls/certificate --query SecretBinary --output text | base64 --decode >certificate.read
cmp certificate.p12 certificate.read || die "bytes come back as they were"

chapter get-secret-value/jq-and-stages
same "$(aws secretsmanager get-secret-value --secret-id production/database/credentials --query SecretString --output text \
    | python3 -c 'import json, sys; print(json.load(sys.stdin)["username"])')" "$DB_USER"
aws secretsmanager put-secret-value --secret-id production/api/stripe --secret-string 'sk_live_def456' >/dev/null
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --version-stage AWSCURRENT --query SecretString --output text)" sk_live_def456
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --version-stage AWSPREVIOUS --query SecretString --output text)" sk_live_abc123

chapter update-secret
aws secretsmanager update-secret --secret-id production/api/stripe --description "Stripe, live" --secret-string 'sk_live_ghi789' >/dev/null
same "$(aws secretsmanager describe-secret --secret-id production/api/stripe --query Description --output text)" "Stripe, live"

chapter rollback
current=$(aws secretsmanager list-secret-version-ids --secret-id production/api/stripe \
    --query "Versions[?contains(VersionStages, 'AWSCURRENT')].VersionId" --output text)
previous=$(aws secretsmanager list-secret-version-ids --secret-id production/api/stripe \
    --query "Versions[?contains(VersionStages, 'AWSPREVIOUS')].VersionId" --output text)
aws secretsmanager update-secret-version-stage --secret-id production/api/stripe --version-stage AWSCURRENT \
    --move-to-version-id "$previous" --remove-from-version-id "$current" >/dev/null
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --query SecretString --output text)" sk_live_def456
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --version-stage AWSPREVIOUS --query SecretString --output text)" sk_live_ghi789

chapter rotate-secret
aws secretsmanager rotate-secret \
    --secret-id production/database/credentials \
    --rotation-lambda-arn arn:aws:lambda:us-east-1:123456789012:function:SecretsManagerRDSPostgreSQLRotationSingleUser \
    --rotation-rules AutomaticallyAfterDays=30 >/dev/null
for _ in $(seq 300); do
    [[ $(aws secretsmanager describe-secret --secret-id production/database/credentials --query LastRotatedDate --output text) != None ]] && break
    sleep 0.2
done
same "$(aws secretsmanager describe-secret --secret-id production/database/credentials \
    --query '[RotationEnabled, RotationRules.AutomaticallyAfterDays]' --output text)" $'True\t30'
new=$(aws secretsmanager get-secret-value --secret-id production/database/credentials --query SecretString --output text \
    | python3 -c 'import json, sys; print(json.load(sys.stdin)["password"])')
[[ $new != "$DB_PASSWORD" ]] || die "the password was not rotated"

chapter list-secrets
same "$(aws secretsmanager list-secrets --filters Key=name,Values=production/api Key=tag-key,Values=Team --query 'length(SecretList)')" 0
same "$(aws secretsmanager list-secrets --filters Key=tag-value,Values=production --query 'SecretList[].Name' --output text)" production/database/credentials
aws secretsmanager create-secret --name never/read --secret-string x >/dev/null
same "$(aws secretsmanager list-secrets --query 'SecretList[?LastAccessedDate==null].Name' --output text)" never/read
same "$(aws secretsmanager list-secrets --query 'SecretList[?!not_null(LastAccessedDate)].[Name]' --output text)" never/read

chapter put-resource-policy
cat >policy.json <<'JSON'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Principal": "*",
      "Action": "secretsmanager:DeleteSecret",
      "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:PrincipalTag/role": "admin"}}
    }
  ]
}
JSON
aws secretsmanager put-resource-policy --secret-id production/api/stripe --resource-policy file://policy.json --block-public-policy >/dev/null
aws secretsmanager get-resource-policy --secret-id production/api/stripe --query ResourcePolicy --output text >policy.read
same "$(<policy.read)" "$(<policy.json)"
aws secretsmanager delete-resource-policy --secret-id production/api/stripe >/dev/null

chapter replicate-secret-to-regions
aws secretsmanager replicate-secret-to-regions --secret-id production/api/stripe --add-replica-regions Region=eu-west-1 \
    --force-overwrite-replica-secret >/dev/null
same "$(aws secretsmanager get-secret-value --secret-id production/api/stripe --region eu-west-1 --query SecretString --output text)" sk_live_def456
aws secretsmanager remove-regions-from-replication --secret-id production/api/stripe --remove-replica-regions eu-west-1 >/dev/null

chapter tags-and-passwords
aws secretsmanager tag-resource --secret-id production/api/stripe --tags Key=CostCenter,Value=42
aws secretsmanager untag-resource --secret-id production/api/stripe --tag-keys CostCenter
password=$(aws secretsmanager get-random-password --password-length 32 --exclude-characters '"@/\' --require-each-included-type \
    --query RandomPassword --output text)
same "${#password}" 32

chapter delete-and-restore
aws secretsmanager delete-secret --secret-id production/oauth/google --recovery-window-in-days 7 >/dev/null
aws secretsmanager get-secret-value --secret-id production/oauth/google 2>error && die "a deleted secret was read"
grep -q 'InvalidRequestException' error || die "$(cat error)"
aws secretsmanager restore-secret --secret-id production/oauth/google >/dev/null
aws secretsmanager delete-secret --secret-id production/oauth/google --force-delete-without-recovery >/dev/null
aws secretsmanager describe-secret --secret-id production/oauth/google 2>error && die "a deleted secret is there"
grep -q 'ResourceNotFoundException' error || die "$(cat error)"

chapter caching-client
python3 - "$new" <<'PYTHON' || die "the caching client"
import json, sys
import botocore.session
from aws_secretsmanager_caching import InjectKeywordedSecretString, SecretCache, SecretCacheConfig

client = botocore.session.get_session().create_client("secretsmanager")
calls = []
client.meta.events.register("before-call.secrets-manager", lambda model, **rest: calls.append(model.name))
cache = SecretCache(config=SecretCacheConfig(), client=client)
for _ in range(10):
    assert json.loads(cache.get_secret_string("production/database/credentials"))["password"] == sys.argv[1]
assert calls == ["DescribeSecret", "GetSecretValue"], calls
assert cache.get_secret_binary("production/tls/certificate") == open("certificate.p12", "rb").read()
assert cache.get_secret_string("production/api/stripe", version_stage="AWSPREVIOUS") == "sk_live_ghi789"

@InjectKeywordedSecretString(secret_id="production/database/credentials", cache=cache, func_password="password")
def connect(func_password):
    return func_password

assert connect() == sys.argv[1]
PYTHON
chapter end
