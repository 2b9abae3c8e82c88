output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "key" {
  value = data.aws_kms_alias.secrets.target_key_arn
}

output "default_key_manager" {
  value = data.aws_kms_key.default.key_manager
}

output "secrets" {
  value = sort(data.aws_secretsmanager_secrets.all.names)
}

output "settings" {
  value     = data.aws_secretsmanager_secret_version.settings.secret_string
  sensitive = true
}
