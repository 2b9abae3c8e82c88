data "aws_caller_identity" "me" {}

# The key that encrypts the secrets below, with a new generation of its material each half year.
resource "aws_kms_key" "secrets" {
  description             = "The secrets of ${var.prefix}"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  rotation_period_in_days = 180
  is_enabled              = var.key_enabled
  tags                    = { team = var.prefix }
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/${var.prefix}-secrets"
  target_key_id = aws_kms_key.secrets.key_id
}

# A login that Keyturn rotates, with a copy in another region.
resource "aws_secretsmanager_secret" "database" {
  name                    = "${var.prefix}/database"
  description             = var.description
  kms_key_id              = aws_kms_key.secrets.arn
  recovery_window_in_days = 7
  tags                    = { team = var.prefix, tier = "database" }

  replica {
    region = var.replica_region
  }
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id                = aws_secretsmanager_secret.database.id
  secret_string_wo         = jsonencode(merge(var.database, { password = var.database_password }))
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret_rotation" "database" {
  secret_id           = aws_secretsmanager_secret_version.database.secret_id
  rotation_lambda_arn = "arn:aws:lambda:${var.region}:${data.aws_caller_identity.me.account_id}:function:${var.rotator}"
  rotate_immediately  = false

  rotation_rules {
    automatically_after_days = var.rotation_days
  }
}

resource "aws_secretsmanager_secret_policy" "database" {
  secret_arn          = aws_secretsmanager_secret.database.arn
  block_public_policy = true
  policy              = data.aws_iam_policy_document.account.json
}

data "aws_iam_policy_document" "account" {
  statement {
    sid       = "TheAccountReads"
    actions   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}

# A value that Keyturn makes up: nobody sees it, and the state does not have it.
ephemeral "aws_secretsmanager_random_password" "session" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "session" {
  name                    = "${var.prefix}/session-key"
  kms_key_id              = aws_kms_alias.secrets.name
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "session" {
  secret_id                = aws_secretsmanager_secret.session.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.session.random_password
  secret_string_wo_version = 1
}

# A value that is no secret to the state: settings that programs read from one place.
resource "aws_secretsmanager_secret" "settings" {
  name                    = "${var.prefix}/settings"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "settings" {
  secret_id      = aws_secretsmanager_secret.settings.id
  secret_string  = jsonencode({ description = var.description })
  version_stages = ["AWSCURRENT", "settings"]
}
