# What programs of others would read.
data "aws_secretsmanager_secret" "settings" {
  name       = aws_secretsmanager_secret.settings.name
  depends_on = [aws_secretsmanager_secret_version.settings]
}

data "aws_secretsmanager_secret_version" "settings" {
  secret_id  = aws_secretsmanager_secret_version.settings.secret_id
  version_id = aws_secretsmanager_secret_version.settings.version_id
}

data "aws_secretsmanager_secrets" "all" {
  filter {
    name   = "name"
    values = ["${var.prefix}/"]
  }
  depends_on = [aws_secretsmanager_secret.database, aws_secretsmanager_secret.session, aws_secretsmanager_secret.settings]
}

data "aws_kms_alias" "secrets" {
  name       = aws_kms_alias.secrets.name
  depends_on = [aws_kms_alias.secrets]
}

data "aws_kms_key" "default" {
  key_id     = "alias/aws/secretsmanager"
  depends_on = [aws_secretsmanager_secret_version.settings]
}
